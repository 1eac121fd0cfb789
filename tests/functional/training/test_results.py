"""Attendance, results by two members, signed certificates and their public page."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from tests.forms import forms_on, press, submit
from tests.functional.matches_world import visible_words
from tests.functional.training.test_pages import SignIn, see
from tests.functional.training.world import IN_CLASS, NOON, OVER, World, key
from webapp.core import clock, signing
from webapp.core.access import SYSTEM, Actor
from webapp.core.db import Database
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.core.models import AuditEvent
from webapp.engine.models import SuggestionRequest
from webapp.figures.queries.employment import employment
from webapp.residents.models import Resident
from webapp.training.lifecycle import EnrolmentState, Presence, RunState
from webapp.training.models.courses import CourseRun
from webapp.training.models.results import Attendance, Certificate
from webapp.training.services import assessment, attendance, certificates, enrolments

S = EnrolmentState


def mark(world: World, learner: Actor, *, nth: int = 0, **overrides: Any) -> Attendance:
    values = {
        "meeting_id": world.meetings()[nth].id,
        "enrolment_id": world.enrolment(learner).id,
        "presence": Presence.PRESENT,
        "client_key": key(),
        **overrides,
    }
    return world.do(world.staff, attendance.mark, **values)


def test_one_tap_is_one_mark_whatever_is_sent_again(world: World) -> None:
    me, other = world.learners
    with clock.frozen(IN_CLASS):
        tap = key()
        first = mark(world, me, client_key=tap)
        again = mark(world, me, client_key=tap, presence=Presence.ABSENT)
        assert (again.id, again.presence) == (first.id, Presence.PRESENT)
        with pytest.raises(Conflict, match="已经点过了"):
            mark(world, me)
        with pytest.raises(Conflict, match="记在别处"):
            mark(world, other, client_key=tap)
        world.do(world.staff, attendance.undo, mark_id=first.id)
        with pytest.raises(NotFound):
            world.do(world.staff, attendance.undo, mark_id=first.id)
        assert mark(world, me, presence=Presence.LATE).presence is Presence.LATE
        with pytest.raises(Conflict, match="还没有到"):
            mark(world, me, nth=1)
        with pytest.raises(Forbidden):
            world.do(me, attendance.mark, meeting_id=world.meetings()[0].id,
                     enrolment_id=world.enrolment(me).id, presence=Presence.PRESENT,
                     client_key=key())  # fmt: skip


def test_who_is_not_in_the_run_cannot_be_marked(world: World, db: Database) -> None:
    with clock.frozen(NOON):
        other_run = world.post_course("缝纫班")
        stranger = world.learner()
        world.do(stranger, enrolments.enrol, run_id=other_run.id, resident_id=stranger.resident_id)
    theirs = world.enrolment(stranger, other_run.course_id)
    meeting = world.meetings()[0].id
    with clock.frozen(IN_CLASS), pytest.raises(NotFound):
        mark(world, world.learners[0], enrolment_id=theirs.id)
    insert = (
        "INSERT INTO attendance (meeting_id, enrolment_id, presence, source, client_key, is_late, "
        "marked_at, marked_by_id) VALUES (:m, :e, 'present', 'list', 'x', :no, :at, :by)"
    )
    values = {"m": meeting, "e": theirs.id, "no": False, "at": IN_CLASS, "by": 1}
    with pytest.raises(DBAPIError, match="in the run"), db.write_engine.begin() as connection:
        connection.execute(text(insert), values)


def test_a_late_mark_counts_once_a_second_member_has_seen_it(
    world: World, colleague: Actor
) -> None:
    me = world.learners[0]
    meeting = world.meetings()[0]
    with clock.frozen(meeting.ends_at + timedelta(hours=24)):
        in_time = mark(world, me)
        assert not in_time.is_late
    with clock.frozen(meeting.ends_at + timedelta(hours=24, minutes=1)):
        late = mark(world, world.learners[1])
        assert late.is_late

    def counted() -> tuple[int, int]:
        with world.db.reader() as session:
            return certificates.attendance_of(session, world.enrolment(world.learners[1]))

    assert counted() == (0, 3)
    with pytest.raises(Conflict, match="另一位"):
        world.do(world.staff, attendance.see_late, mark_id=late.id)
    world.do(colleague, attendance.see_late, mark_id=late.id)
    assert counted() == (1, 3)
    for again in (late.id, in_time.id):
        with pytest.raises(Conflict):
            world.do(colleague, attendance.see_late, mark_id=again)


def test_a_result_needs_the_end_of_the_course_and_two_members(
    world: World, colleague: Actor, db: Database
) -> None:
    me, other = world.learners
    mine = world.enrolment(me)
    with clock.frozen(IN_CLASS), pytest.raises(Conflict, match="还没有上完"):
        world.do(world.staff, assessment.enter, enrolment_id=mine.id, passed=True, trainer="何")
    with clock.frozen(OVER):
        typed = world.do(
            world.staff, assessment.enter, enrolment_id=mine.id, passed=False, trainer="何"
        )
        with pytest.raises(Conflict, match="另一位"):
            world.do(world.staff, assessment.confirm, assessment_id=typed.id)
        typed = world.do(  # typed in wrongly at first
            world.staff, assessment.enter, enrolment_id=mine.id, passed=True, trainer="何"
        )
        world.do(colleague, assessment.confirm, assessment_id=typed.id)
        assert world.state(me) is S.PASSED
        with pytest.raises(Conflict):
            world.do(colleague, assessment.confirm, assessment_id=typed.id)
        with pytest.raises(Conflict):  # attendance is fixed with the result
            world.do(world.staff, assessment.note_gone, enrolment_id=mine.id, came=True)
        learnt = world.get(Resident, me.resident_id)
        assert "踩缝纫机" in learnt.skills
        with db.reader() as session:
            asked = session.exec(select(SuggestionRequest.resident_id)).all()
        assert me.resident_id in asked
        assert world.get(CourseRun, world.run_id).state is RunState.RUNNING
        world.finish(other, colleague, passed=False)
        assert world.state(other) is S.NOT_PASSED
        assert world.get(CourseRun, world.run_id).state is RunState.ASSESSED
        world.do(world.staff, assessment.close_run, run_id=world.run_id)
        assert world.get(CourseRun, world.run_id).state is RunState.CLOSED
    with db.reader() as session:
        assert len(session.exec(select(Certificate)).all()) == 1  # only a pass certifies


def test_who_left_half_way_stands_on_no_list(world: World, sign_in: SignIn, db: Database) -> None:
    me, other = world.learners
    with clock.frozen(OVER):
        world.do(world.staff, assessment.note_gone, enrolment_id=world.enrolment(me).id, came=True)
        gone = world.enrolment(other).id
        world.do(world.staff, assessment.note_gone, enrolment_id=gone, came=False)
        assert (world.state(me), world.state(other)) == (S.DROPPED, S.NO_SHOW)
        staff = sign_in(world.account(world.staff))
        page = see(staff, f"/staff/training/runs/{world.run_id}")
    with db.reader() as session:
        for one in world.learners:
            assert session.get_one(Resident, one.resident_id).name not in page
        trail = [row.action for row in session.exec(select(AuditEvent)).all()]
    assert not any("drop" in action or "miss" in action for action in trail)


def test_a_certificate_is_read_by_its_code_and_says_when_it_does_not_stand(
    world: World, colleague: Actor, client: FlaskClient, sign_in: SignIn, db: Database
) -> None:
    me = world.learners[0]
    with clock.frozen(IN_CLASS):
        mark(world, me)
    with clock.frozen(OVER):
        world.finish(me, colleague)
        with db.reader() as session:
            row = session.exec(select(Certificate)).one()
            name = session.get_one(Resident, me.resident_id).name
        assert row.content["attended"] == "1/3"
        assert signing.verify_json(row.content, signing.Signature.parse(row.signature))
        assert not signing.verify_json(
            {**row.content, "attended": "3/3"}, signing.Signature.parse(row.signature)
        )
        page = client.get(f"/certificates/{row.code}")
        words = visible_words(page.get_data(as_text=True))
        assert "有效" in words
        assert "焊工取证班" in words
        assert "3 次课来了 1 次" in words
        assert "发证日期 2026年" in words
        assert name not in words
        assert name[0] + "*" in words
        assert page.headers["X-Robots-Tag"] == "noindex"
        assert client.get(f"/certificates/{row.code.lower()}").status_code == 200
        paper = see(sign_in(world.account(me)), f"/me/training/certificates/{row.id}")
        assert name in paper
        other = sign_in(world.account(world.learners[1]))
        assert other.get(f"/me/training/certificates/{row.id}").status_code == 404

        staff = sign_in(world.account(world.staff))
        revoke = f"/staff/training/certificates/{row.id}/revoke"
        assert press(staff, revoke, reason="").status_code == 400
        assert press(staff, revoke, reason="代考").status_code == 303
        assert submit(staff, revoke, {"reason": "又"}, page="/staff/").status_code == 409
        words = see(client, f"/certificates/{row.code}")
        assert "作废了" in words
        assert "代考" not in words
        assert "代考" in see(sign_in(world.account(me)), "/me/training/")
    for change in ("number = 'FM'", "name_salt = 'a'"):
        statement = text(f"UPDATE certificate SET {change} WHERE id = :id")
        with pytest.raises(DBAPIError, match="never changes"), db.write_engine.begin() as writing:
            writing.execute(statement, {"id": row.id})


def test_who_holds_a_certificate_can_show_that_it_is_theirs(
    world: World, colleague: Actor, client: FlaskClient, db: Database
) -> None:
    me = world.learners[0]
    with clock.frozen(OVER):
        world.finish(me, colleague)
        with db.reader() as session:
            row = session.exec(select(Certificate)).one()
            name = session.get_one(Resident, me.resident_id).name
        page = f"/certificates/{row.code}"
        assert row.name_salt not in client.get(page).get_data(as_text=True)
        assert name not in str(row.content)
        assert row.content["name_digest"] == certificates.name_digest(row.name_salt, name)
        assert "就是发给这个名字的人的" in typed(client, page, f" {name[0]} {name[1:]} ")
        assert "发证时不是这个名字" in typed(client, page, name + "芳")
        assert press(client, page, name="").status_code == 400
        # The paper follows the file, the signature does not: another name is found out.
        with db.transaction(SYSTEM) as session:
            session.get_one(Resident, me.resident_id).name = "冒名者"
        assert "发证时不是这个名字" in typed(client, page, "冒名者")
        # A masked name could be guessed in the end: few tries an hour.
        tries = [press(client, page, name=f"王{n}").status_code for n in range(10)]
        assert tries[-1] == 429


def typed(client: FlaskClient, page: str, name: str) -> str:
    done = press(client, page, name=name)
    assert done.status_code == 200
    return visible_words(done.get_data(as_text=True))


def test_people_in_class_are_counted_beside_the_figure(world: World, db: Database) -> None:
    with db.reader() as session:
        assert employment(session).in_training == 2
        assert employment(session).working == 0


def test_guessing_codes_is_throttled(client: FlaskClient) -> None:
    codes = [f"ABCDEFGHJK{n:02d}" for n in range(31)]
    answers = [client.get(f"/certificates/{code}").status_code for code in codes]
    assert answers == [404] * 30 + [429]


def test_the_list_of_a_meeting_is_marked_undone_and_printed(
    world: World, sign_in: SignIn, colleague: Actor
) -> None:
    staff = sign_in(world.account(world.staff))
    page = f"/staff/training/meetings/{world.meetings()[0].id}"
    with clock.frozen(IN_CLASS):
        assert "还有 2 个人没有点" in see(staff, page)
        form = next(form for form in forms_on(staff.get(page)) if "client_key" in form.data)
        data = {**form.data, "presence": "present"}
        for _twice in range(2):
            assert staff.post(form.action, data=data).status_code == 303
        assert "还有 1 个人没有点" in see(staff, page)
        assert press(staff, page, "/undo").status_code == 303
        assert "还有 2 个人没有点" in see(staff, page)
        for wrong in ({"presence": "x"}, {"client_key": "short"}):
            assert staff.post(form.action, data={**data, **wrong}).status_code == 400
        assert staff.post(form.action, data={**data, "enrolment_id": "999"}).status_code == 404
        assert "签名" in see(staff, f"{page}/print")
    with clock.frozen(OVER + timedelta(days=2)):
        press(staff, page, "/mark", presence="present")
        assert "补记的，等另一位看" in see(staff, page)
        second = sign_in(world.account(colleague))
        assert press(second, page, "/seen").status_code == 303
        assert "补记的，有人看过了" in see(second, page)
        result = f"/staff/training/enrolments/{world.enrolment(world.learners[0]).id}/result"
        assert press(staff, result).status_code == 400  # nothing chosen
        assert press(staff, result, passed="yes").status_code == 303
        assert "等另一位同事核对" in see(staff, f"/staff/training/runs/{world.run_id}")
        run_page = f"/staff/training/runs/{world.run_id}"
        assert press(second, run_page, "/confirm").status_code == 303
        assert "结业证 FM2026-" in see(staff, run_page)
