"""/rights/income/: what some work does to a household's money, beside staying as is.

As in the checker, what is told is answered with a page and kept nowhere. Employers don't get in.
"""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.openings import policy as openings
from webapp.rights import income_figures, income_offers, income_words, queries
from webapp.rights.blueprint import bp
from webapp.rights.forms.income import OF_ALLOWANCE, IncomeForm
from webapp.rights.income_offers import Offer
from webapp.rights.income_path import missing, reckon
from webapp.rights.lifecycle import CounterCode


@bp.route("/rights/income/", methods=["GET", "POST"])
@requires(Permission.INCOME_PATH)
def income_of_own() -> ResponseReturnValue:
    """A plan of one's own: a stall, a job found elsewhere."""
    return _page(income_offers.own_plan())


@bp.route("/rights/income/<id:opening_id>", methods=["GET", "POST"])
@requires(Permission.INCOME_PATH)
def income(opening_id: int) -> ResponseReturnValue:
    """An opening: job, piecework, stall."""
    return _page(income_offers.of_opening(reader(), opening_id))


@bp.post("/rights/income/slip")
@requires(Permission.INCOME_PATH)
def income_slip_of_own() -> ResponseReturnValue:
    """The paper for the counter, of a plan of one's own."""
    return _page(income_offers.own_plan(), paper=True)


@bp.post("/rights/income/<id:opening_id>/slip")
@requires(Permission.INCOME_PATH)
def income_slip(opening_id: int) -> ResponseReturnValue:
    """The paper for the counter, of an opening."""
    return _page(income_offers.of_opening(reader(), opening_id), paper=True)


def _page(offer: Offer, *, paper: bool = False) -> ResponseReturnValue:
    figures = income_figures.confirmed()
    known = not missing(figures, hard_spending=False)
    form = IncomeForm()
    form.fit(offer, allowance_known=known)
    back = _back(offer)
    if not form.validate_on_submit():
        page = render_template(
            "rights/income.html",
            form=form,
            offer=offer,
            back=back,
            known=known,
            main=[one for one in form if one.name not in {*OF_ALLOWANCE, "csrf_token"}],
            of_allowance=[form[name] for name in OF_ALLOWANCE if name in form],
        )
        return page, 400 if form.is_submitted() else 200
    work, household = form.work(offer), form.household
    path = reckon(household, work, figures)
    slip = (
        url_for("rights.income_slip", opening_id=offer.opening.id)
        if offer.opening
        else url_for("rights.income_slip_of_own")
    )
    return render_template(
        "rights/income_slip.html" if paper else "rights/income_path.html",
        offer=offer,
        path=path,
        work=work,
        holes=path.holes,
        headline=income_words.headline(path),
        picture=income_words.picture(path, work),
        table=income_words.table(path, work),
        months=income_words.table(path, work, whole=True),
        words=income_words.amount_words,
        pay_source=income_offers.source_words(offer, work.pay),
        allowance=[queries.figure_line(name) for name in income_figures.FIGURES.values()],
        swing=queries.figure_line("income_path_pay_swing"),
        counter=queries.counters(reader())[CounterCode.CIVIL],
        stay=path.stay,
        stay_allowance=path.stay_allowance,
        on_allowance=household.on_allowance,
        back=back,
        back_href=back,
        again=url_for("rights.income", opening_id=offer.opening.id)
        if offer.opening
        else url_for("rights.income_of_own"),
        slip=slip,
        tapped=form.tapped,
    )


def _back(offer: Offer) -> str:
    if offer.opening is not None and openings.is_open(offer.opening, on=clock.today()):
        return url_for("openings.show", opening_id=offer.opening.id)
    return url_for("home.staff" if current_actor().is_staff else "home.resident")
