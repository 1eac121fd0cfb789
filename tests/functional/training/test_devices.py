"""Telephones that mark without network: grants, what they send, and what a liar could try."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from tests.forms import press, submit
from tests.functional.racing import at_once
from tests.functional.training.phone import Phone, tap
from tests.functional.training.test_pages import SignIn, see
from tests.functional.training.test_results import IN_CLASS, mark
from tests.functional.training.world import World, key
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.audit import verify_chain
from webapp.core.db import Database
from webapp.core.errors import Conflict, Forbidden
from webapp.residents.models import Resident
from webapp.training.lifecycle import MarkOutcome, Presence
from webapp.training.models.devices import AttendanceGrant, DeviceMark
from webapp.training.models.results import Attendance
from webapp.training.services import (
    attendance,
    certificates,
    codes,
    device_marks,
    enrolments,
    grants,
)
from webapp.training.services.device_marks import Tapped

OFFLINE = IN_CLASS + timedelta(minutes=10)


def lend(world: World, *, nth: int = 0, by: Actor | None = None) -> AttendanceGrant:
    actor = by or world.staff
    meeting = world.meetings()[nth].id
    return world.do(actor, grants.give, meeting_id=meeting, holder="何老师")


def with_list(world: World, app: Flask, *, nth: int = 0) -> Phone:
    """Return a telephone that took the list of a meeting."""
    phone = Phone(app)
    assert phone.claim(codes.claim_code(lend(world, nth=nth))).status_code == 200
    return phone


def ids(world: World) -> list[int]:
    return [world.enrolment(one).id for one in world.learners]


def rows(db: Database, table: Any) -> list[Any]:
    with db.reader() as session:
        return list(session.exec(select(table).order_by(table.id)).all())


def counted(world: World, learner: Actor) -> int:
    with world.db.reader() as session:
        return certificates.attendance_of(session, world.enrolment(learner))[0]


def test_a_telephone_keeps_short_names_and_nothing_else(
    world: World,
    app: Flask,
    db: Database,
) -> None:
    with clock.frozen(IN_CLASS):
        phone = with_list(world, app)
    kept = json.dumps(phone.list, ensure_ascii=False)
    for one in world.learners:
        person = world.get(Resident, one.resident_id)
        assert person.name not in kept
        assert not person.phone or person.phone not in kept
    assert set(phone.list["people"][0]) == {
        "id", "seat", "name", "code", "open", "presence", "key", "waits", "conflict",
    }  # fmt: skip
    grant = rows(db, AttendanceGrant)[0]
    assert phone.token not in (grant.token_hash, grant.public_key)
    assert grant.expires_at == world.meetings()[0].ends_at + timedelta(hours=72)


def test_marks_of_a_telephone_are_carried_out_once(
    world: World,
    app: Flask,
    db: Database,
) -> None:
    first, second = ids(world)
    with clock.frozen(IN_CLASS):
        phone = with_list(world, app)
    with clock.frozen(OFFLINE):
        one, two = tap(first), tap(second, "absent")
        wrong = tap(second, None, undoes=two["id"])
        three = tap(second, "late")
    with clock.frozen(OFFLINE + timedelta(minutes=20)):
        taps = (one, two, wrong, three)
        assert phone.words(*taps) == ["记上了", "撤回了", "撤回了", "记上了"]
        again = phone.words(*taps, tap(first))  # sent again, with one more tap on somebody marked
        assert again[:1] + again[3:4] == ["记上了", "记上了"]
        assert again[4] == "网上已经这样点了"
        assert (phone.presence(1), phone.presence(2)) == ("present", "late")
        assert phone.words() == []
    kept = rows(db, Attendance)
    assert [(row.presence, row.is_late, row.device_at) for row in kept] == [
        (Presence.PRESENT, False, OFFLINE),
        (Presence.LATE, False, OFFLINE),
    ]
    assert len(rows(db, DeviceMark)) == 5
    with db.reader() as session:
        assert verify_chain(session) == []


def test_two_that_send_the_same_at_once_double_nothing(
    world: World,
    app: Flask,
    db: Database,
) -> None:
    with clock.frozen(IN_CLASS):
        with_list(world, app)
    grant = rows(db, AttendanceGrant)[0]
    made = [
        Tapped(key(), enrolment, Presence.PRESENT, None, False, IN_CLASS)
        for enrolment in ids(world)
    ]

    def send(session: Session, actor: Actor) -> None:
        with clock.frozen(OFFLINE):
            done = device_marks.receive(session, actor, grant_id=grant.id, taps=made, ends=False)
            assert [row.outcome for row in done] == [MarkOutcome.COUNTED] * 2

    def online(session: Session, actor: Actor) -> None:
        with clock.frozen(OFFLINE):
            attendance.mark(
                session, actor, meeting_id=grant.meeting_id, enrolment_id=ids(world)[0],
                presence=Presence.ABSENT, client_key=key(),
            )  # fmt: skip

    assert at_once(app, db, *((world.staff, send),) * 4) == ["done"] * 4
    assert len(rows(db, Attendance)) == len(rows(db, DeviceMark)) == 2
    # A colleague's tap online and a telephone's at the same moment: one stands, the other is told.
    made[:] = [Tapped(key(), ids(world)[0], Presence.LATE, None, False, IN_CLASS)]
    for row in rows(db, Attendance):
        world.do(world.staff, attendance.undo, mark_id=row.id)

    def other(session: Session, actor: Actor) -> None:
        with clock.frozen(OFFLINE):
            device_marks.receive(session, actor, grant_id=grant.id, taps=made, ends=False)

    ended = at_once(app, db, (world.staff, other), (world.staff, online))
    kept, taps = rows(db, Attendance), rows(db, DeviceMark)
    assert len(kept) == 1
    if kept[0].presence is Presence.LATE:
        assert ended == ["409", "done"]
    else:
        assert ended == ["done", "done"]
        assert taps[-1].outcome is MarkOutcome.CONFLICT


def test_a_conflict_is_decided_by_staff_never_by_the_telephone(
    world: World,
    app: Flask,
    db: Database,
    sign_in: SignIn,
    colleague: Actor,
) -> None:
    first, second = ids(world)
    with clock.frozen(IN_CLASS):
        phone = with_list(world, app)
        for learner in world.learners:
            mark(world, learner, presence=Presence.ABSENT)
    with clock.frozen(OFFLINE):
        said = phone.words(tap(first), tap(second))
        assert said == ["跟网上点的不一样，等社区定"] * 2
        assert [row.presence for row in rows(db, Attendance)] == [Presence.ABSENT] * 2
        assert phone.list["people"][0]["conflict"]
        browser = sign_in(world.account(colleague))
        page = f"/staff/training/meetings/{phone.list['meeting']}"
        assert "手机上点的跟网上的不一样" in see(browser, page)
        assert "2 条" in see(browser, "/staff/training/")
        one, other = rows(db, DeviceMark)
        for tap_id, how in ((one.id, "take"), (other.id, "keep")):
            done = submit(browser, f"/staff/training/taps/{tap_id}/{how}", page=page)
            assert done.status_code == 303
        again = submit(browser, f"/staff/training/taps/{one.id}/keep", page=page)
        assert again.status_code == 409
        assert "不一样" not in see(browser, page)
    stands = {row.enrolment_id: row.presence for row in rows(db, Attendance)}
    assert stands == {first: Presence.PRESENT, second: Presence.ABSENT}


def test_marks_sent_long_after_wait_for_a_second_member(
    world: World,
    app: Flask,
    db: Database,
    colleague: Actor,
) -> None:
    meeting = world.meetings()[0]
    first, second = ids(world)
    with clock.frozen(IN_CLASS):
        phone = with_list(world, app)
        made = tap(first)
    with clock.frozen(meeting.ends_at + timedelta(hours=24)):
        assert phone.words(tap(second, at=IN_CLASS)) == ["记上了"]
    with clock.frozen(meeting.ends_at + timedelta(hours=24, minutes=1)):
        assert phone.words(made) == ["记上了，等另一位同事看"]
        assert [counted(world, one) for one in world.learners] == [0, 1]
        late = next(row for row in rows(db, Attendance) if row.is_late)
        with pytest.raises(Conflict, match="另一位"):  # whoever gave the list answers for it
            world.do(world.staff, attendance.see_late, mark_id=late.id)
        assert world.do(colleague, attendance.see_all_late, meeting_id=meeting.id) == 1
        assert counted(world, world.learners[0]) == 1
        with pytest.raises(Conflict, match="没有要您看的"):
            world.do(colleague, attendance.see_all_late, meeting_id=meeting.id)


def test_a_grant_ends_by_the_clock_and_by_staff(
    world: World,
    app: Flask,
    db: Database,
) -> None:
    first, _second = ids(world)
    ends = world.meetings()[0].ends_at
    with clock.frozen(IN_CLASS):
        phone, other = with_list(world, app), with_list(world, app)
    with clock.frozen(ends + timedelta(hours=72) - timedelta(seconds=1)):
        assert phone.send().status_code == 200
        world.do(world.staff, grants.revoke, grant_id=rows(db, AttendanceGrant)[1].id)
        assert other.send(tap(first, at=IN_CLASS)).status_code == 410
        with pytest.raises(Conflict):
            world.do(world.staff, grants.revoke, grant_id=rows(db, AttendanceGrant)[1].id)
    with clock.frozen(ends + timedelta(hours=72)):
        assert phone.send(tap(first, at=IN_CLASS)).status_code == 410
    assert rows(db, Attendance) == []
    with clock.frozen(IN_CLASS):
        done = with_list(world, app)
        assert done.words(tap(first), ends=True) == ["记上了"]
        assert done.send(tap(first)).status_code == 410  # it said that it deleted its copy
        gone = with_list(world, app)
        with db.transaction(SYSTEM) as session:
            session.get_one(Account, world.staff.account_id).enabled = False
        assert gone.send(tap(first)).status_code == 410  # nobody answers for it any more
    assert len(rows(db, Attendance)) == 1


def test_when_a_list_may_be_given(world: World, db: Database) -> None:
    begins, ends = world.meetings()[0].starts_at, world.meetings()[0].ends_at
    for moment, refused in (
        (begins - timedelta(hours=24, seconds=1), True),
        (begins - timedelta(hours=24), False),
        (ends, False),
        (ends + timedelta(seconds=1), True),
    ):
        with clock.frozen(moment):
            if refused:
                with pytest.raises(Conflict):
                    lend(world)
            else:
                lend(world)
    with clock.frozen(IN_CLASS), pytest.raises(Forbidden):
        lend(world, by=world.learners[0])


def test_a_claim_is_of_one_telephone_and_a_quarter_of_an_hour(
    world: World,
    app: Flask,
    db: Database,
) -> None:
    with clock.frozen(IN_CLASS):
        code = codes.claim_code(lend(world))
        late = codes.claim_code(lend(world))
        assert Phone(app).claim(code).status_code == 200
        assert Phone(app).claim(code).status_code == 410
        taken_back = lend(world)
        world.do(world.staff, grants.revoke, grant_id=taken_back.id)
        assert Phone(app).claim(codes.claim_code(taken_back)).status_code == 410
        number, rest = late.split("-")
        for wrong in (f"{int(number) + 9}-{rest}", f"{number}-{rest[::-1]}", number, "", "x-y"):
            assert Phone(app).claim(wrong).status_code == 404, wrong
        for public_key in ("", "AAAA", "!"):
            assert Phone(app).claim(late, public_key=public_key).status_code == 400
    with clock.frozen(IN_CLASS + timedelta(minutes=15, seconds=1)):
        assert Phone(app).claim(late).status_code == 410


def test_a_copied_token_and_a_changed_byte_open_nothing(
    world: World,
    app: Flask,
    db: Database,
) -> None:
    first, _second = ids(world)
    with clock.frozen(IN_CLASS):
        phone = with_list(world, app)
        copy = Phone(app, token=phone.token)
        assert copy.send(tap(first)).status_code == 403
        sent = phone.envelope(tap(first))
        changed = {**sent, "body": sent["body"].replace("present", "absent")}
        assert phone.post(changed).status_code == 403
        assert phone.post({**sent, "signature": "x"}).status_code == 403
        assert phone.post({**sent, "token": "x"}).status_code == 404
        for broken in ({}, [], {**sent, "more": 1}, {**sent, "body": 1}):
            assert phone.post(broken).status_code == 400
        for bad in (
            {"taps": [{}]},
            {"taps": [tap(first, "here")]},
            {"taps": [tap(first, id="short")]},
            {"taps": [tap(first, undoes=key())]},
            {"taps": [tap(2**31)]},
            {"taps": [{**tap(first), "made_at": "0001-01-01T00:00:00Z"}]},
            {"taps": [{**tap(first), "made_at": "2026-12-08T09:00:00"}]},
            {"at": "9999-12-31T23:59:59Z"},
            {"taps": [tap(first)] * 401},
        ):
            assert phone.send(**bad).status_code == 400, bad
        assert rows(db, Attendance) == rows(db, DeviceMark) == []
        assert phone.post(sent).status_code == phone.post(sent).status_code == 200
    assert len(rows(db, Attendance)) == 1


def test_who_is_not_in_the_run_and_another_meeting_are_refused(
    world: World,
    app: Flask,
    db: Database,
) -> None:
    first, second = ids(world)
    with clock.frozen(IN_CLASS - timedelta(days=3)):
        stranger, other_run = world.learner(), world.post_course("缝纫班")
        world.do(stranger, enrolments.enrol, run_id=other_run.id, resident_id=stranger.resident_id)
    theirs = world.enrolment(stranger, other_run.course_id).id
    with clock.frozen(IN_CLASS):
        phone = with_list(world, app)
        assert phone.words(tap(theirs), tap(2**31 - 1)) == ["名单上没有这个人。"] * 2
        tomorrow = with_list(world, app, nth=1)  # a day before; marked only an hour before
        assert tomorrow.send(tap(first)).status_code == 409
    before, after = IN_CLASS - timedelta(hours=2), IN_CLASS + timedelta(hours=5)
    with clock.frozen(after):
        # Its clock says before the meeting: kept, and somebody looks at it first.
        assert phone.words(tap(first, at=before)) == ["记上了，等另一位同事看"]
        # A clock that is three hours wrong is put right by what it says while sending.
        wrong = timedelta(hours=3)
        made = tap(second, at=IN_CLASS - wrong)
        assert phone.words(made, at=(after - wrong).isoformat()) == ["记上了"]
    assert rows(db, Attendance)[1].device_at == IN_CLASS
    insert = (
        "INSERT INTO device_mark (grant_id, client_key, enrolment_id, presence, made_at, sent_at, "
        "outcome, reason) VALUES (:g, 'x', :e, 'present', :at, :at, 'counted', '')"
    )
    values = {"g": rows(db, AttendanceGrant)[0].id, "e": theirs, "at": IN_CLASS}
    with pytest.raises(DBAPIError, match="in the run"), db.write_engine.begin() as connection:
        connection.execute(text(insert), values)
    for change, words in (
        ("UPDATE device_mark SET presence = 'late'", "never changes"),
        ("UPDATE attendance_grant SET expires_at = granted_at", "never changes"),
        ("UPDATE attendance_grant SET token_hash = 'x'", "one telephone"),
    ):
        with pytest.raises(DBAPIError, match=words), db.write_engine.begin() as connection:
            connection.execute(text(change))


def test_the_pages_of_lending(world: World, app: Flask, db: Database, sign_in: SignIn) -> None:
    with clock.frozen(IN_CLASS):
        staff = sign_in(world.account(world.staff))
        page = f"/staff/training/meetings/{world.meetings()[0].id}"
        assert "让老师的手机点名" in see(staff, page)
        own = press(staff, page, "/phones", whose="own")
        assert own.status_code == 303
        path, _mark, code = own.location.partition("#")
        assert path == "/training/attendance/"
        shell = staff.get(path).get_data(as_text=True)
        for one in world.learners:  # nobody stands in what a telephone keeps
            assert world.get(Resident, one.resident_id).name not in shell
        assert world.staff.name not in shell
        assert "csrf" not in shell
        assert Phone(app).claim(code).status_code == 200
        other = press(staff, page, "/phones", whose="other")
        lending = other.location
        assert "何老师的手机" in see(staff, lending)
        assert "door-qr" in staff.get(lending).get_data(as_text=True)
        press(staff, lending, "/revoke")
        assert "door-qr" not in staff.get(lending).get_data(as_text=True)
        assert "名单存在手机上" in see(staff, page)
        press(staff, page, "/revoke")
        assert "收回了" in see(staff, page)
        worker = app.test_client().get("/training/attendance/worker.js")
        assert worker.mimetype == "text/javascript"
        me = sign_in(world.account(world.learners[0]))
        assert me.get(lending).status_code == 403
