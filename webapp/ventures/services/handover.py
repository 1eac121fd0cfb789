"""The people a member stands by as mentor: counted, and handed over when they leave."""

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core.access import Actor
from webapp.events import MemberDutiesAsked, MemberLeaves
from webapp.ventures.lifecycle import CARED_FOR, MentorState
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.services.transitions import lock_case, tell_account


def name_duties(session: Session, actor: Actor, event: MemberDutiesAsked) -> None:
    """Add by how many people a member stands as mentor, or was asked to."""
    event.add(_("带的创业个案"), len(_cases(session, event.account_id)))


def take_over(session: Session, actor: Actor, event: MemberLeaves) -> int:
    """Ask the successor to stand by them: yes or no they say themselves; return how many."""
    found = _cases(session, event.account_id)
    for case_id in found:
        case, _resident = lock_case(session, case_id)
        case.mentor_id, case.mentor_state = event.successor_id, MentorState.ASKED
        session.add(case)
        tell_account(session, event.successor_id, case, f"mentor:{event.successor_id}")
    session.flush()
    return len(found)


def _cases(session: Session, account_id: int) -> list[int]:
    return list(
        session.exec(
            select(VentureCase.id)
            .where(
                VentureCase.mentor_id == account_id,
                VentureCase.mentor_state != MentorState.DECLINED,
                col(VentureCase.state).in_(CARED_FOR),
            )
            .order_by(col(VentureCase.id))
        )
    )
