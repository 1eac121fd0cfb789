"""/admin/rules/, /admin/wording-rules/ and /admin/danger-words/: what law and house say, dated."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import col, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.core.formatting import date_words
from webapp.core.posting import write_and_redirect
from webapp.rulebook import danger, lint, policy, presentation, reviews, service
from webapp.rulebook.figures import holes, units
from webapp.rulebook.forms import DangerForm, EndForm, FigureForm, StillHoldsForm, WordingForm
from webapp.rulebook.groups import grouped
from webapp.rulebook.models import (
    DangerCode,
    DangerWord,
    RuleFigure,
    Severity,
    WordingCode,
    WordingRule,
)

bp = Blueprint("rulebook", __name__)
_LONGEST_TRIAL = 500


@bp.get("/admin/rules/")
@requires(Permission.RULE_WRITE)
def figures() -> str:
    """What is to be done first: figures to look at again, then those nobody has set, else a list.

    ``?show=`` chooses, ``?name=`` shows one alone: what holds, what is coming, what held before.
    """
    today = clock.today()
    looks = reviews.looks(reader(), today)
    due = {name for name, look in looks.items() if look.due_on <= today}
    unset = set(reviews.unset(today))
    law = {name for name in units() if reviews.cycle(name)}
    views = {"due": due, "unset": unset, "law": law, "own": units().keys() - law}
    name = request.args.get("name", "")
    show = request.args.get("show", "")
    if name and name not in units():
        raise NotFound
    if show not in views:
        show = "due" if due else "unset" if unset else "law"
    chosen = {name} if name else views[show]
    return render_template(
        "rulebook/figures.html",
        groups=grouped(chosen, today),
        counts={key: len(names) for key, names in views.items()},
        show="" if name else show,
        only=name,
        due=due,
        why_missing={hole.name: hole.why for hole in holes()},
        today=today,
        confirmed_by=_confirmed_by(),
        looks=looks,
        value_words=presentation.value_words,
    )


def _confirmed_by() -> dict[int, str]:
    return dict(
        reader()
        .exec(
            select(RuleFigure.id, Account.name).join(
                Account, col(Account.id) == RuleFigure.confirmed_by_id
            )
        )
        .all()
    )


@bp.route("/admin/rules/<string(maxlength=40):name>/new", methods=["GET", "POST"])
@requires(Permission.RULE_WRITE)
def new_figure(name: str) -> ResponseReturnValue:
    """Write what a figure is from a day on."""
    unit = units().get(name)
    if unit is None:
        raise NotFound
    form = FigureForm(unit)
    if form.validate_on_submit():
        try:
            with get_db().transaction(current_actor()) as session:
                service.add_figure(
                    session,
                    current_actor(),
                    name=name,
                    value=form.stored,
                    since=form.since.data,
                    source=form.source.data,
                )
        except Conflict as error:
            form.value.errors = [error.message]
        else:
            flash(_("记下了，%(day)s起照这个算", day=date_words(form.since.data)), "success")
            return redirect(url_for("rulebook.figures", name=name), 303)
    page = render_template(
        "rulebook/new_figure.html",
        form=form,
        title=presentation.name_words(name),
        unit=presentation.unit_words(unit),
    )
    return page, 400 if form.is_submitted() else 200


@bp.post("/admin/rules/<id:figure_id>/confirm")
@requires(Permission.RULE_WRITE)
def confirm_figure(figure_id: int) -> ResponseReturnValue:
    """Note that a shipped figure has been compared with its source."""
    return write_and_redirect(
        service.confirm_figure,
        _("记下了：您已照文件核对过"),
        url_for("rulebook.figures"),
        figure_id=figure_id,
    )


@bp.route("/admin/rules/<id:figure_id>/still", methods=["GET", "POST"])
@requires(Permission.RULE_WRITE)
def still_holds(figure_id: int) -> ResponseReturnValue:
    """Note that a figure of law was looked up and still holds."""
    figure = reviews.get_figure(reader(), figure_id)
    today = clock.today()
    form = StillHoldsForm(
        data={
            "day": today,
            "source": figure.source,
            "next_on": reviews.next_look(figure.name, today),
        }
    )
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                reviews.note_still_holds,
                _("记下了：仍然有效"),
                url_for("rulebook.figures"),
                figure_id=figure_id,
                day=form.day.data,
                source=form.source.data,
                next_on=form.next_on.data,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    page = render_template(
        "rulebook/still_holds.html",
        form=form,
        title=presentation.name_words(figure.name),
        value=presentation.value_words(figure.value, figure.unit),
        figure=figure,
    )
    return page, 400 if form.is_submitted() else 200


@bp.get("/admin/wording-rules/")
@requires(Permission.RULE_WRITE)
def wordings() -> str:
    """What openings are checked for, by kind; with a box to try a text."""
    trial = request.args.get("text", "").strip()[:_LONGEST_TRIAL]
    rows = reader().exec(select(WordingRule).order_by(col(WordingRule.id))).all()
    groups = []
    for code in WordingCode:
        own = [row for row in rows if row.code is code]
        groups.append(
            (code, [row for row in own if row.until is None], [row for row in own if row.until])
        )
    return render_template(
        "rulebook/wordings.html",
        groups=groups,
        can_end=lambda row: policy.can_end(current_actor(), row),
        trial=trial,
        found=lint.check([trial]) if trial else [],
    )


@bp.route("/admin/wording-rules/new", methods=["GET", "POST"])
@requires(Permission.RULE_WRITE)
def new_wording() -> ResponseReturnValue:
    """Add phrases to look for."""
    form = WordingForm()
    if form.validate_on_submit():
        try:
            with get_db().transaction(current_actor()) as session:
                service.add_wording(
                    session,
                    current_actor(),
                    phrases=form.phrases.data,
                    code=WordingCode(form.code.data),
                    severity=Severity(form.severity.data),
                    says=form.says.data,
                    source=form.source.data,
                )
        except Conflict as error:
            form.phrases.errors = [error.message]
        else:
            flash(_("加好了，以后审核招聘时会标出来"), "success")
            return redirect(url_for("rulebook.wordings"), 303)
    page = render_template("rulebook/new_wording.html", form=form)
    return page, 400 if form.is_submitted() else 200


@bp.route("/admin/wording-rules/<id:wording_id>/end", methods=["GET", "POST"])
@requires(Permission.RULE_WRITE)
def end_wording(wording_id: int) -> ResponseReturnValue:
    """Ask once, then stop looking for a rule's phrases."""
    row = service.get_wording(reader(), wording_id)
    form = EndForm()
    if form.validate_on_submit():
        return write_and_redirect(
            service.end_wording,
            _("停了，以后不再查这一条"),
            url_for("rulebook.wordings"),
            wording_id=wording_id,
        )
    if not policy.can_end(current_actor(), row):
        raise NotFound
    return render_template("rulebook/end_wording.html", row=row)


@bp.get("/admin/danger-words/")
@requires(Permission.RULE_WRITE)
def dangers() -> str:
    """The words of dangerous goods that orders are checked for; with a box to try a text."""
    trial = request.args.get("text", "").strip()[:_LONGEST_TRIAL]
    rows = reader().exec(select(DangerWord).order_by(col(DangerWord.id))).all()
    groups = []
    for code in DangerCode:
        own = [row for row in rows if row.code is code]
        groups.append(
            (code, [row for row in own if row.until is None], [row for row in own if row.until])
        )
    return render_template(
        "rulebook/dangers.html",
        groups=groups,
        can_end=lambda row: policy.can_end_danger(current_actor(), row),
        trial=trial,
        found=danger.find(trial),
    )


@bp.route("/admin/danger-words/new", methods=["GET", "POST"])
@requires(Permission.RULE_WRITE)
def new_danger() -> ResponseReturnValue:
    """Add a word to look for."""
    form = DangerForm()
    if form.validate_on_submit():
        try:
            with get_db().transaction(current_actor()) as session:
                service.add_danger(
                    session,
                    current_actor(),
                    word=form.word.data,
                    code=DangerCode(form.code.data),
                    source=form.source.data,
                )
        except Conflict as error:
            form.word.errors = [error.message]
        else:
            flash(_("加好了，以后手工订单里有这个词就标出来"), "success")
            return redirect(url_for("rulebook.dangers"), 303)
    page = render_template("rulebook/new_danger.html", form=form)
    return page, 400 if form.is_submitted() else 200


@bp.route("/admin/danger-words/<id:danger_id>/end", methods=["GET", "POST"])
@requires(Permission.RULE_WRITE)
def end_danger(danger_id: int) -> ResponseReturnValue:
    """Ask once, then stop looking for a word."""
    row = service.get_danger(reader(), danger_id)
    form = EndForm()
    if form.validate_on_submit():
        return write_and_redirect(
            service.end_danger,
            _("停了，以后不再查这个词"),
            url_for("rulebook.dangers"),
            danger_id=danger_id,
        )
    if not policy.can_end_danger(current_actor(), row):
        raise NotFound
    return render_template("rulebook/end_danger.html", row=row)
