"""The code a learner shows at the door, and the printed list that is typed in afterwards."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from tests.forms import press, submit
from tests.functional.training.test_devices import counted, ids, rows
from tests.functional.training.test_pages import SignIn, see
from tests.functional.training.test_results import IN_CLASS, mark
from tests.functional.training.world import World, key
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.db import Database
from webapp.core.errors import BadField, Conflict, Forbidden, Gone, NotFound, Refused
from webapp.residents.models import Resident
from webapp.training.lifecycle import AttendanceSource, Presence
from webapp.training.models.results import Attendance
from webapp.training.services import attendance, codes, paper, runs


def code_of(world: World, nth: int = 0, *, meeting: int = 0) -> str:
    return codes.person_code(world.meetings()[meeting].id, ids(world)[nth])


def check_in(world: World, code: str, *, meeting: int = 0, by: Actor | None = None) -> Attendance:
    return world.do(
        by or world.staff,
        attendance.check_in,
        meeting_id=world.meetings()[meeting].id,
        code=code,
    )


def test_the_code_of_one_meeting_marks_once(world: World, db: Database) -> None:
    meeting = world.meetings()[0]
    with clock.frozen(IN_CLASS):
        code = code_of(world)
        assert len(code) == 8
        first = check_in(world, f" {code[:4]} {code[4:]} ")
        assert check_in(world, code).id == first.id
        assert (first.presence, first.source) == (Presence.PRESENT, AttendanceSource.CODE)
        with pytest.raises(Forbidden):  # who shows it marks nothing
            check_in(world, code, by=world.learners[0])
        with pytest.raises(NotFound, match="没有这个码"):
            check_in(world, code_of(world, meeting=1))  # a picture of another day's
        for wrong in ("", "AAAAAA", code[:5]):
            with pytest.raises(NotFound):
                check_in(world, wrong)
        mark(world, world.learners[1], presence=Presence.EXCUSED)
        with pytest.raises(Conflict, match="不是「到了」"):
            check_in(world, code_of(world, 1))
        with pytest.raises(Conflict, match="还没有到"):
            check_in(world, code_of(world, meeting=1), meeting=1)
        world.do(world.staff, attendance.undo, mark_id=first.id)
        check_in(world, code)
    with clock.frozen(meeting.ends_at):
        check_in(world, code)
    with clock.frozen(meeting.ends_at + timedelta(seconds=1)), pytest.raises(Gone, match="用"):
        check_in(world, code)
    assert len(rows(db, Attendance)) == 2


def test_the_code_stands_on_the_learners_page_while_it_holds(
    world: World,
    client: FlaskClient,
    sign_in: SignIn,
    db: Database,
) -> None:
    meeting, me = world.meetings()[0], world.learners[0]
    mine = sign_in(world.account(me))
    code = code_of(world)
    spaced = f"{code[:4]} {code[4:]}"
    address = f"/training/attendance/{meeting.id}/{code}"
    for moment, shown in (
        (meeting.starts_at - timedelta(minutes=61), False),
        (meeting.starts_at - timedelta(minutes=60), True),
        (meeting.ends_at, True),
        (meeting.ends_at + timedelta(seconds=1), False),
    ):
        with clock.frozen(moment):
            assert (spaced in see(mine, "/me/training/")) is shown, moment
    with clock.frozen(IN_CLASS):
        for browser in (mine, client):
            assert "您自己打开，不会记您到了" in see(browser, address)
            assert (
                browser.post(f"/staff/training/meetings/{meeting.id}/check-in").status_code >= 400
            )
        assert rows(db, Attendance) == []
        staff = sign_in(world.account(world.staff))
        page = see(staff, address)
        name = world.get(Resident, me.resident_id).name
        assert name in page
        assert rows(db, Attendance) == []  # looking marks nobody
        assert press(staff, address, "/check-in").status_code == 303
        assert "已经点过了" in see(staff, address)
        assert "记您到了" in see(mine, "/me/training/")
        tomorrow = world.meetings()[1].id
        assert "没有这个码" in see(staff, f"/training/attendance/{meeting.id}/AAAAAA")
        assert "还没有到" in see(staff, f"/training/attendance/{tomorrow}/{code}")
        assert see(staff, "/training/attendance/99999/AAAAAA", 404)
        page = f"/staff/training/meetings/{meeting.id}"
        other = code_of(world, 1)
        assert press(staff, page, "/check-in", code=other.lower()).status_code == 303
        assert "扫码点的" in see(staff, page)
    with clock.frozen(meeting.ends_at + timedelta(seconds=1)):
        assert "码不能再用" in see(staff, address)
        assert submit(
            staff, f"{page}/check-in", {"code": code}, page=page
        ).status_code == 410  # fmt: skip


def type_in(world: World, presences: dict[int, Presence], **changes: object) -> int:
    meeting = world.meetings()[0].id
    values = {
        "meeting_id": meeting,
        "code": codes.sheet_code(meeting),
        "presences": presences,
        "idempotency_key": key(),
        **changes,
    }
    return world.do(world.staff, paper.type_in, **values)


def test_a_printed_list_is_typed_in_whole_or_not_at_all(
    world: World,
    db: Database,
    colleague: Actor,
) -> None:
    first, second = ids(world)
    both = {first: Presence.PRESENT, second: Presence.LATE}
    after = world.meetings()[0].ends_at + timedelta(hours=3)
    with clock.frozen(after):
        with pytest.raises(BadField, match="拿错"):
            type_in(world, both, code=codes.sheet_code(world.meetings()[1].id))
        with pytest.raises(Refused, match="还一个人都没有点"):
            type_in(world, {})
        with pytest.raises(NotFound):
            type_in(world, {**both, second + 99: Presence.PRESENT})
        with pytest.raises(Forbidden):
            world.do(world.learners[0], paper.type_in, meeting_id=world.meetings()[0].id,
                     code="", presences=both, idempotency_key=key())  # fmt: skip
        mark(world, world.learners[1], presence=Presence.ABSENT)
        with pytest.raises(BadField, match="网上点了「没到」") as refused:
            type_in(world, both)
        assert refused.value.field == f"p{second}"
        assert len(rows(db, Attendance)) == 1  # nothing of the rest
        assert type_in(world, {first: Presence.PRESENT, second: Presence.ABSENT}) == 1
        row = next(one for one in rows(db, Attendance) if one.enrolment_id == first)
        assert (row.source, row.is_late) == (AttendanceSource.PAPER, False)
        assert row.marked_by_id == world.staff.account_id
        assert counted(world, world.learners[0]) == 1
        for one in rows(db, Attendance):
            world.do(world.staff, attendance.undo, mark_id=one.id)
    with clock.frozen(after + timedelta(hours=24)):
        assert type_in(world, both) == 2
        assert counted(world, world.learners[0]) == 0
        assert world.do(colleague, attendance.see_all_late, meeting_id=row.meeting_id) == 2
        assert counted(world, world.learners[0]) == 1
    with clock.frozen(IN_CLASS):
        world.do(world.staff, runs.cancel_run, run_id=world.run_id, reason="教室漏水")
        with pytest.raises(NotFound):  # their names are kept for another run
            type_in(world, both)


def test_the_form_of_the_printed_list(
    world: World,
    sign_in: SignIn,
    app: Flask,
    db: Database,
) -> None:
    first, second = ids(world)
    meeting = world.meetings()[0].id
    page = f"/staff/training/meetings/{meeting}/paper"
    staff = sign_in(world.account(world.staff))
    with clock.frozen(IN_CLASS - timedelta(days=1)):
        assert "还没有到" in see(staff, page)
    with clock.frozen(world.meetings()[0].ends_at + timedelta(hours=1)):
        printed = see(staff, f"/staff/training/meetings/{meeting}/print")
        code = codes.sheet_code(meeting)
        assert code in printed
        assert "☐" in printed
        with db.reader() as session:
            names = session.exec(select(Resident.name)).all()
        assert not any(name in printed for name in names)
        typed = {f"p{first}": "present", f"p{second}": "excused"}
        wrong = press(staff, page, **typed, code="AAAA")
        assert wrong.status_code == 400
        html = wrong.get_data(as_text=True)
        assert "纸是不是拿错了" in html
        assert html.count(" checked") == 2  # what was chosen stays
        assert press(staff, page, code=code).status_code == 400
        mark(world, world.learners[1])
        clash = press(staff, page, **typed, code=code)
        assert clash.status_code == 400
        assert "刚才有人在网上点了「到了」" in clash.get_data(as_text=True)
        assert press(staff, page, **{f"p{first}": "present"}, code=code.lower()).status_code == 303
        assert "照纸上补录的" in see(staff, f"/staff/training/meetings/{meeting}")
