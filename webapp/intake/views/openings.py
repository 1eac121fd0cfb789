"""A recruitment message pasted by an employer or staff: what was read, and drafts made of it."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import errors
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.formfields import EmptyForm
from webapp.core.posting import write_and_redirect
from webapp.employers.queries import verified_names
from webapp.intake.blueprint import bp
from webapp.intake.forms import DraftsForm, TextForm
from webapp.intake.models import PastedKind
from webapp.intake.readings import facts
from webapp.intake.readings.openings import employer_of, read_drafts
from webapp.intake.services import drafts as services
from webapp.intake.services import texts
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening, OpeningSource
from webapp.rulebook import lint


@dataclass(frozen=True)
class Side:
    """The views of one side: an employer's own, or staff's."""

    by_staff: bool
    paste: str
    review: str
    discard: str
    list: str
    edit: str


OWN = Side(
    by_staff=False,
    paste="intake.paste",
    review="intake.review",
    discard="intake.discard",
    list="openings.mine",
    edit="openings.edit",
)
STAFF = Side(
    by_staff=True,
    paste="intake.staff_paste",
    review="intake.staff_review",
    discard="intake.staff_discard",
    list="openings.review_list",
    edit="openings.staff_edit",
)


@bp.route("/employer/openings/paste", methods=["GET", "POST"])
@requires(Permission.OPENING_SUBMIT)
def paste() -> ResponseReturnValue:
    """Paste a message about jobs of one's own."""
    return _paste(OWN)


@bp.route("/staff/openings/paste", methods=["GET", "POST"])
@requires(Permission.OPENING_REVIEW)
def staff_paste() -> ResponseReturnValue:
    """Paste a message about jobs of anybody's."""
    return _paste(STAFF)


@bp.route("/employer/openings/paste/<id:pasted_id>", methods=["GET", "POST"])
@requires(Permission.OPENING_SUBMIT)
def review(pasted_id: int) -> ResponseReturnValue:
    """What was read out of one's message; the ticked jobs become drafts."""
    return _review(OWN, pasted_id)


@bp.route("/staff/openings/paste/<id:pasted_id>", methods=["GET", "POST"])
@requires(Permission.OPENING_REVIEW)
def staff_review(pasted_id: int) -> ResponseReturnValue:
    """What was read out of a message; the ticked jobs become drafts."""
    return _review(STAFF, pasted_id)


@bp.post("/employer/openings/paste/<id:pasted_id>/discard")
@requires(Permission.OPENING_SUBMIT)
def discard(pasted_id: int) -> ResponseReturnValue:
    """Throw the text away."""
    return _discard(OWN, pasted_id)


@bp.post("/staff/openings/paste/<id:pasted_id>/discard")
@requires(Permission.OPENING_REVIEW)
def staff_discard(pasted_id: int) -> ResponseReturnValue:
    """Throw the text away."""
    return _discard(STAFF, pasted_id)


def _paste(side: Side) -> ResponseReturnValue:
    form = TextForm()
    form.text.label.text = _("招工的话")
    if form.validate_on_submit():
        if read_drafts(form.text.data):
            return write_and_redirect(
                texts.keep_text,
                "",
                lambda pasted: url_for(side.review, pasted_id=pasted.id),
                kind=PastedKind.OPENINGS,
                text=form.text.data,
                idempotency_key=form.own_key,
            )
        form.text.errors = [_("没读出招什么人。写上招什么、要几个、多少钱，再试一次")]
    page = render_template("intake/paste_openings.html", form=form, back=url_for(side.list))
    return page, 400 if form.is_submitted() else 200


def _review(side: Side, pasted_id: int) -> ResponseReturnValue:
    actor = current_actor()
    pasted = texts.get_pasted(reader(), actor, pasted_id, PastedKind.OPENINGS)
    drafts = read_drafts(pasted.text)
    names = verified_names(reader()) if side.by_staff else []
    said = employer_of(pasted.text)
    # A registered name is known by itself, whatever was read as the employer; the longest is meant.
    known = max((name for name in names if name in pasted.text), key=len, default="")
    form = DraftsForm(drafts, by_staff=side.by_staff, data={"employer": known})
    if form.validate_on_submit():
        chosen = [draft for draft in drafts if draft.key in (form.jobs.data or [])]
        try:
            with get_db().transaction(actor) as session:
                made = services.make_drafts(
                    session,
                    actor,
                    pasted_id=pasted_id,
                    drafts=chosen,
                    employer_name=form.employer.data or "" if side.by_staff else "",
                )
        except errors.BadField as error:
            form[error.field].errors = [error.message]
        else:
            return _made(side, made)
    page = render_template(
        "intake/review_openings.html",
        form=form,
        drafts=drafts,
        doubts=sum(draft.doubts for draft in drafts),
        text=facts.mark(pasted.text, [one for draft in drafts for one in draft.facts]),
        found=lint.check([pasted.text]),
        names=names,
        said=said,
        known=known,
        discard=url_for(side.discard, pasted_id=pasted_id),
        back=url_for(side.paste),
    )
    return page, 400 if form.is_submitted() else 200


def _made(side: Side, made: list[Opening]) -> ResponseReturnValue:
    """Go on to the one draft's form, or to the list where several stand."""
    if len(made) == 1:
        flash(_("存成草稿了，还没有发布。把没读到的补齐。"), "success")
        return redirect(url_for(side.edit, opening_id=made[0].id), 303)
    flash(
        _("%(n)d 条存成草稿了，都还没有发布。一条一条点开，把没读到的补齐。", n=len(made)),
        "success",
    )
    if side.by_staff:
        state, source = OpeningState.DRAFT.value, OpeningSource.PASTED.value
        return redirect(url_for(side.list, state=state, source=source), 303)
    return redirect(url_for(side.list), 303)


def _discard(side: Side, pasted_id: int) -> ResponseReturnValue:
    if not EmptyForm().validate_on_submit():
        return redirect(url_for(side.review, pasted_id=pasted_id), 303)
    return write_and_redirect(
        texts.discard_text,
        _("那段话删掉了。"),
        url_for(side.list),
        pasted_id=pasted_id,
        kind=PastedKind.OPENINGS,
    )
