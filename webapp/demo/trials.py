"""Trial days of the demo: one to answer, two agreed, one that two sides tell differently.

All through the real services, each step on its day; one is of the first employer who signs in.
"""

from datetime import timedelta

from sqlmodel import Session, col, or_, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.vocabulary import Kind
from webapp.demo.act_as import act_as
from webapp.demo.training import resident_actor, staff_actor
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerMember
from webapp.matches import services
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.reason_codes import Channel
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState
from webapp.trials.lifecycle import FROM_MATCH, Cause, Heard, InjuryCover, Outcome, Party
from webapp.trials.models import TrialDay
from webapp.trials.services import agreement, outcome
from webapp.trials.services.outcome import Word
from webapp.trials.services.terms import Terms, agreement_for, least_pay

_FIRST = ("13800000001", "13800000005")  # who sign in first see one of their own
_EMPLOYERS = ("13800000002", "13800000006")
_CONTACTS = (
    "周店长 023-68123401", "前台小彭 023-68123402", "唐班长 023-68123403", "门店 023-68123404"
)  # fmt: skip
_BEGAN = (1, 2, 9, 0)  # days ago: to answer, agreed, told differently, agreed
_TOLD_DIFFERENTLY, _OF_FIRST_EMPLOYER = 2, 3
_HOURS = ("08:30", "17:00")


def write(session: Session) -> None:
    """Write them; called once, in one transaction. Fewer where the community is smaller."""
    staff = staff_actor(session)
    rows = _matches(session)
    for number, days in enumerate(_BEGAN):
        began = clock.now() - timedelta(days=days)
        own = _firm(session, _EMPLOYERS[0]) if number == _OF_FIRST_EMPLOYER else None
        fitting = (
            place
            for place, (match, opening) in enumerate(rows)
            if match.since <= began and own in {None, opening.employer_id}
        )
        at = next(fitting, None)
        if at is None:
            continue
        match, opening = rows.pop(at)
        with act_as(session, staff, began):
            trial = _propose(session, staff, match, opening, number)
            _agree(session, staff, trial, Party.EMPLOYER, Heard.PHONE)
            if number:
                _agree(session, staff, trial, Party.RESIDENT, Heard.PAPER)
        if number == _TOLD_DIFFERENTLY:
            _tell_differently(session, staff, trial)
    _apply_elsewhere(session)


def _apply_elsewhere(session: Session) -> None:
    """Have the second resident hand in what they want as well, and could try."""
    person, own = resident_actor(session, _FIRST[1])
    wanted = session.exec(
        select(Match.id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .where(
            Match.resident_id == person,
            Match.state == MatchState.INTERESTED,
            Opening.kind == Kind.VACANCY,
        )
    ).first()
    if wanted is not None and own is not None:
        with act_as(session, own, clock.now()):
            services.share_and_apply(session, own, match_id=wanted, channel=Channel.PAGE)


def _firm(session: Session, phone: str) -> int | None:
    return session.exec(
        select(EmployerMember.employer_id)
        .join(Account, col(Account.id) == EmployerMember.account_id)
        .where(Account.phone == phone)
    ).first()


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
    first_day = clock.today() + timedelta(days=(3, 3, 2, 4)[number])
    least = least_pay(opening, first_day, _HOURS)
    person = session.get_one(Resident, match.resident_id)
    labour = agreement_for(person, first_day).value == "labour"
    return agreement.propose(
        session,
        staff,
        match_id=match.id,
        first_day=first_day,
        days=(1, 2, 1, 1)[number],
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
