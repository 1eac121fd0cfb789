"""Use cases around an employer's papers: verify, refuse, suspend, lapse, close, forget."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, delete, select, update

from webapp import events
from webapp.accounts import service as accounts
from webapp.accounts.models import Account
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.employers import policy
from webapp.employers.lifecycle import TRANSITIONS, EmployerAction, EmployerState
from webapp.employers.models import Employer, EmployerCheck, EmployerMember
from webapp.employers.queries import runs_out
from webapp.employers.services import members
from webapp.employers.services.registration import change
from webapp.engine.suggestion_requests import request_suggestions
from webapp.rulebook.figures import rule


@dataclass(frozen=True)
class Papers:
    """What staff have seen with their own eyes; ``None`` for papers without an end.

    The agent's identity card was compared with ``agent_name``; its number is not kept.
    """

    licence_number: str
    licence_until: date | None
    agent_name: str
    authorised_until: date | None


def verify_employer(
    session: Session, actor: Actor, *, employer_id: int, revision: int, papers: Papers
) -> Employer:
    """Note that the actor has seen the ``papers`` today; openings may be published from now on.

    ``revision`` is that of the file on the actor's page: when somebody else has decided or the
    employer has changed its file meanwhile, ``Conflict``. What was paused is shown again.
    """
    employer = _for_staff(session, actor, employer_id)
    if employer.revision != revision:
        raise Conflict(_("刚才有人办过这家单位，或者单位改了资料，请刷新后再看"))
    back = employer.state is EmployerState.LAPSED
    seen: dict[str, Any] = {
        "licence_number": papers.licence_number,
        "licence_until": papers.licence_until,
        "authorised_until": papers.authorised_until,
    }
    _act(
        session,
        employer,
        EmployerAction.VERIFY,
        state_reason="",
        verified_at=clock.now(),
        verified_by_id=actor.account_id,
        closed_at=None,
        contact_name=papers.agent_name,
        **seen,
    )
    session.add(
        EmployerCheck(
            employer_id=employer.id,
            checked_at=clock.now(),
            checked_by_id=actor.account_id,
            agent_name=papers.agent_name,
            **seen,
        )
    )
    shown = events.announce(session, actor, events.EmployerVerified(employer.id)) if back else 0
    audit.record(session, "employer.verify", employer, count=shown)
    if shown:
        request_suggestions(session, resident_id=None)
    return employer


def refuse_employer(session: Session, actor: Actor, *, employer_id: int, reason: str) -> Employer:
    """Refuse a pending file; the employer reads the reason and may hand it in anew."""
    employer = _for_staff(session, actor, employer_id)
    _act(session, employer, EmployerAction.REFUSE, state_reason=reason)
    audit.record(session, "employer.refuse", employer)
    return employer


def suspend_employer(session: Session, actor: Actor, *, employer_id: int, reason: str) -> Employer:
    """Suspend a verified employer; everything of it is taken down at once."""
    employer = _for_staff(session, actor, employer_id)
    _act(session, employer, EmployerAction.SUSPEND, state_reason=reason)
    events.announce(session, actor, events.EmployerSuspended(employer_id))
    audit.record(session, "employer.suspend", employer)
    return employer


def close_employer(session: Session, actor: Actor, *, employer_id: int, reason: str) -> Employer:
    """Close the file for good, by staff or by an owner of the employer.

    Its openings end, and with them what is under way: each resident reads that the opening is
    over. People already taken on keep their record; the file stays for as long as the law asks.
    """
    employer = session.get(Employer, employer_id)
    if employer is None or not policy.can_see_people(actor, employer):
        raise NotFound
    if not members.leads(session, actor, employer):
        raise Forbidden
    _act(session, employer, EmployerAction.CLOSE, state_reason=reason, closed_at=clock.now())
    ended = events.announce(session, actor, events.EmployerClosed(employer_id))
    audit.record(session, "employer.close", employer, count=ended)
    return employer


def lapse_employers(session: Session) -> int:
    """Take down whoever's check has run out (a daily job); return how many.

    Their openings wait for the next check instead of going back to review.
    """
    late = select(Employer).where(runs_out(-1))
    lapsed = 0
    for employer in session.exec(late.order_by(col(Employer.id)).with_for_update()).all():
        _act(session, employer, EmployerAction.LAPSE)
        paused = events.announce(session, SYSTEM, events.EmployerLapsed(employer.id))
        audit.record(session, "employer.lapse", employer, count=paused)
        lapsed += 1
    if lapsed:
        request_suggestions(session, resident_id=None)
    return lapsed


def forget_closed(session: Session) -> int:
    """Erase people's names and numbers from files closed long enough ago (a daily job)."""
    kept = timedelta(days=rule("employer_records_days", on=clock.today()))
    old = select(Employer).where(
        Employer.state == EmployerState.CLOSED,
        col(Employer.closed_at) < clock.now() - kept,
        (col(Employer.contact_name) != "") | (col(Employer.phone) != ""),
    )
    forgotten = 0
    for employer in session.exec(old.order_by(col(Employer.id)).with_for_update()).all():
        change(session, employer, {"contact_name": "", "phone": "", "state_reason": ""})
        checks = col(EmployerCheck.employer_id) == employer.id
        session.exec(update(EmployerCheck).where(checks).values(agent_name=""))
        people = select(EmployerMember.account_id).where(EmployerMember.employer_id == employer.id)
        for account_id in session.exec(people).all():
            accounts.close_account(session, account_id, name=_("已注销"))
        session.exec(delete(EmployerMember).where(col(EmployerMember.employer_id) == employer.id))
        audit.record(session, "employer.forget", employer)
        forgotten += 1
    return forgotten


def history(session: Session, employer_id: int) -> list[Any]:
    """Return (check, name of who did it), newest first."""
    statement = (
        select(EmployerCheck, Account.name)
        .outerjoin(Account, col(Account.id) == EmployerCheck.checked_by_id)
        .where(EmployerCheck.employer_id == employer_id)
        .order_by(col(EmployerCheck.id).desc())
        .limit(20)
    )
    return list(session.exec(statement).all())


def check_days() -> int:
    """Return for how many days a check of an employer's papers counts."""
    return rule("employer_check_days", on=clock.today())


def warn_days() -> int:
    """Return how many days before a check runs out its employer and staff are told."""
    return rule("employer_warn_days", on=clock.today())


def _for_staff(session: Session, actor: Actor, employer_id: int) -> Employer:
    if not policy.can_verify(actor):
        raise Forbidden
    employer = session.get(Employer, employer_id)
    if employer is None:
        raise NotFound
    return employer


def _act(session: Session, employer: Employer, action: EmployerAction, **values: Any) -> None:
    target = TRANSITIONS.get((employer.state, action))
    if target is None:
        raise Conflict(_("这家单位的情况已经变了，请刷新后再看"))
    change(session, employer, {"state": target, **values})
