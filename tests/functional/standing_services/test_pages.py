"""Pages of standing services: agree, go there, pass on who wants work, read, pause, end."""

import re
from datetime import timedelta

import pytest
from sqlmodel import col, select

from tests import factories
from tests.forms import csrf_token, forms_on, press, submit
from tests.functional.pages import see, text
from tests.functional.standing_services.world import MONDAY, World, at, key
from webapp.branches.lifecycle import Ending
from webapp.branches.services import leaving
from webapp.caseload.models import WorkNeed
from webapp.contacts.models import Contact
from webapp.core.access import SYSTEM, Role
from webapp.core.models import AuditEvent
from webapp.residents.models import Household
from webapp.standing_services import queries
from webapp.standing_services.lifecycle import ServiceKind, ServiceState, VisitOutcome
from webapp.standing_services.models import StandingService, StandingVisit

ROUND = "/staff/services/round"
TODAY = MONDAY.date()


def plan(world: World, **overrides):
    return {
        "kind": "rehabilitation",
        "owner": world.owner.id,
        "backup": world.backup.id,
        "beat": "days",
        "every_days": "7",
        "to_ask": "轮椅刹车修好没有",
        "agreed_how": "guardian",
        "agreed_on": TODAY.isoformat(),
        "agreed_note": "女儿在场，纸在二号柜",
        "notes_agreed": "y",
        **overrides,
    }


@pytest.fixture
def desk(world, sign_in):
    """The browser of who goes there."""
    return sign_in(world.owner)


def audit(world: World, action: str) -> list[AuditEvent]:
    with world.db.reader() as session:
        rows = select(AuditEvent).where(AuditEvent.action == action).order_by(col(AuditEvent.id))
        return list(session.exec(rows).all())


def test_agree_go_there_and_take_a_wrong_tap_back(world, desk, sign_in):
    with at():
        new = f"/staff/residents/{world.resident.id}/services/new"
        shown = press(desk, new, **plan(world)).headers["Location"]
        page = see(desk, shown)
        assert "每 7 天" in page
        assert "监护人、家里人替他答应" in page
        today = see(desk, ROUND)
        assert all(words in today for words in ("3栋1单元-501", "轮椅刹车修好没有", "去过了"))
        assert "陈桂芳" in see(desk, "/staff/")
        done = press(desk, ROUND, "/visit", outcome="visited", note="膝盖不肿了，练了十下")
        assert done.headers["Location"] == ROUND
        after = see(desk, ROUND)
        assert "下次12月7日" in after
        assert "今天没有要去的" in after
        assert "膝盖" not in after + see(desk, shown)
        assert press(desk, ROUND, "/take-back").status_code == 303
        assert "3栋1单元-501" in see(desk, ROUND)
        with world.db.reader() as session:
            assert session.exec(select(StandingVisit)).all() == []
    with at(1):
        press(desk, ROUND, "/visit", outcome="visited", note="")
        assert "今天没有要去的" in see(desk, ROUND)
    with at(2):
        assert "撤回" not in see(desk, ROUND)


def test_the_form_names_oneself_and_somebody_else_first(world, desk):
    """Two selects that both begin with the same name would be refused as they stand."""
    with at():
        for page in ("/staff/services/new", "/staff/tickets/cases/new"):
            (form,) = (one for one in forms_on(desk.get(page)) if "owner" in one.data)
            assert form.data["owner"] == str(world.owner.id)
            assert form.data["backup"] not in {"", str(world.owner.id)}


def test_bad_input_is_said_beside_its_field(world, desk):
    new = f"/staff/residents/{world.resident.id}/services/new"
    with at():
        for overrides, words in (
            ({"backup": world.owner.id}, "替补要是另一个人"),
            ({"every_days": ""}, "每几天一次，填个数"),
            ({"every_days": "0"}, "填 1 到 92"),
            ({"beat": "week"}, "至少点一天"),
            ({"begin": "2026-11-29"}, "从今天或以后的一天开始"),
            ({"begin": "2028-11-29"}, "太远了"),
            ({"begin": "明天"}, "日期不对"),
            ({"agreed_on": "2026-12-01"}, "还没到这一天"),
            ({"agreed_how": ""}, "请选一样"),
            ({"to_ask": "问" * 100_000}, "最多 200 个字"),
            ({"owner": world.other.id}, "有几处要改一改"),
        ):
            refused = press(desk, new, **plan(world, **overrides))
            assert refused.status_code == 400, overrides
            assert words in text(refused)
        outside = press(desk, "/staff/services/new", **plan(world), name="", address="", phone="1")
        assert all(words in text(outside) for words in ("请填姓名", "请填住哪里", "电话号码不对"))
        with world.db.reader() as session:
            assert session.exec(select(StandingService)).all() == []
        service = world.arrange()
        for values, words in (
            ({"outcome": "visited", "note": "记" * 5000}, "最多 200 个字"),
            ({"outcome": "postponed", "next_on": ""}, "改到哪天去"),
            ({"outcome": "postponed", "next_on": "2026-11-30"}, "要在今天以后"),
            ({"outcome": "postponed", "next_on": "2026-12-30"}, "太晚了，请在 7 天以内"),
            ({"outcome": "missed"}, "请点一个按钮"),
        ):
            refused = press(desk, f"/staff/services/{service.id}", "/visit", **values)
            assert refused.status_code == 400
            assert words in text(refused)
        assert world.visits(service) == []


def test_another_day_twice_then_the_backup_goes(world, desk):
    with at():
        service = world.arrange()
        done = press(desk, ROUND, "/visit", outcome="postponed", next_on="2026-12-02")
        assert done.status_code == 303
        assert "今天没有要去的" in see(desk, ROUND)
        page = f"/staff/services/{service.id}"
        again = press(desk, page, "/visit", outcome="postponed", next_on="2026-12-03")
        assert again.status_code == 303
        third = press(desk, page, "/visit", outcome="postponed", next_on="2026-12-04")
        assert third.status_code == 400
        assert "已经改过 2 回了，请替补去" in text(third)
    assert world.now(service).next_on == TODAY + timedelta(days=3)
    assert world.now(service).due_on == TODAY


def test_notes_only_with_consent(world, desk):
    with at():
        shown = press(
            desk,
            "/staff/services/new",
            **plan(world, notes_agreed="", name="冉婆婆", address="6栋2单元-302", phone=""),
        ).headers["Location"]
        assert "本人没同意记情况" in see(desk, ROUND)
        refused = press(desk, shown, "/visit", outcome="visited", note="血压高")
        assert refused.status_code == 400
        assert "本人没同意记" in text(refused)
        assert press(desk, shown, "/visit", outcome="visited").status_code == 303


def test_a_person_outside_the_files_is_encrypted(world, desk):
    with at():
        world.outside()
        assert "冉婆婆" in see(desk, ROUND)
    with world.db.write_engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT * FROM standing_service").mappings().one()
    assert not {"冉婆婆", "6栋2单元-302", "13700001111"} & {str(value) for value in row.values()}


def test_a_need_for_work_goes_to_the_branch_for_work(world, desk, sign_in):
    """With a file, its contact; without one the branch is told so, and keeps nothing."""
    with world.db.transaction(SYSTEM) as session:
        home = session.get_one(Household, world.resident.household_id)
        home.responsible_id = world.other.id
        session.add(home)
    fumin = sign_in(world.other)
    with at():
        inside, outside = world.arrange(), world.outside()
        page = f"/staff/services/{inside.id}"
        token = csrf_token(desk, page)
        unasked = desk.post(
            f"{page}/need", data={"csrf_token": token, "idempotency_key": key(), "words": "保洁"}
        )
        assert unasked.status_code == 400
        assert "先问本人愿不愿意" in text(unasked)
        assert press(desk, page, "/need", agreed="yes", words="想做保洁").status_code == 303
        assert "李晓梅会打电话" in see(desk, ROUND)
        press(desk, page, "/need", agreed="yes")
        assert "富民支部已经记着了" in see(desk, ROUND)
        press(desk, f"/staff/services/{outside.id}", "/need", agreed="yes")
        assert "这位还没有居民档案" in see(desk, ROUND)

        workbench = see(fumin, "/staff/")
        assert "上门时说想找活的，要打电话" in workbench
        assert "想做保洁" in workbench
        assert "还没有档案，先登记" in see(fumin, "/staff/work/needs")
        with world.db.reader() as session:
            needs = {row.resident_id: row.id for row in session.exec(select(WorkNeed)).all()}
        mine = f"/staff/work-needs/{needs[world.resident.id]}"
        theirs = f"/staff/work-needs/{needs[None]}"
        assert sign_in(world.backup).get(theirs).status_code == 404
        assert press(fumin, mine, words="", reached="yes").status_code == 400
        missed = press(fumin, mine, words="没人接", reached="no", way="phone")
        assert missed.status_code == 303
        assert see(fumin, mine)
        press(fumin, mine, words="想做保洁，周末也行", reached="yes", way="phone")
        assert fumin.get(mine).status_code == 404
        assert "没有电话" not in see(fumin, theirs)
        assert press(fumin, theirs, reached="yes").status_code == 303
        assert "上门时说想找活的" not in see(fumin, "/staff/")
    with world.db.reader() as session:
        contacts = session.exec(select(Contact).order_by(col(Contact.id))).all()
        assert [row.words for row in contacts] == [
            "没人接",
            "想做保洁，周末也行",
        ]
        assert {row.outside_name for row in session.exec(select(WorkNeed)).all()} == {None}


def test_notes_are_read_with_a_reason_and_each_reading_is_audited(world, desk, sign_in):
    with at():
        service = world.arrange()
        world.visit(service, note="膝盖不肿了")
    with at(1):
        notes = f"/staff/services/{service.id}/notes"
        assert "膝盖" not in see(desk, notes)
        assert press(desk, notes, reason="").status_code == 400
        assert audit(world, "standing_service.read_notes") == []
        shown = press(desk, notes, reason="before_visit")
        assert "膝盖不肿了" in text(shown)
        assert "no-store" in shown.headers["Cache-Control"]
        assert "膝盖不肿了" in text(press(sign_in(world.secretary), notes, reason="checking"))
        entries = audit(world, "standing_service.read_notes")
        assert [(one.account_id, one.details["reason"]) for one in entries] == [
            (world.owner.id, "before_visit"),
            (world.secretary.id, "checking"),
        ]
        assert not any("膝盖" in str(one.details) for one in entries)
        # The person sees in the copy of their data who read it.
        assert len(audit(world, "resident.visit_notes_read")) == 2


def test_who_may_not_see_it_is_told_nothing(world, sign_in, client):
    with at():
        service = world.arrange()
        world.visit(service, note="膝盖不肿了")
        with world.db.transaction(SYSTEM) as session:
            colleague = factories.make_account(
                session, role=Role.STAFF, branch_id=world.owner.branch_id
            )
            employer = factories.make_account(session, role=Role.EMPLOYER)
            factories.make_employer(session, member=employer)
            neighbour = factories.make_resident(session, with_account=True)
            neighbours = session.get_one(type(world.owner), neighbour.account_id)
            boss = factories.make_account(session, role=Role.ADMIN)
        shown = f"/staff/services/{service.id}"
        other = sign_in(world.other)
        assert other.get(shown).status_code == other.get(f"{shown}/notes").status_code == 404
        assert other.get(f"{shown}/edit").status_code == 404
        for step in ("visit", "need", "pause", "resume", "end", "notes"):
            token = csrf_token(other, "/staff/services/new")
            data = {"csrf_token": token, "outcome": "visited", "reason": "wish", "agreed": "yes"}
            data |= {"idempotency_key": key(), "until": "2026-12-20"}
            assert other.post(f"{shown}/{step}", data=data).status_code == 404, step
        assert "陈桂芳" not in see(other, "/staff/services/")
        same_branch = sign_in(colleague)
        assert "去了一趟" not in see(same_branch, shown)
        assert same_branch.get(f"{shown}/notes").status_code == 404
        for account in (employer, neighbours, boss):
            assert sign_in(account).get(shown).status_code == 403
        assert client.get(shown).status_code == 302
        taken = sign_in(neighbours)
        token = csrf_token(taken, "/account/password")
        ended = taken.post(f"/me/services/{service.id}/end", data={"csrf_token": token})
        assert ended.status_code == 404
    assert world.now(service).state is ServiceState.ACTIVE


def test_the_person_reads_what_was_noted_and_ends_it(world, sign_in):
    with at():
        service = world.arrange()
        world.visit(service, note="膝盖不肿了")
        own = sign_in(factories_account(world))
        assert "上门来看我的" in see(own, "/me/")
        mine = see(own, "/me/services/")
        assert all(words in mine for words in ("罗春燕来，每 7 天", "膝盖不肿了", "下次12月7日"))
        assert press(own, "/me/services/", "/end").status_code == 303
        assert "结束的" in see(own, "/me/services/")
        assert "膝盖不肿了" in own.get("/me/data.json").get_data(as_text=True)
    ended = world.now(service)
    assert (ended.state, ended.next_on, ended.end_reason) == (ServiceState.ENDED, None, "wish")


def factories_account(world: World):
    with world.db.reader() as session:
        return session.get_one(type(world.owner), world.resident.account_id)


def test_change_pause_resume_end(world, desk, sign_in):
    with at():
        service = world.arrange()
        shown = f"/staff/services/{service.id}"
        edited = press(
            desk, f"{shown}/edit", owner=world.backup.id, backup=world.secretary.id, beat="week",
            weekdays=["2", "5"], every_days="",
        )  # fmt: skip
        assert edited.status_code == 303
        page = see(desk, shown)
        assert "周二、周五" in page
        assert "下次" in page
        assert world.now(service).next_on == TODAY + timedelta(days=1)
        for until, status in (("2026-11-30", 400), ("2027-12-01", 400), ("2026-12-10", 303)):
            paused = press(desk, shown, "/pause", reason="hospital", until=until)
            assert paused.status_code == status
        assert "住院了，停到12月10日" in see(desk, shown)
        assert press(desk, shown, "/resume").status_code == 303
        assert press(desk, shown, "/end", reason="").status_code == 400
        assert press(desk, shown, "/end", reason="better").status_code == 303
        assert "好起来了，用不着了" in see(desk, shown)
        assert desk.get(f"{shown}/edit").status_code == 200
        late = submit(desk, f"{shown}/edit", {**plan(world), "idempotency_key": key()})
        assert late.status_code == 409


def test_who_leaves_the_community_is_forgotten(world, sign_in):
    with at():
        service = world.arrange()
        world.visit(service, note="膝盖不肿了")
    with at(9):
        own = sign_in(factories_account(world))
        page = see(own, "/me/data")
        assert "停用服务" in page
        left = press(own, "/me/data/leave", sure="y", confirm="y")
        assert left.status_code in {200, 303}, text(left)
    with world.db.reader() as session:
        kept = session.get_one(StandingService, service.id)
        notes = [row.note for row in session.exec(select(StandingVisit)).all()]
    assert kept.state is ServiceState.ENDED
    assert (kept.to_ask, kept.agreed_note, kept.notes_agreed) == ("", "", False)
    assert set(notes) == {None}


def test_a_member_leaves_and_somebody_else_goes(world):
    with at():
        service = world.arrange()
        ended = world.outside()
        world.visit(ended, VisitOutcome.NOT_HOME)
        moved = world.do(
            world.secretary, leaving.hand_over, account_id=world.owner.id,
            successor_id=world.backup.id, ending=Ending.LEAVES,
        )  # fmt: skip
    assert moved == 2
    now = world.now(service)
    assert (now.owner_id, now.backup_id) == (world.backup.id, world.secretary.id)


def test_figures_hide_small_counts_also_against_subtraction(world):
    with at():
        services = [world.outside(kind=kind) for kind in (ServiceKind.ELDERLY,) * 8]
        for number, service in enumerate(services):
            if number < 6:
                world.visit(service)
    with at(3), world.reading() as session:
        (row,) = queries.months(session)
    # 6 on time, 2 missed: with the sum of 8 the one would tell of the other.
    assert (row.due, row.on_time, row.late, row.missed) == (8, None, 0, None)
    with at(4):
        for service in services[6:7]:
            world.visit(service)
    with at(7):
        world.run_job()
        with world.reading() as session:
            december, november = (
                [one for one in queries.months(session) if one.month == month]
                for month in ("2026-12", "2026-11")
            )
    (row,) = november
    # 6 on time, 1 late, 1 missed: two hidden, their sum of 2 tells of neither.
    assert (row.due, row.on_time, row.late, row.missed) == (8, 6, None, None)
    assert all(one.due is None or one.due >= 5 for one in december)
    with at():
        for _number in range(6):
            world.visit(world.outside(kind=ServiceKind.HEALTH))
    with at(1), world.reading() as session:
        assert re.fullmatch(r"\d{4}-\d\d", queries.months(session)[0].month)
