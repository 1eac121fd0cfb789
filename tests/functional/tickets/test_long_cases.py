"""Long cases: errands with the next one, papers, words read with a reason, what is usual."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import col, select

from tests import factories
from tests.depth import examples
from tests.forms import csrf_token, press
from tests.functional.pages import see, text
from tests.functional.racing import at_once
from webapp.accounts.models import Account
from webapp.branches.lifecycle import Ending
from webapp.branches.models.rota import MemberAbsence
from webapp.branches.services import leaving
from webapp.core import clock
from webapp.core.access import ANONYMOUS, SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.core.errors import AppError, Conflict
from webapp.core.models import AuditEvent
from webapp.residents.models import ConsentChannel, Resident
from webapp.tickets.lifecycle import TicketChannel
from webapp.tickets.long_case_lifecycle import (
    PAPER_MOVES,
    LongCaseKind,
    LongCaseOutcome,
    LongCaseState,
    PaperKind,
    PaperState,
    StepKind,
)
from webapp.tickets.models.long_cases import LongCase, LongCasePaper, LongCaseStep
from webapp.tickets.queries import long_cases as queries
from webapp.tickets.services import filing, long_case_data, long_case_papers, long_cases
from webapp.tickets.services.long_cases import Next, Outside

MONDAY = datetime(2026, 11, 30, 10, 0, tzinfo=clock.LOCAL)
TODAY = MONDAY.date()
LIST = "/staff/tickets/cases/"
K, P = StepKind, PaperKind
ABOUT = "右手被冲床压伤，单位不认"
_keys = iter(range(1, 10**9))


def key() -> str:
    return f"{next(_keys):032x}"


@dataclass
class World:
    """A branch with its secretary and two members, one of another branch, somebody hurt."""

    app: Flask
    db: Database
    secretary: Account
    owner: Account
    backup: Account
    other: Account
    resident: Resident

    def actor(self, account: Account) -> Actor:
        return factories.acting(account, branch_id=account.branch_id)

    def do(self, account: Account, verb: Callable[..., Any], **data: Any) -> Any:
        actor = self.actor(account)
        with self.app.test_request_context(), self.db.transaction(actor) as session:
            return verb(session, actor, **data)

    def open(self, person: Any = None, kind: LongCaseKind = LongCaseKind.WORK_INJURY) -> LongCase:
        return self.do(
            self.owner,
            long_cases.open_case,
            kind=kind,
            person=person or self.resident.id,
            about=ABOUT,
            owner_id=self.owner.id,
            backup_id=self.backup.id,
            next_step=Next(K.HOSPITAL, "开诊断证明", clock.today() + timedelta(days=2)),
            agreed_how=ConsentChannel.IN_PERSON,
            idempotency_key=key(),
        )

    def step(self, case: LongCase, kind: StepKind, by: Account | None = None, days: int = 7) -> Any:
        return self.do(
            by or self.owner,
            long_cases.note_step,
            case_id=case.id,
            day=clock.today(),
            kind=kind,
            place="区人社局",
            met="刘科长",
            came_of="让补一张诊断书",
            next_step=Next(K.WAIT, "", clock.today() + timedelta(days=days)),
            idempotency_key=key(),
        )

    def ended(self, *steps: StepKind, missing: tuple[PaperKind, ...] = ()) -> LongCase:
        """Return a case of somebody else that took these errands."""
        case = self.open(Outside("刘师傅", None))
        for kind in missing:
            self.paper(case, kind)
        for kind in steps:
            self.step(case, kind)
        return self.do(
            self.owner, long_cases.end, case_id=case.id, outcome=LongCaseOutcome.WON, words="赔了"
        )

    def paper(self, case: LongCase, kind: PaperKind, *, in_hand: bool = False) -> LongCasePaper:
        return self.do(
            self.owner, long_case_papers.need, case_id=case.id, kind=kind, name="",
            needed_for=K.APPLY, in_hand=in_hand,
        )  # fmt: skip

    def now(self, case: LongCase) -> LongCase:
        with self.db.reader() as session:
            return session.get_one(LongCase, case.id)

    def to_do(self, account: Account) -> list[int]:
        with self.app.test_request_context(), self.db.reader() as session:
            rows = session.execute(queries.to_do(self.actor(account)))
            return [queries.line_of(row).case.id for row in rows]


@pytest.fixture
def world(app: Flask, db: Database) -> World:
    with db.transaction(SYSTEM) as session:
        branch = factories.make_branch(session, name="安民支部", serves_all=False)
        secretary, owner, backup = (
            factories.make_account(
                session,
                role=Role.STAFF,
                branch_id=branch.id,
                name=name,
                is_secretary=name == "周书记",
            )
            for name in ("周书记", "唐敏", "杨兴全")
        )
        other = factories.make_account(session, role=Role.STAFF, name="李晓梅")
        resident = factories.make_resident(
            session, with_account=True, name="陈建军", branch_id=branch.id
        )
    return World(app, db, secretary, owner, backup, other, resident)


@pytest.fixture
def desk(world: World, sign_in):
    return sign_in(world.owner)


def opening(world: World, **overrides: Any) -> dict[str, Any]:
    return {
        "kind": "work_injury",
        "about": ABOUT,
        "owner": world.owner.id,
        "backup": world.backup.id,
        "next_kind": "hospital",
        "next_words": "去九院骨科",
        "next_on": (TODAY + timedelta(days=1)).isoformat(),
        "agreed_how": "in_person",
        **overrides,
    }


def errand(**overrides: Any) -> dict[str, Any]:
    return {
        "day": TODAY.isoformat(),
        "kind": "hospital",
        "place": "九院骨科",
        "met": "王医生",
        "came_of": "诊断书开到了",
        "next_kind": "apply",
        "next_words": "带诊断书去人社局",
        "next_on": (TODAY + timedelta(days=3)).isoformat(),
        **overrides,
    }


def test_open_run_and_end_a_case(world, desk, sign_in):
    with clock.frozen(MONDAY):
        new = f"/staff/residents/{world.resident.id}/cases/new"
        shown = press(desk, new, **opening(world)).headers["Location"]
        page = see(desk, shown)
        assert "下一步：去医院开证明，12月1日" in page
        assert "冲床" not in page + see(desk, LIST)
        assert (
            press(desk, shown, "/papers", kind="diagnosis", needed_for="apply").status_code == 303
        )
        assert "诊断证明" in see(desk, f"{shown}/papers")
        assert press(desk, shown, "/step", **errand()).status_code == 303
        page = see(desk, shown)
        assert "下一步：递申请，12月3日" in page
        assert not [word for word in ("九院", "王医生", "诊断书开到了") if word in page]
        for state in ("in_hand", "handed_in", "returned", "handed_in"):
            with world.db.reader() as session:
                paper = session.exec(select(LongCasePaper)).one()
            moved = press(desk, shown, f"/papers/{paper.id}", state=state)
            assert moved.status_code == 303, state
        assert press(desk, shown, f"/papers/{paper.id}", state="missing").status_code == 409
        assert press(desk, shown, f"/papers/{paper.id}", state="x").status_code == 400
        assert press(desk, shown, "/end", outcome="won", words="").status_code == 400
        assert press(desk, shown, "/end", outcome="won", words="赔了三万二").status_code == 303
        assert "三万二" not in see(desk, shown)
        again = desk.post(
            f"{shown}/step",
            data={
                **errand(),
                "csrf_token": csrf_token(desk, LIST + "new"),
                "idempotency_key": key(),
            },
        )
        assert again.status_code == 409
    own = world.now(LongCase(id=int(shown.rsplit("/", 1)[1])))
    assert (own.state, own.next_on, own.outcome) == (LongCaseState.ENDED, None, "won")


def file_ticket(world, **more):
    with world.db.transaction(SYSTEM) as session, world.app.test_request_context():
        filed = filing.file_ticket(
            session,
            ANONYMOUS,
            words="我爸手被机器压了，厂里不管",
            channel=TicketChannel.WEB,
            reporter=filing.Reporter(name="刘小妹", phone="13700002222"),
            client="x",
            **more,
        )
        return filed.ticket.id, f"/feedback/{filed.code}", filed.pin


def test_whoever_holds_code_and_pin_reads_where_the_case_stands(world, sign_in, client):
    with clock.frozen(MONDAY):
        ticket_id, followed, pin = file_ticket(world, is_private=True)
        desk = sign_in(world.secretary)
        opened = press(
            desk, f"/staff/tickets/{ticket_id}/case", kind="work_injury", owner=world.secretary.id,
            backup=world.backup.id, next_kind="ask", next_on="2026-12-01", agreed_how="phone",
        )  # fmt: skip
        press(desk, opened.headers["Location"], "/papers", kind="diagnosis", needed_for="apply")
        assert "社区在陪您跑" not in see(client, followed)  # before the PIN
        press(client, followed, followed, pin=pin)
        told = see(client, followed)
        assert "社区在陪您跑：工伤" in told
        assert "12月1日" in told
        assert "诊断" in told.partition("还差的材料")[2]


def test_a_ticket_becomes_one_long_case(world, desk, client):
    with clock.frozen(MONDAY):
        ticket_id, followed, _pin = file_ticket(world)
        ticket = f"/staff/tickets/{ticket_id}"
        assert f"{ticket}/case" in see(desk, ticket)  # one tap leads to a form that is filled in
        page = see(desk, f"{ticket}/case")
        assert all(words in page for words in ("厂里不管", "刘小妹", "13700002222"))
        opened = press(
            desk, f"{ticket}/case", kind="work_injury", owner=world.owner.id,
            backup=world.backup.id, next_kind="ask", next_on="2026-12-01", agreed_how="phone",
        )  # fmt: skip
        shown = opened.headers["Location"]
        assert ticket in see(desk, shown)
        assert desk.get(f"{ticket}/case").headers["Location"] == shown
        assert "社区在陪您跑" not in see(client, followed)  # a code alone is not enough
        with pytest.raises(Conflict):
            world.do(
                world.backup, long_cases.open_case, kind=LongCaseKind.OTHER,
                person=Outside("刘小妹", None), about="再开一件", owner_id=world.owner.id,
                backup_id=world.backup.id, next_step=Next(K.ASK, "", TODAY),
                agreed_how=ConsentChannel.PHONE, idempotency_key=key(), ticket_id=ticket_id,
            )  # fmt: skip


def test_bad_input_is_said_beside_its_field(world, desk):
    with clock.frozen(MONDAY):
        for overrides, words in (
            ({"kind": ""}, "请选一种"),
            ({"about": " "}, "请写两句是什么事"),
            ({"about": "长" * 100_000}, "最多 300 个字"),
            ({"backup": world.owner.id}, "替补要是另一个人"),
            ({"next_on": ""}, "请填日子"),
            ({"next_on": "2026-11-29"}, "下一步要在今天或以后"),
            ({"next_on": "2029-01-01"}, "太远了，最晚2027年6月1日"),
            ({"agreed_how": "page"}, "有几处要改一改"),
            ({"name": ""}, "请填姓名"),
            ({"phone": "12"}, "请填 11 位手机号"),
        ):
            data = {**opening(world), "name": "刘师傅", "phone": "", **overrides}
            refused = press(desk, LIST + "new", **data)
            assert refused.status_code == 400, overrides
            assert words in text(refused), overrides
        with world.db.reader() as session:
            assert session.exec(select(LongCase)).all() == []
        shown = f"{LIST}{world.open().id}"
        for step, values, words in (
            ("/step", errand(day="2026-12-01"), "还没到这一天"),
            ("/step", errand(day="2024-12-01"), "一年以前的不用补记"),
            ("/step", errand(came_of=""), "请写一句结果怎么样"),
            ("/next", {"next_kind": "ask", "next_on": "2026-11-01"}, "今天或以后"),
            ("/papers", {"kind": "other", "name": ""}, "写一下是什么材料"),
            ("/hands", {"owner": world.backup.id, "backup": world.backup.id}, "替补要是另一个人"),
        ):
            refused = press(desk, shown, step, **values)
            assert refused.status_code == 400, step
            assert words in text(refused), step
        press(desk, shown, "/papers", kind="id_card", needed_for="")
        twice = press(desk, shown, "/papers", kind="id_card", needed_for="")
        assert "已经在单子上了" in text(twice)


def test_words_are_read_with_a_reason_and_each_reading_is_audited(world, desk, sign_in):
    with clock.frozen(MONDAY):
        case = world.open()
        world.step(case, K.ASK)
        shown = f"{LIST}{case.id}"
        assert (
            desk.post(f"{shown}/read", data={"csrf_token": csrf_token(desk, shown)}).status_code
            == 400
        )
        page = press(desk, shown, "/read", reason="case_asked_about")
        assert ABOUT in text(page)
        assert "刘科长" in text(page)
        assert "no-store" in page.headers["Cache-Control"]
        assert ABOUT in text(
            press(sign_in(world.secretary), shown, "/read", reason="case_checking")
        )
    with world.db.reader() as session:
        entries = session.exec(
            select(AuditEvent)
            .where(AuditEvent.action == "long_case.read")
            .order_by(col(AuditEvent.id))
        ).all()
        everything = session.exec(select(AuditEvent)).all()
    assert [one.account_id for one in entries] == [world.owner.id, world.secretary.id]
    assert not [one for one in everything if "冲床" in str(one.details)]
    with world.db.write_engine.connect() as connection:
        rows = [
            *connection.exec_driver_sql("SELECT * FROM long_case").mappings(),
            *connection.exec_driver_sql("SELECT * FROM long_case_step").mappings(),
        ]
    assert "冲床" not in str(rows)
    assert "刘科长" not in str(rows)


def test_who_may_not_see_it_is_told_nothing(world, sign_in, client):
    with clock.frozen(MONDAY):
        case = world.open()
        with world.db.transaction(SYSTEM) as session:
            colleague = factories.make_account(
                session, role=Role.STAFF, branch_id=world.owner.branch_id
            )
            employer = factories.make_account(session, role=Role.EMPLOYER)
            factories.make_employer(session, member=employer)
            neighbour = factories.make_resident(session, with_account=True)
            neighbours = session.get_one(Account, neighbour.account_id)
        shown = f"{LIST}{case.id}"
        other = sign_in(world.other)
        token = csrf_token(other, f"{LIST}new")
        assert other.get(shown).status_code == other.get(f"{shown}/papers").status_code == 404
        for step in ("read", "step", "next", "hands", "papers", "papers/1", "end"):
            data = {**errand(), "csrf_token": token, "reason": "case_checking", "outcome": "won"}
            answer = other.post(f"{shown}/{step}", data=data)
            assert answer.status_code == 404, step
        assert "陈建军" not in see(other, LIST)
        same_branch = sign_in(colleague)
        page = see(same_branch, shown)
        assert "跑了一趟" not in page
        data = {"csrf_token": csrf_token(same_branch, f"{LIST}new"), "reason": "case_checking"}
        assert same_branch.post(f"{shown}/read", data=data).status_code == 404
        assert sign_in(employer).get(shown).status_code == 403
        theirs = sign_in(neighbours)
        assert theirs.get(shown).status_code == 403
        for page in ("", "/papers"):
            assert theirs.get(f"/me/cases/{case.id}{page}").status_code == 404
        assert client.get(shown).status_code == 302


def test_the_person_reads_their_own_case_and_prints_the_papers(world, sign_in):
    with clock.frozen(MONDAY):
        case = world.open()
        world.step(case, K.ASK)
        world.paper(case, P.DIAGNOSIS)
        with world.db.reader() as session:
            account = session.get_one(Account, world.resident.account_id)
        own = sign_in(account)
        assert "社区陪我跑的事" in see(own, "/me/")
        assert "工伤认定和赔偿" in see(own, "/me/cases/")
        page = see(own, f"/me/cases/{case.id}")
        assert all(words in page for words in (ABOUT, "刘科长", "还差", "下一步：等答复"))
        assert "病历、诊断证明" in see(own, f"/me/cases/{case.id}/papers")
        assert ABOUT in own.get("/me/data.json").get_data(as_text=True)
        press(own, "/me/data/leave")
    kept = world.now(case)
    assert (kept.state, kept.outcome, kept.about) == (LongCaseState.ENDED, "given_up", "")
    with world.db.reader() as session:
        assert {row.came_of for row in session.exec(select(LongCaseStep)).all()} == {""}


def test_the_next_errand_waits_for_owner_then_backup_then_secretary(world):
    with clock.frozen(MONDAY):
        case = world.open()
    people = (world.owner, world.backup, world.secretary)
    for days, who in ((1, ""), (2, "o"), (3, "o"), (4, "ob"), (6, "ob"), (7, "obs")):
        with clock.frozen(MONDAY + timedelta(days=days)):
            waits = "".join(
                letter for letter, one in zip("obs", people, strict=True) if world.to_do(one)
            )
            assert waits == who, days
            assert world.to_do(world.other) == []
    with clock.frozen(MONDAY + timedelta(days=7)):
        world.step(case, K.HOSPITAL, by=world.secretary, days=20)
        assert not any(world.to_do(one) for one in people)
        with world.db.transaction(SYSTEM) as session:
            session.add(
                MemberAbsence(
                    account_id=world.owner.id,
                    from_on=TODAY + timedelta(days=26),
                    until_on=TODAY + timedelta(days=33),
                    noted_at=clock.now(),
                )
            )
    with clock.frozen(MONDAY + timedelta(days=27)):
        assert world.to_do(world.backup) == [case.id]  # on the day, with the owner on leave


def usual(world: World, last: StepKind | None) -> queries.Usual:
    with world.app.test_request_context(), world.db.reader() as session:
        return queries.usual(session, LongCaseKind.WORK_INJURY, last)


def test_what_usually_comes_next_is_counted_over_three_ended_cases_at_least(world, desk):
    with clock.frozen(MONDAY):
        world.ended(K.ASK, K.HOSPITAL, K.APPLY, missing=(P.DIAGNOSIS, P.CONTRACT))
        world.ended(K.ASK, K.HOSPITAL, K.ASK, K.HOSPITAL, K.APPRAISAL, missing=(P.DIAGNOSIS,))
        case = world.open()
        world.step(case, K.HOSPITAL)
        assert usual(world, K.HOSPITAL) == queries.Usual(2, [], [])
        assert "一般怎么走" not in see(desk, f"{LIST}{case.id}")
        world.ended(K.HOSPITAL, K.APPLY, K.HOSPITAL, K.APPLY, missing=(P.DIAGNOSIS,))
        found = usual(world, K.HOSPITAL)
        # Twice in one case counts once; what one case alone had is nobody's to read.
        assert found == queries.Usual(3, [(K.APPLY, 2)], [(P.DIAGNOSIS, 3)])
        assert usual(world, None).steps == [(K.ASK, 2)]
        assert usual(world, K.COURT).steps == []
        page = see(desk, f"{LIST}{case.id}")
        assert "递申请（3 件里 2 件）" in page
        assert "病历、诊断证明（3 件里 3 件）" in page
        assert "刘师傅" not in page


def test_a_member_leaves_and_the_cases_go_on(world):
    with clock.frozen(MONDAY):
        case, over = world.open(), world.ended(K.ASK)
        world.do(
            world.secretary, leaving.hand_over, account_id=world.owner.id,
            successor_id=world.backup.id, ending=Ending.LEAVES,
        )  # fmt: skip
    now = world.now(case)
    assert (now.owner_id, now.backup_id) == (world.backup.id, world.secretary.id)
    assert world.now(over).owner_id == world.owner.id  # who ran it stays written


def test_two_at_once_end_it_once_and_move_a_paper_once(world, app, db):
    with clock.frozen(MONDAY):
        case = world.open()
        paper = world.paper(case, P.DIAGNOSIS)

        def move(session, actor):
            long_case_papers.move(
                session, actor, case_id=case.id, paper_id=paper.id, state=PaperState.IN_HAND
            )

        def end(session, actor):
            long_cases.end(
                session, actor, case_id=case.id, outcome=LongCaseOutcome.PARTLY, words="赔了一半"
            )

        people = [world.actor(one) for one in (world.owner, world.backup)]
        assert at_once(app, db, *[(one, move) for one in people]) == ["409", "done"]
        assert at_once(app, db, *[(one, end) for one in people]) == ["409", "done"]


class Case(RuleBasedStateMachine):
    """Any order of steps: an open case has a next day, an ended one nothing moves any more."""

    base: World

    @initialize()
    def begin(self) -> None:
        self.now = MONDAY
        with clock.frozen(self.now):
            self.case = self.base.open(Outside("刘师傅", None))
        self.over = False
        self.papers: dict[int, PaperState] = {}

    def attempt(self, verb: Any, **data: Any) -> Any:
        with clock.frozen(self.now):
            try:
                return self.base.do(self.base.owner, verb, case_id=self.case.id, **data)
            except AppError:
                return None

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(kind=st.sampled_from(StepKind), back=st.integers(-1, 400), ahead=st.integers(-2, 200))
    def step(self, kind: StepKind, back: int, ahead: int) -> None:
        today = clock.local(self.now).date()
        made = self.attempt(
            long_cases.note_step, day=today - timedelta(days=back), kind=kind, place="", met="",
            came_of="跑了", next_step=Next(K.ASK, "", today + timedelta(days=ahead)),
            idempotency_key=key(),
        )  # fmt: skip
        allowed = not self.over and 0 <= back <= 366 and 0 <= ahead <= 183
        assert (made is not None) == allowed
        if made is not None:
            assert self.base.now(self.case).next_on == today + timedelta(days=ahead)

    @rule(kind=st.sampled_from(PaperKind), in_hand=st.booleans())
    def need(self, kind: PaperKind, in_hand: bool) -> None:
        paper = self.attempt(
            long_case_papers.need, kind=kind, name="一张", needed_for=None, in_hand=in_hand
        )
        if paper is not None:
            assert not self.over
            self.papers[paper.id] = PaperState.IN_HAND if in_hand else PaperState.MISSING

    @rule(data=st.data(), to=st.sampled_from(PaperState))
    def move(self, data: Any, to: PaperState) -> None:
        if not self.papers:
            return
        paper_id = data.draw(st.sampled_from(sorted(self.papers)))
        moved = self.attempt(long_case_papers.move, paper_id=paper_id, state=to)
        allowed = not self.over and to in PAPER_MOVES[self.papers[paper_id]]
        assert (moved is not None) == allowed
        if moved is not None:
            self.papers[paper_id] = to

    @rule(really=st.sampled_from([False, False, True]))
    def end(self, really: bool) -> None:
        if really:
            done = self.attempt(long_cases.end, outcome=LongCaseOutcome.LOST, words="没成")
            assert (done is not None) == (not self.over)
            self.over = True

    @invariant()
    def it_holds(self) -> None:
        if not hasattr(self, "case"):
            return
        case = self.base.now(self.case)
        assert (case.state is LongCaseState.ENDED) == self.over == (case.next_on is None)
        with self.base.db.reader() as session:
            papers = session.exec(
                select(LongCasePaper).where(col(LongCasePaper.case_id) == self.case.id)
            ).all()
        assert {one.id: one.state for one in papers} == self.papers
        assert all(one.was_missing for one in papers if one.state is PaperState.MISSING)


def test_the_life_of_a_case(world):
    class Bound(Case):
        base = world

    run_state_machine_as_test(
        Bound,
        settings=settings(
            max_examples=examples(5),
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_facts_erased_take_the_words_along(world):
    with clock.frozen(MONDAY):
        case = world.open()
        world.step(case, K.ASK)
        with world.db.transaction(SYSTEM) as session:
            long_case_data.erase_words(session, resident_id=world.resident.id)
    kept = world.now(case)
    assert (kept.about, kept.next_words, kept.state) == ("", "", LongCaseState.OPEN)
    assert isinstance(kept.next_on, date)
