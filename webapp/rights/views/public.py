"""/rights/: what somebody may be entitled to. Answers are shown on the spot and kept nowhere.

So a post is answered with a page and not with a redirect: nothing told here stands in an address, a
cookie, a log, the audit trail or a table, and the browser is told to keep no copy.
"""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.core.access import Permission, current_actor, public, requires
from webapp.core.db import reader
from webapp.core.formfields import EmptyForm
from webapp.rights import known_facts, presentation, queries
from webapp.rights.blueprint import bp
from webapp.rights.forms.checker import CheckerForm, prefilled
from webapp.rights.questions import DEFAULTS, OF_BUSINESS, QUESTIONS, facts_from


@bp.get("/rights/")
@public
def index() -> str:
    """The questions, and what there is for whom only wants to read."""
    return questions_page(CheckerForm())


@bp.post("/rights/")
@public
def answers() -> ResponseReturnValue:
    """What the taps come to."""
    form = CheckerForm()
    if not form.validate_on_submit():
        return questions_page(form), 400
    told = presentation.told(reader(), facts_from(form.answers, form.family.data or []))
    return render_template("rights/answers.html", told=told, tapped=form.tapped)


@bp.post("/rights/slip")
@public
def slip() -> ResponseReturnValue:
    """The paper to take to the counters; it carries no name and none of the answers."""
    form = CheckerForm()
    if not form.validate_on_submit():
        return questions_page(form), 400
    told = presentation.told(reader(), facts_from(form.answers, form.family.data or []))
    along = presentation.to_take_along(told)
    return render_template(
        "rights/slip.html",
        told=along,
        counters=queries.counters_of(one.view for one in along),
        back_href=url_for("rights.index"),
    )


@bp.post("/rights/known")
@requires(Permission.RESIDENT_SELF)
def known() -> ResponseReturnValue:
    """Fill in what one's own file says already, because the person asked for it this once."""
    form = CheckerForm(formdata=None)
    if EmptyForm().validate_on_submit():
        prefilled(form, known_facts.answers_of(reader(), current_actor()))
    return questions_page(form, filled=True)


def questions_page(form: CheckerForm, *, filled: bool = False) -> str:
    """Return the page of questions; ``filled`` when a file has answered some of them."""
    actor = current_actor()
    return render_template(
        "rights/index.html",
        form=form,
        questions=[form[one.name] for one in QUESTIONS],
        of_business=[form[one.name] for one in OF_BUSINESS],
        views=[view for view in queries.views(reader()) if not view.gone],
        business_open=any(
            form[one.name].errors or (form[one.name].data or None) != DEFAULTS.get(one.name)
            for one in OF_BUSINESS
        ),
        filled=filled,
        may_fill=actor.resident_id is not None and not filled,
    )
