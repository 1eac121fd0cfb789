"""Ask a member or volunteer to stand by somebody; they say yes or no themselves."""

from flask_babel import gettext as _
from sqlmodel import Session

from webapp.branches.queries.members import members
from webapp.core import audit
from webapp.core.access import Actor
from webapp.core.errors import BadField, NotFound
from webapp.ventures.lifecycle import (
    MentorState,
)
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.services.transitions import (
    kept_case,
    lock_case,
    refuse_over,
    tell,
    tell_account,
)


def ask_mentor(session: Session, actor: Actor, *, case_id: int, account_id: int) -> VentureCase:
    """Ask a member or volunteer to stand by somebody; they say yes or no themselves."""
    case, _resident = kept_case(session, actor, case_id)
    refuse_over(case)
    if account_id not in {member.account_id for member in members(session)}:
        raise BadField("mentor", _("请从各支部的人里选"))
    if case.mentor_id == account_id and case.mentor_state is not MentorState.DECLINED:
        return case
    case.mentor_id, case.mentor_state = account_id, MentorState.ASKED
    session.add(case)
    session.flush()
    audit.record(session, "venture_case.ask_mentor", case, member=account_id)
    tell_account(session, account_id, case, f"mentor:{account_id}")
    return case


def answer_as_mentor(session: Session, actor: Actor, *, case_id: int, yes: bool) -> VentureCase:
    """Say whether one stands by the person one was asked for; nobody answers for another."""
    case, _resident = lock_case(session, case_id)
    if case.mentor_id is None or case.mentor_id != actor.account_id:
        raise NotFound
    target = MentorState.AGREED if yes else MentorState.DECLINED
    if case.mentor_state is target:
        return case
    case.mentor_state = target
    session.add(case)
    session.flush()
    audit.record(session, "venture_case.mentor_answer", case, yes=yes)
    tell(session, case, f"mentor:{target.value}:{case.mentor_id}")
    return case
