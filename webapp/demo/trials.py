"""Trial days of the demo: one to answer, one agreed, one that two sides tell differently.

All through the real services, each step on its day.
"""

from datetime import timedelta

from sqlmodel import Session, col, or_, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.vocabulary import Kind
from webapp.demo.act_as import act_as
from webapp.demo.training import staff_actor
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerMember
from webapp.matches.models import Match
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState
from webapp.trials.lifecycle import FROM_MATCH, Cause, Heard, InjuryCover, Outcome, Party
from webapp.trials.models import TrialDay
from webapp.trials.services import agreement, outcome
from webapp.trials.services.outcome import Word
from webapp.trials.services.terms import Terms, agreement_for, least_pay

_FIRST = ("13800000001", "13800000005")  # who sign in first see one of their own
_EMPLOYERS = ("13800000002", "13800000006")
_CONTACTS = ("周店长 023-68123401", "前台小彭 023-68123402", "唐班长 023-68123403")
_BEGAN = (1, 2, 9)  # days ago: to answer, agreed, told differently
_HOURS = ("08:30", "17:00")


def write(session: Session) -> None:
    """Write the three; called once, in one transaction. Fewer where the community is smaller."""
    staff = staff_actor(session)
    rows = _matches(session)
    for number, days in enumerate(_BEGAN):
        began = clock.now() - timedelta(days=days)
        at = next((n for n, (one, _of) in enumerate(rows) if one.since <= began), None)
        if at is None:
            continue
        match, opening = rows.pop(at)
        with act_as(session, staff, began):
            trial = _propose(session, staff, match, opening, number)
            _agree(session, staff, trial, Party.EMPLOYER, Heard.PHONE)
            if number:
                _agree(session, staff, trial, Party.RESIDENT, Heard.PAPER)
        if number == 2:
            _tell_differently(session, staff, trial)


def _matches(session: Session) -> list[tuple[Match, Opening]]:
    """Return matches of as many people, those of who signs in and of their employer first."""
    firms = session.exec(
        select(EmployerMember.employer_id)
        .join(Account, col(Account.id) == EmployerMember.account_id)
        .where(col(Account.phone).in_(_EMPLOYERS))
    ).all()
    rows = session.exec(
        select(Match, Opening, Resident.phone)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .join(Employer, col(Employer.id) == Opening.employer_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .where(
            col(Match.state).in_(FROM_MATCH),
            Opening.kind == Kind.VACANCY,
            Employer.state == EmployerState.VERIFIED,
            Resident.state == ResidentState.SEEKING,
            or_(col(Opening.pay_month_min_fen).is_not(None), col(Opening.pay_min_fen).is_not(None)),
        )
        .order_by(col(Match.id))
    ).all()
    chosen: dict[int, tuple[Match, Opening]] = {}
    for match, opening, _phone in sorted(
        rows, key=lambda row: (row[2] not in _FIRST, row[1].employer_id not in firms)
    ):
        if match.resident_id not in chosen:
            chosen[match.resident_id] = (match, opening)
    return list(chosen.values())


def _propose(
    session: Session, staff: Actor, match: Match, opening: Opening, number: int
) -> TrialDay:
    first_day = clock.today() + timedelta(days=(3, 3, 2)[number])
    least = least_pay(opening, first_day, _HOURS)
    person = session.get_one(Resident, match.resident_id)
    labour = agreement_for(person, first_day).value == "labour"
    return agreement.propose(
        session,
        staff,
        match_id=match.id,
        first_day=first_day,
        days=(1, 2, 1)[number],
        terms=Terms(
            starts_at=_HOURS[0],
            ends_at=_HOURS[1],
            address=opening.address or opening.place.split("/")[-1],
            contact=_CONTACTS[number],
            duties=f"跟着师傅做{opening.title}的活，先看再上手",
            pay_day_fen=-(-least // 1000) * 1000,
            cover=InjuryCover.WORK_INJURY if labour else InjuryCover.LIABILITY,
            cover_note="开工前一天在社保局登记" if labour else "雇主责任险，保单在前台",
        ),
    )


def _agree(session: Session, staff: Actor, trial: TrialDay, side: Party, how: Heard) -> None:
    agreement.agree(session, staff, trial_id=trial.id, version=trial.version, side=side, heard=how)


def _tell_differently(session: Session, staff: Actor, trial: TrialDay) -> None:
    theirs = Word(Outcome.NOT_HELD, why=Cause.RESIDENT.value)
    with act_as(session, staff, clock.now() - timedelta(days=5)):
        outcome.say(
            session, staff, trial_id=trial.id, side=Party.EMPLOYER, word=theirs, heard=Heard.PHONE
        )
    own = Word(
        Outcome.NOT_HELD,
        why=Cause.TRANSPORT.value,
        sentence="那天403路改道，等了四十分钟，打店里电话没人接",
    )
    with act_as(session, staff, clock.now() - timedelta(days=4)):
        outcome.say(
            session, staff, trial_id=trial.id, side=Party.RESIDENT, word=own, heard=Heard.IN_PERSON
        )
