"""Review: what was handed in, one opening with all that stands in its way, the decision."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import case
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from webapp.accounts.models import Account
from webapp.core import clock, errors
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.formfields import as_choices
from webapp.core.labels import labels_of
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer
from webapp.openings import own_pages, presentation
from webapp.openings.blueprint import bp
from webapp.openings.forms import (
    AnswerExceptionForm,
    AskExceptionForm,
    CloseForm,
    ReturnForm,
    ReviewForm,
)
from webapp.openings.lifecycle import TRANSITIONS, OpeningAction, OpeningState
from webapp.openings.models import Opening, OpeningSource
from webapp.openings.services import editing, exceptions, review, wording
from webapp.openings.views.sharing import text_for_groups
from webapp.rulebook import grounds, lint
from webapp.rulebook.models import ExceptionGround

_LONGEST_QUERY = 80


@bp.get("/staff/openings/")
@requires(Permission.OPENING_REVIEW)
def review_list() -> str:
    """All openings: what waits for review first, the longest waiting on top."""
    waiting = col(Opening.state) == OpeningState.SUBMITTED
    statement: Any = (
        select_columns(
            col(Opening.id),
            col(Opening.title),
            col(Opening.kind),
            col(Opening.state),
            col(Opening.source),
            col(Opening.updated_at),
            col(Opening.valid_until),
            col(Employer.name).label("employer"),
        )
        .outerjoin(Employer, col(Employer.id) == col(Opening.employer_id))
        .order_by(
            case((waiting, 0), else_=1),
            case((waiting, col(Opening.updated_at))),
            col(Opening.updated_at).desc(),
            col(Opening.id).desc(),
        )
    )
    chosen = {}
    columns = {"state": Opening.state, "kind": Opening.kind, "source": Opening.source}
    for name, words in (("state", OpeningState), ("kind", Kind), ("source", OpeningSource)):
        value = request.args.get(name, "")
        if value in set(words):
            chosen[name] = value
            statement = statement.where(col(columns[name]) == words(value))
    q = request.args.get("q", "").strip()[:_LONGEST_QUERY]
    if q:
        in_employer = col(Employer.name).contains(q, autoescape=True)
        statement = statement.where(col(Opening.title).contains(q, autoescape=True) | in_employer)
    return render_template(
        "openings/review_list.html",
        page=paginate(reader(), statement),
        chosen=chosen,
        q=q,
        groups=[
            ("state", _("状态"), labels_of(OpeningState)),
            ("kind", _("种类"), labels_of(Kind)),
            ("source", _("来源"), labels_of(OpeningSource)),
        ],
    )


@bp.get("/staff/openings/<id:opening_id>")
@requires(Permission.OPENING_REVIEW)
def review_page(opening_id: int) -> ResponseReturnValue:
    """One opening with what it lacks and what was found in its words."""
    opening = editing.get_opening(reader(), current_actor(), opening_id)
    kept = own_pages.kept(reader(), current_actor(), opening)
    return redirect(kept) if kept else page_of(opening_id)


@bp.post("/staff/openings/<id:opening_id>/submit")
@requires(Permission.OPENING_REVIEW)
def staff_submit(opening_id: int) -> ResponseReturnValue:
    """Put a draft (or a returned or expired opening) under review."""
    actor = current_actor()
    if CloseForm().validate_on_submit():
        try:
            with get_db().transaction(actor) as session:
                editing.submit_opening(session, actor, opening_id=opening_id)
        except errors.Incomplete as error:
            return page_of(opening_id, refused=error.faults), 400
        flash(_("已放进审核，再看一遍就可以发布"), "success")
    return redirect(url_for("openings.review_page", opening_id=opening_id), 303)


@bp.post("/staff/openings/<id:opening_id>/publish")
@requires(Permission.OPENING_REVIEW)
def publish(opening_id: int) -> ResponseReturnValue:
    """Publish what the reviewer saw."""
    actor = current_actor()
    form = ReviewForm()
    if form.validate_on_submit():
        try:
            with get_db().transaction(actor) as session:
                review.publish_opening(
                    session,
                    actor,
                    opening_id=opening_id,
                    seen=_moment(form.version.data),
                    note=form.note.data or "",
                )
        except errors.Incomplete as error:
            return page_of(opening_id, form=form, refused=error.faults), 400
        except errors.BadField as error:
            form.note.errors = [error.message]
        else:
            flash(_("已发布，正在给居民找合适的人，几分钟后能看到推荐"), "success")
            return redirect(url_for("openings.review_page", opening_id=opening_id), 303)
    return page_of(opening_id, form=form), 400


@bp.post("/staff/openings/<id:opening_id>/return")
@requires(Permission.OPENING_REVIEW)
def send_back(opening_id: int) -> ResponseReturnValue:
    """Send an opening back to its writer, or take a published one down."""
    form = ReturnForm()
    if not form.validate_on_submit():
        return page_of(opening_id, return_form=form), 400
    return write_and_redirect(
        review.return_opening,
        _("已退回，单位登录后能看到原因"),
        url_for("openings.review_page", opening_id=opening_id),
        opening_id=opening_id,
        reason=form.reason.data,
    )


def page_of(
    opening_id: int,
    *,
    form: ReviewForm | None = None,
    return_form: ReturnForm | None = None,
    ask_form: AskExceptionForm | None = None,
    answer_form: AnswerExceptionForm | None = None,
    refused: list[errors.Fault] | None = None,
) -> str:
    """Return the page of one opening under review, with the form that was filled in wrongly."""
    opening = editing.get_opening(reader(), current_actor(), opening_id)
    employer = reader().get(Employer, opening.employer_id) if opening.employer_id else None
    reviewer = reader().get(Account, opening.reviewed_by_id) if opening.reviewed_by_id else None
    form = form or ReviewForm(formdata=None)
    form.version.data = opening.updated_at.isoformat()
    found = wording.findings(reader(), opening)
    if opening.state is OpeningState.SUBMITTED:
        available = exceptions.available_grounds(reader(), opening)
    else:
        available = []
    ask_form = ask_form or AskExceptionForm(formdata=None)
    ask_form.ground.choices = as_choices(
        [
            ("", _("请选一条")),
            *((ground.id, f"{ground.words}（{ground.source}）") for ground in available),
        ]
    )
    can = {action for (state, action) in TRANSITIONS if state is opening.state}
    return render_template(
        "openings/review.html",
        opening=opening,
        employer=employer,
        reviewer=reviewer,
        facts=presentation.facts(opening, employer.name if employer else ""),
        faults=refused or review.publishing_faults(reader(), opening),
        findings=found,
        needs_note=not all(one.blocks for one in found),
        liftable=grounds.codes(reader(), on=clock.today()),
        grounds=available,
        exceptions=_exceptions(opening),
        ask_form=ask_form,
        answer_form=answer_form or AnswerExceptionForm(formdata=None),
        mark=lint.mark,
        form=form,
        return_form=return_form or ReturnForm(formdata=None),
        can_publish=OpeningAction.PUBLISH in can,
        can_return=OpeningAction.RETURN in can,
        can_submit=OpeningAction.SUBMIT in can and opening.state is not OpeningState.PUBLISHED,
        can_close=OpeningAction.CLOSE in can,
        share_text=text_for_groups(opening, employer.name if employer else ""),
    )


def _exceptions(opening: Opening) -> list[dict[str, Any]]:
    """Return what was asked for the words as they stand, with who asked and who may answer."""
    asked = exceptions.exceptions_of(reader(), opening)
    ids = {one.ground_id for one in asked}
    ground = {
        one.id: one
        for one in reader().exec(select(ExceptionGround).where(col(ExceptionGround.id).in_(ids)))
    }
    people = {id_ for one in asked for id_ in (one.asked_by_id, one.answered_by_id)}
    names = dict(
        reader().exec(select(Account.id, Account.name).where(col(Account.id).in_(people))).all()
    )
    open_ = opening.state is OpeningState.SUBMITTED
    return [
        {
            "id": one.id,
            "words": ground[one.ground_id].words,
            "source": ground[one.ground_id].source,
            "why": one.why,
            "asked_by": names.get(one.asked_by_id, ""),
            "asked_at": one.asked_at,
            "answer": one.answer,
            "answered_by": names.get(one.answered_by_id or 0, ""),
            "answer_note": one.answer_note,
            "waits": open_ and one.answer is None,
            "own": one.asked_by_id == current_actor().account_id,
        }
        for one in asked
    ]


def _moment(text: str | None) -> datetime:
    """Return the moment in a hidden field; one long gone for nonsense, which fits no row."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return datetime.min  # noqa: DTZ901 - compared for equality alone
    return moment
