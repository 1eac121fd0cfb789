"""The one way a match moves on, and how matches and what they join are fetched."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select, update

from webapp import audit, clock
from webapp.access import Actor
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.errors import Conflict, NotFound
from webapp.matches.lifecycle import MatchAction, MatchState, after
from webapp.matches.models import Match, MatchEvent
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Resident


def moved_on(state: MatchState) -> Conflict:
    """Return the refusal of a step that the match's present state does not allow."""
    from webapp.words import label

    return Conflict(
        _("这条推荐现在是「%(state)s」，不能再做这一步。请看看最新情况。", state=label(state))
    )


def take_step(
    session: Session,
    actor: Actor,
    match: Match,
    action: MatchAction,
    *,
    code: str = "",
    reason: str = "",
    shown: dict[str, Any] | None = None,
    on_behalf: bool = False,
    audited: bool = True,
    **changes: Any,
) -> Match:
    """Move ``match`` by ``action`` with ``changes`` to its columns; note who, when and why.

    ``shown`` keeps what the person who decides had before them; ``on_behalf`` marks what
    staff record for somebody else. ``audited=False`` is for steps that one audit entry of
    the caller covers together. Raises :class:`Conflict` when the state does not allow it or
    somebody else was first.
    """
    before = match.state
    target = after(before, action, match.previous_state)
    if target is None:
        raise moved_on(before)
    step = (
        update(Match)
        .where(col(Match.id) == match.id, col(Match.state) == before)
        .values(state=target, since=clock.now(), **changes)
        .execution_options(synchronize_session=False)
    )
    if session.exec(step).rowcount != 1:
        raise Conflict(_("刚才已经有人处理了这条推荐，请看看最新情况。"))
    session.add(
        MatchEvent(
            match_id=match.id,
            at=clock.now(),
            account_id=actor.account_id,
            action=action.value,
            from_state=before.value,
            to_state=target.value,
            code=code,
            reason=reason,
            shown=shown,
        )
    )
    session.flush()
    if audited:
        details = {"on_behalf": True} if on_behalf else {}
        audit.record(
            session, f"match.{action.value}", match, before=before.value, after=target, **details
        )
    session.refresh(match)
    return match


def get_opening(session: Session, match: Match) -> Opening:
    """Return the opening of a match."""
    return session.exec(select(Opening).where(Opening.id == match.opening_id)).one()


def lock_resident(session: Session, resident_id: int) -> Resident:
    """Return the resident, kept from other writers until the end of the transaction.

    Everything that touches more than one match locks in one order: resident, opening,
    matches by id. So two at once wait for each other and never in a circle.
    """
    query = select(Resident).where(Resident.id == resident_id).with_for_update(key_share=True)
    resident = session.exec(query.execution_options(populate_existing=True)).first()
    if resident is None:
        raise NotFound
    return resident


def is_open_to_matches() -> ColumnElement[bool]:
    """Return the condition that an opening can take people today.

    It needs the employer outer-joined: no employer at all, or a verified one.
    """
    return and_(
        col(Opening.state) == OpeningState.PUBLISHED,
        col(Opening.valid_until) >= clock.today(),
        col(Opening.hired_count) < col(Opening.headcount),
        or_(col(Opening.employer_id).is_(None), col(Employer.state) == EmployerState.VERIFIED),
    )


def takes_people(session: Session, opening_id: int) -> bool:
    """Return whether the opening can take people today."""
    query = (
        select(Opening.id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(Opening.id == opening_id, is_open_to_matches())
    )
    return session.exec(query).first() is not None
