"""The workbench: each number leads to the list it counts, and says what happens by itself."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from tests import factories, workbench
from tests.functional.piecework.world import make_world as make_piecework
from webapp.accounts.models import Account
from webapp.caseload.models import WorkNeed
from webapp.complaints.lifecycle import ComplaintKind
from webapp.complaints.models import EmployerComplaint
from webapp.contacts.models import Contact, ContactWay
from webapp.core import clock, receipt_codes
from webapp.core.access import SYSTEM, Role
from webapp.core.db import Database
from webapp.core.vocabulary import Kind
from webapp.draws import service as draws
from webapp.draws.lifecycle import SeedSource
from webapp.duplicates.models import DuplicateKind, DuplicatePair
from webapp.employers.lifecycle import EmployerState
from webapp.employment.lifecycle import Evidence, Origin
from webapp.guides.trades import Site, Trade
from webapp.home.worklist import LISTS
from webapp.matches.lifecycle import MatchState, WishState
from webapp.matches.models import InterviewWish, Match, MatchEvent
from webapp.needs.models import StaffingNeed
from webapp.openings.lifecycle import OpeningState
from webapp.payment_checks.lifecycle import Answer
from webapp.payment_checks.models import PaymentCheckLine
from webapp.payment_checks.services import making
from webapp.piecework.lifecycle import AssignmentHold
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.services import automatic_settlement, settlements, timed_trials
from webapp.residents.models import ConsentChannel, JoinRequest, ResidentState
from webapp.spot_checks.lifecycle import SpotKind
from webapp.spot_checks.models import SpotCheck, SpotCheckLine
from webapp.standing_services.lifecycle import AgreedHow, ServiceKind
from webapp.standing_services.models import StandingService
from webapp.statements.models import WageConfirmation
from webapp.tickets.lifecycle import TicketChannel
from webapp.tickets.long_case_lifecycle import LongCaseKind, StepKind
from webapp.tickets.models.long_cases import LongCase
from webapp.tickets.services import filing
from webapp.trials.lifecycle import AgreementKind, Heard, InjuryCover, Party, TrialState
from webapp.trials.models import TrialDay
from webapp.ventures.lifecycle import CaseOrigin, CaseState
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.services import posting as ventures

S = MatchState
CODE = "91500107MA5U{:06d}"


def rows_of_each_kind(db: Database, write: Any) -> Account:
    """Make rows that wait in every list, and as many that nearly do; return a member of staff."""
    today, now = clock.today(), clock.now()
    with write() as session:
        staff = factories.make_account(session, role=Role.STAFF)
        employer = factories.make_employer(session)
        opening = factories.make_opening(session, employer_id=employer.id)

        def match(state: MatchState, **more: Any) -> int:
            return factories.make_match(session, state=state, opening_id=opening.id, **more).id

        for _ in range(22):  # more than one page
            match(S.SUGGESTED)
            match(S.OFFERED, offered_until=today)
        match(S.INTERESTED)
        match(S.NO_REPLY)
        match(S.APPLIED, chases=1)
        match(S.APPLIED)
        for hours in (-1, 30):  # of an interview that is over nothing waits any more
            at = now + timedelta(hours=hours)
            session.add(
                InterviewWish(
                    match_id=match(S.INTERVIEW, interview_at=at), interview_at=at,
                    wants_call=True, state=WishState.OPEN, asked_at=now - timedelta(days=1),
                )
            )  # fmt: skip
        match(S.HIRED, start_date=today - timedelta(days=31))
        match(S.HIRED, start_date=today)
        for state, more in (
            (OpeningState.SUBMITTED, {}),
            (OpeningState.PUBLISHED, {"valid_until": today + timedelta(days=3)}),
            (OpeningState.DRAFT, {}),
        ):
            factories.make_opening(session, employer_id=employer.id, state=state, **more)
        for number, (state, code) in enumerate(
            [(EmployerState.PENDING, True), (EmployerState.PENDING, False)]
        ):
            factories.make_employer(
                session,
                state=state,
                credit_code=CODE.format(number) if code else None,
                verified_at=None,
            )
        factories.make_employer(session, state=EmployerState.LAPSED)
        session.add(
            JoinRequest(
                resident_id=factories.make_resident(session).id,
                unit_address="3栋2单元-501",
                asked_at=now,
                answer_until=now + timedelta(days=3),
            )
        )
        left = factories.make_match(
            session,
            state=S.LEFT,
            opening_id=opening.id,
            resident_id=factories.make_resident(session, state=ResidentState.SEEKING).id,
        )
        session.add(
            MatchEvent(
                match_id=left.id, at=now, action="leave", from_state="hired", to_state="left"
            )
        )
        session.add(
            Contact(
                resident_id=factories.make_resident(session).id,
                account_id=staff.id,
                at=now,
                way=ContactWay.PHONE,
                reached=True,
                words="过两天再打",
                next_on=today,
            )
        )
        _calls(session, staff, match)
        _disputed_trial(session, factories.make_match(session, state=S.APPLIED))
        said = {"origin": Origin.SELF, "evidence": Evidence.OWN_WORD, "verified_at": None}
        factories.make_spell(session, **said)
        session.add(
            EmployerComplaint(
                employer_id=employer.id,
                kind=next(iter(ComplaintKind)),
                words="拖工钱",
                created_at=now,
            )
        )
        asked = {"employer_id": employer.id, "told_by_id": staff.id, "people": 1, "told_at": now}
        answered = {"answer": "请发一条招聘", "answered_at": now, "answered_by_id": staff.id}
        for words, more in (("会做面点", {}), ("会理发", answered)):
            session.add(StaffingNeed(words=words, some_fit=True, **asked, **more))
        filing.file_ticket(
            session, SYSTEM, words="路灯坏了", channel=TicketChannel.SYSTEM, is_private=False
        )
        people = [factories.make_resident(session).id for _ in range(3)]
        openings = [factories.make_opening(session).id for _ in range(2)]
        for kind, first, second in (
            (DuplicateKind.RESIDENT, people[0], people[1]),
            (DuplicateKind.RESIDENT, people[0], people[2]),
            (DuplicateKind.OPENING, *openings),
        ):
            session.add(
                DuplicatePair(
                    kind=kind, first_id=first, second_id=second, evidence=["name"], found_at=now
                )
            )
        _spot_check(session, staff)
        _wages(session, factories.make_match(session, state=S.HIRED, start_date=today))
        _stalls(session)
        _visits(session, staff)
    _pay_to_check(db)
    _piecework(db)
    _draws(write)
    return staff


def _calls(session: Session, staff: Account, match: Callable[..., int]) -> None:
    """An employer to be called again, and what a call put off to another day."""
    now, today = clock.now(), clock.today()

    def call(next_on: date, **about: Any) -> None:
        session.add(
            Contact(
                account_id=staff.id, at=now, way=ContactWay.PHONE, reached=True,
                words="过两天再打", next_on=next_on, **about,
            )
        )  # fmt: skip

    later = today + timedelta(days=1)
    call(today, employer_id=factories.make_employer(session).id)
    call(later, employer_id=factories.make_employer(session).id)
    silent, asked = match(S.APPLIED, chases=1), match(S.OFFERED, offered_until=today)
    call(later, employer_id=factories.make_employer(session).id, match_id=silent)
    call(later, resident_id=factories.make_resident(session).id, match_id=asked)
    ends = factories.make_opening(session, valid_until=today)
    call(later, employer_id=ends.employer_id, opening_id=ends.id)
    lapsed = factories.make_employer(session, state=EmployerState.LAPSED).id
    call(later, employer_id=lapsed)


def _wages(session: Session, match: Match) -> None:
    """A month's wages that the person says are wrong, and a month nobody objected to."""
    employer_id = factories.make_employer(session).id
    for month, said in ((9, "少了两百"), (10, "")):
        session.add(
            WageConfirmation(
                match_id=match.id,
                resident_id=match.resident_id,
                employer_id=employer_id,
                month=clock.today().replace(month=month, day=1),
                amount_fen=300000,
                confirmed_at=clock.now(),
                objected_at=clock.now() if said else None,
                objection=said,
            )
        )


def _stalls(session: Session) -> None:
    """A stall whose entries closed, a place kept for somebody to telephone, a case overdue."""
    now, yesterday = clock.now(), clock.today() - timedelta(days=1)

    def case(state: CaseState, **more: Any) -> VentureCase:
        return VentureCase(
            resident_id=factories.make_resident(session).id, state=state, title="鱼摊",
            origin=CaseOrigin.STAFF, code=receipt_codes.fresh(), trade=Trade.FISH,
            site=Site.MARKET, since=now, created_at=now, **more,
        )  # fmt: skip

    for valid_until in (yesterday, clock.today()):  # those of the second may still apply
        opening = factories.make_opening(session, kind=Kind.VENTURE, valid_until=valid_until)
        venture = ventures.ensure_venture(session, opening)
        session.add(case(CaseState.APPLIED, venture_id=venture.id))
        session.add(
            case(
                CaseState.OFFERED,
                venture_id=venture.id,
                place_no=1,
                offered_until=now + timedelta(days=3),
            )
        )
    for due_on in (yesterday, clock.today()):
        session.add(case(CaseState.PLANNING, due_on=due_on))


def _visits(session: Session, staff: Account) -> None:
    """Somebody to visit today, somebody another day, an errand, and somebody who wants work."""
    colleague = factories.make_account(session, role=Role.STAFF, branch_id=staff.branch_id)
    for number, days in enumerate((0, 1)):
        day = clock.today() + timedelta(days=days)
        session.add(
            StandingService(
                branch_id=staff.branch_id, kind=ServiceKind.PAIRING, owner_id=staff.id,
                backup_id=colleague.id, resident_id=factories.make_resident(session).id,
                every_days=7, due_on=day, next_on=day, agreed_how=AgreedHow.PAPER,
                agreed_on=clock.today(), idempotency_key=f"{number:032x}",
                created_by_id=staff.id, created_at=clock.now(),
            )
        )  # fmt: skip
    resident_id = factories.make_resident(session).id
    for number, days in enumerate((0, 1)):
        session.add(
            LongCase(
                kind=LongCaseKind.PENSION, resident_id=resident_id, branch_id=staff.branch_id,
                owner_id=staff.id, backup_id=colleague.id, about="社保断了", next_kind=StepKind.ASK,
                next_on=clock.today() + timedelta(days=days), agreed_how=ConsentChannel.PHONE,
                agreed_on=clock.today(), idempotency_key=f"{number:032x}", opened_by_id=staff.id,
                opened_at=clock.now(),
            )
        )  # fmt: skip
    session.add(WorkNeed(resident_id=resident_id, noted_at=clock.now(), noted_by_id=staff.id))


def _spot_check(session: Session, staff: Account) -> None:
    """Of another branch's hires one for this member to look at, and one that was not drawn."""
    check = SpotCheck(
        quarter="2026-Q3", kind=SpotKind.HIRE, population=2, sample=2, confidence_permille=900,
        margin_permille=150, list_hash="0" * 64, made_at=clock.now(),
    )  # fmt: skip
    session.add(check)
    session.flush()
    for code, reviewer_id in (("A" * 12, staff.id), ("B" * 12, None)):
        session.add(
            SpotCheckLine(
                check_id=check.id, code=code, branch_id=factories.make_branch(session).id,
                selected=True, reviewer_id=reviewer_id, due_on=clock.today(),
            )
        )  # fmt: skip


def _disputed_trial(session: Session, match: Match) -> None:
    now = clock.now()
    session.add(
        TrialDay(
            match_id=match.id, resident_id=match.resident_id,
            employer_id=factories.make_employer(session).id, state=TrialState.DISPUTED,
            proposed_by=Party.STAFF, first_day=clock.today() - timedelta(days=2),
            starts_at="08:30", ends_at="17:00", address="1号楼", contact="周店长", duties="打扫",
            pay_day_fen=12000, cover=InjuryCover.WORK_INJURY, agreement=AgreementKind.LABOUR,
            employer_agreed_at=now, employer_agreed_how=Heard.ONLINE, resident_agreed_at=now,
            resident_agreed_how=Heard.ONLINE, since=now, created_at=now,
        )
    )  # fmt: skip


def _draws(write: Any) -> None:
    """A draw whose result is known, and one that waits for its day."""
    for days in (7, 0):
        with clock.frozen(clock.now() - timedelta(days=days)), write() as session:
            draw = draws.begin(session, SYSTEM, subject=f"test:{days}", title="摊位", places=1)
            draws.enter(session, draw.id)
            day = SeedSource.SSQ.next_day(clock.today())
            draws.freeze(session, SYSTEM, draw_id=draw.id, source=SeedSource.SSQ, day=day)


def _piecework(db: Database) -> None:
    """Assignments that wait for their first material and for more, for inspection and for pay."""
    world = make_piecework(db, families=4)
    world.publish(quantity=200)
    first = world.claim(20, 0)
    world.do(
        world.staff, timed_trials.pass_trial,
        assignment_id=first, pieces=2, seconds=300, passed=2, idempotency_key="trial",
    )  # fmt: skip
    short = world.ready(20, 1)
    with db.transaction(SYSTEM) as session:
        session.get_one(Assignment, short).hold = AssignmentHold.MATERIAL_SHORT
    world.submit(world.ready(20, 2), 10, 2)
    delivered = world.submit(world.ready(20, 3), 10, 3)
    world.inspect(delivered, accepted=10)


def _pay_to_check(db: Database) -> None:
    """Pay of last month that nobody has asked about, and some that did not come."""
    month = clock.today().replace(day=1)
    with clock.frozen(clock.end_of_day(month - timedelta(days=12))):
        world = make_piecework(db, families=2)
        world.publish()
        for family in range(2):
            world.inspect(world.submit(world.ready(10, family), 10, family), accepted=10)
        world.do(world.staff, settlements.settle, idempotency_key="last month")
    with db.transaction(SYSTEM) as session:
        making.make(session)
        line = session.exec(select(PaymentCheckLine)).first()
        line.answer, line.answered_at = Answer.NOT, clock.now()
        line.due_on = clock.today()
        session.add(line)


def see_as(client: FlaskClient) -> Callable[[str], str]:
    def see(path: str) -> str:
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return response.get_data(as_text=True)

    return see


@pytest.fixture
def see(
    db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]
) -> Callable[[str], str]:
    return see_as(sign_in(rows_of_each_kind(db, write)))


def test_fault_25_each_number_leads_to_the_list_it_counts(see: Callable[[str], str]) -> None:
    shown = workbench.numbers(see("/staff/"))
    linked = {href for _words, href in shown}
    assert {f"/staff/work/{name}" for name in LISTS} <= linked  # rows of every kind are there
    assert None not in linked
    assert workbench.untrue(see) == []


def test_fault_25_waiting_for_material_lists_those_short_of_it(see: Callable[[str], str]) -> None:
    assert workbench.rows_behind(see, "/staff/work/issue") == 2
    assert workbench.rows_behind(see, "/staff/piecework/shares?group=issue") == 2


def test_fault_25_admin_and_staff_count_the_same_employers(
    see: Callable[[str], str], write: Any, sign_in: Callable[[Account], FlaskClient]
) -> None:
    waiting = workbench.rows_behind(see, "/staff/work/verify")
    with write() as session:
        admin = factories.make_account(session, role=Role.ADMIN)
    assert waiting == 2  # one handed in with its code, one lapsed; one is a name from a list
    assert f"{waiting} 家等核实" in see_as(sign_in(admin))("/admin/")


def test_fault_25_a_list_is_for_staff_alone(
    db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]
) -> None:
    with write() as session:
        person = factories.make_resident(session, with_account=True)
        account = session.get_one(Account, person.account_id)
        staff = factories.make_account(session, role=Role.STAFF)
    assert sign_in(account).get("/staff/work/call").status_code == 403
    assert sign_in(staff).get("/staff/work/nothing").status_code == 404
    assert "没有要打的电话" in see_as(sign_in(staff))("/staff/work/call")


@pytest.mark.slow
def test_fault_25_pay_says_when_it_is_settled_and_how_late_it_is(
    db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]
) -> None:
    staff = rows_of_each_kind(db, write)
    client = see_as(sign_in(staff))
    with db.reader() as session:
        due = settlements.due(session)
    assert due.by is not None
    assert due.settles_at is not None
    assert clock.local(due.settles_at).date() == due.by - timedelta(days=1)
    for path in ("/staff/", "/staff/work/settle", "/staff/piecework/settlements"):
        page = client(path)
        assert "最晚" in page, path
        assert "自己结" in page, path
        assert "已经过期" not in page, path
    late = clock.now() + (due.by - clock.today()) + timedelta(days=2)
    with clock.frozen(late):
        with db.reader() as session:
            later = settlements.due(session)
        assert later.late
        assert later.settles_at is not None
        assert clock.now() < later.settles_at <= clock.now() + timedelta(days=1)
        for path in ("/staff/", "/staff/work/settle", "/staff/piecework/settlements"):
            assert "已经过期 2 天" in client(path), path
            assert "最晚" not in client(path), path
    with clock.frozen(later.settles_at), write() as session:  # as it says, it does
        assert automatic_settlement.settle_when_due(session) == 1
    with db.reader() as session:
        assert settlements.due(session).lines == 0
        assert session.exec(select(Assignment)).first() is not None
