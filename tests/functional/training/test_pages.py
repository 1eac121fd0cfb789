"""The pages of training through their real forms: public, residents', staff's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlmodel import col, select

from tests import factories
from tests.calendar_reader import read, text_value
from tests.forms import forms_on, press, submit
from tests.functional.matches_world import visible_words
from tests.functional.training.world import BEGINS, NOON, World, make_world, meetings
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.vocabulary import Kind
from webapp.matches.lifecycle import MatchState
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.training.course_templates import course_templates
from webapp.training.lifecycle import EnrolmentState
from webapp.training.models.courses import Course, CourseRun
from webapp.training.models.enrolments import TrainingNews
from webapp.training.queries import staff as staff_queries
from webapp.training.services import enrolments, reminders, runs

S = EnrolmentState
SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def world(app: Flask, db: Database) -> Any:
    with clock.frozen(NOON):
        yield make_world(app, db, learners=3, papers=["身份证复印件"])


def see(browser: FlaskClient, path: str, status: int = 200) -> str:
    response = browser.get(path)
    assert response.status_code == status, (path, response.status_code)
    return visible_words(response.get_data(as_text=True))


def enrol(world: World, *learners: Any) -> None:
    for one in learners:
        world.do(one, enrolments.enrol, run_id=world.run_id, resident_id=one.resident_id)


def test_two_taps_from_the_course_to_the_seat(
    world: World, client: FlaskClient, sign_in: SignIn
) -> None:
    page = f"/training/{world.course_id}"
    public = client.get(page).get_data(as_text=True)
    assert "有账号的，先登录" in public
    assert f"/me/training/runs/{world.run_id}" in public  # the way back survives the sign-in
    me = sign_in(world.account(world.learners[0]))
    course = me.get(page).get_data(as_text=True)
    assert f'href="/me/training/runs/{world.run_id}"' in course  # the first tap
    done = press(me, f"/me/training/runs/{world.run_id}")  # the second
    assert done.status_code == 303
    assert world.state(world.learners[0]) is S.ACCEPTED
    assert "座位留好了" in see(me, "/me/training/")
    assert "座位留好了" in see(me, page)
    assert "我要报名" not in see(me, page)
    road = (
        me.get("/me/training/")
        .text.partition('<ol class="timeline road">')[2]
        .partition("</ol>")[0]
    )
    assert road.index("报上名了") < road.index('aria-current="step"') < road.index("学完考核")
    assert "选一期" not in road  # it lies behind


def test_a_course_speaks_its_own_words(world: World, client: FlaskClient, sign_in: SignIn) -> None:
    me = sign_in(world.account(world.learners[0]))
    press(me, f"/me/training/runs/{world.run_id}")
    staff = sign_in(world.account(world.staff))
    pages = [
        (client, "/training/"),
        (client, f"/training/{world.course_id}"),
        (me, f"/training/{world.course_id}"),
        (me, f"/me/training/runs/{world.run_id}"),
        (me, "/me/training/"),
        (staff, "/staff/training/"),
        (staff, f"/staff/training/{world.course_id}"),
        (staff, f"/staff/training/runs/{world.run_id}"),
        (staff, "/staff/training/to-tell"),
    ]
    for browser, page in pages:
        html = browser.get(page).get_data(as_text=True)
        main = html.split("<main")[1].split("</main>")[0]
        for word in ("工钱", "面试", "上岗", "录用", "离岗", "招聘"):
            assert word not in main, (page, word)


def test_an_opening_of_kind_course_leads_to_its_page(world: World, client: FlaskClient) -> None:
    response = client.get(f"/openings/{world.opening_id}")
    assert response.status_code == 302
    assert response.location == f"/training/{world.course_id}"
    assert f"/openings/{world.opening_id}" in client.get("/openings/?kind=course").get_data(
        as_text=True
    )
    assert see(client, "/training/999", 404)
    assert see(client, "/training/999.ics", 404)


def test_what_clashes_is_said_before(world: World, sign_in: SignIn, db: Database) -> None:
    busy = world.learner(available=[{"days": "12345", "start": "13:00", "end": "18:00"}])
    me = sign_in(world.account(busy))
    page = see(me, f"/me/training/runs/{world.run_id}")
    assert "有 3 次课不在里面，头一次是12月8日（周二）09:00–11:00" in page
    assert "知道了，还是报名" in page
    press(me, f"/me/training/runs/{world.run_id}")
    other = world.post_course("缝纫班")
    page = see(me, f"/me/training/runs/{other.id}")
    assert "跟您报的「焊工取证班 第1期」撞了" in page
    with db.transaction(SYSTEM) as session:
        session.get_one(Opening, world.opening_id).education = "bachelor"
    page = see(sign_in(world.account(world.learners[0])), f"/me/training/runs/{world.run_id}")
    assert "要本科及以上以上学历" in page


def test_free_hours_past_midnight_and_that_meet_count_as_one(world: World, app: Flask) -> None:
    from webapp.training.services.clashes import clashes_of

    free = [
        {"days": "1", "start": "22:00", "end": "09:30"},
        {"days": "2", "start": "09:30", "end": "11:00"},
    ]
    me = world.learner(available=free)
    one_day = world.post_course("早课", meetings=meetings(count=1))
    with app.test_request_context(), world.db.reader() as session:
        assert clashes_of(session, me.resident_id, one_day.id) == []
        late = session.get_one(Resident, me.resident_id)
        late.available = [{**free[0], "end": "09:00"}, free[1]]
        assert len(clashes_of(session, me.resident_id, one_day.id)) == 1


def test_the_line_the_offer_and_the_answer_on_the_page(world: World, sign_in: SignIn) -> None:
    first, second, third = world.learners
    enrol(world, first, second)
    me = sign_in(world.account(third))
    assert "满了，排候补" in see(me, f"/me/training/runs/{world.run_id}")
    press(me, f"/me/training/runs/{world.run_id}")
    assert "排第 1 位" in see(me, "/me/training/")
    leaving = sign_in(world.account(first))
    press(leaving, "/me/training/", "/withdraw")
    assert "这件事只有社区知道" in see(leaving, "/me/training/")
    assert "看到了" not in see(leaving, "/me/training/")  # no word of a seat they gave back
    assert "轮到您了！请在11月25日（周三） 12:00前说要不要" in see(me, "/me/")
    press(me, "/me/training/", "/accept")
    assert world.state(third) is S.ACCEPTED
    assert see(me, "/me/training/").count("前回话要不要") == 1  # folded in, asked no more
    press(me, "/me/training/", "/read")
    assert "看到了" not in see(me, "/me/training/")


def test_others_enrolments_are_not_there(world: World, sign_in: SignIn) -> None:
    first, second, _third = world.learners
    enrol(world, first)
    theirs = world.enrolment(first).id
    me = sign_in(world.account(second))
    for step in ("accept", "withdraw"):
        done = submit(me, f"/me/training/{theirs}/{step}", page="/me/")
        assert done.status_code == 404
    assert me.get(f"/staff/training/runs/{world.run_id}").status_code == 403
    assert world.state(first) is S.ACCEPTED


def test_a_wish_without_a_run_is_told_to_staff(world: World, sign_in: SignIn) -> None:
    world.do(world.staff, runs.cancel_run, run_id=world.run_id, reason="教室漏水")
    me = sign_in(world.account(world.learners[0]))
    assert press(me, f"/training/{world.course_id}", "/wish").status_code == 303
    assert "有班先告诉您" in see(me, "/me/training/")
    staff = sign_in(world.account(world.staff))
    assert "1 个人想学" in see(staff, "/staff/training/")
    page = f"/staff/training/{world.course_id}/runs/new"
    wrong = press(staff, page, first_day="2026-11-01", seats="0", days=[])
    assert wrong.status_code == 400
    words = visible_words(wrong.get_data(as_text=True))
    assert "这一天已经过了" in words
    assert "请填 1 到 200 的整数" in words
    assert press(staff, page, room="一楼").status_code == 303
    with world.db.reader() as session:
        run = session.exec(
            select(CourseRun).where(CourseRun.course_id == world.course_id, CourseRun.number == 2)
        ).one()
    roster = f"/staff/training/runs/{run.id}"
    assert "说过想学的" in see(staff, roster)
    assert press(staff, roster, "/enrol").status_code == 303
    assert world.state(world.learners[0]) is S.ACCEPTED


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_template_can_be_posted_as_it_is(world: World, sign_in: SignIn) -> None:
    staff = sign_in(world.account(world.staff))
    assert "都是示例" in see(staff, "/staff/training/new")
    for number, template in enumerate(course_templates()):
        page = f"/staff/training/new?template={template}"
        done = press(staff, page, room=f"{number}号教室")
        assert done.status_code == 303, visible_words(done.get_data(as_text=True))
        with world.db.reader() as session:
            opening = session.exec(select(Opening).order_by(col(Opening.id).desc())).first()
            course = session.exec(select(Course).where(Course.opening_id == opening.id)).one()
        assert opening.state is OpeningState.PUBLISHED
        assert opening.kind is Kind.COURSE
        assert opening.teaches == course.skills + course.certificates
        assert opening.places_left == 20
        assert opening.pay_text == "不收费"
        assert opening.pay_min_fen is None


@pytest.mark.slow
def test_posting_twice_is_once_and_faults_stand_beside_their_fields(
    world: World, sign_in: SignIn
) -> None:
    staff = sign_in(world.account(world.staff))
    page = "/staff/training/new?template=sewing"
    form = next(form for form in forms_on(staff.get(page)) if "title" in form.data)
    filled = {**form.data, "room": "三楼"}
    assert staff.post(page, data=filled).status_code == 303
    assert staff.post(page, data=filled).status_code == 303  # the same form again
    with world.db.reader() as session:
        assert len(session.exec(select(Course)).all()) == 2
    for wrong, words in (
        ({"first_day": "2026-11-20"}, "这一天已经过了"),
        ({"end": "08:30"}, "下课要在上课之后"),
        ({"days": []}, "请选星期几上课"),
        ({"count": "0"}, "请填 1 到 120 次"),
        ({"room": ""}, "请填教室"),
        ({"skills": "", "certificates": ""}, "请写学会什么"),
        ({"enrol_until": "2027-01-01"}, "报名要在开课那天或以前截止"),
        ({"town": "华岩/镇"}, "不要写斜杠"),
        ({"employer": "没有这家"}, "没有这家单位"),
        ({"description": "教缝纫。要求女性，五官端正"}, "性别"),
        ({"start": "25:00"}, "请选几点上课"),
        ({"fee": "-1"}, "请填 0 到 20000"),
    ):
        response = press(staff, page, **{"room": "五楼", **wrong})
        assert response.status_code == 400, wrong
        assert words in visible_words(response.get_data(as_text=True)), wrong
    words = "穿线、锁边。开课前交报名费50元。"
    paid = press(staff, page, room="四楼", fee="300", description=words)
    assert paid.status_code == 400  # a fee is flagged: somebody has to say why it may stand
    assert "报名费" in visible_words(paid.get_data(as_text=True)).split("为什么可以放行")[1]
    note = "学校收的材料钱，看过收费许可"
    paid = press(staff, page, room="四楼", fee="300", description=words, note=note)
    assert paid.status_code == 303


@pytest.mark.slow
def test_a_move_and_a_cancellation_reach_everybody_in_one_step(
    world: World, sign_in: SignIn, db: Database
) -> None:
    first, *_ = world.learners
    enrol(world, first)
    with db.transaction(SYSTEM) as session:
        assisted = factories.make_resident(session, name="胡婆婆", phone="13900000009")
    staff = sign_in(world.account(world.staff))
    found = see(staff, f"/staff/training/runs/{world.run_id}?q=胡婆婆")
    assert "胡婆婆 139****0009" in found
    page = f"/staff/training/runs/{world.run_id}"
    done = submit(staff, f"{page}/enrol", {"resident_id": assisted.id}, page=page)
    assert done.status_code == 303
    for wrong in ("x", "0", "99999999999", ""):
        assert submit(staff, f"{page}/enrol", {"resident_id": wrong}, page=page).status_code == 404

    change = f"{page}/change"
    assert "请写一句为什么改" in visible_words(
        press(staff, change, room="三楼").get_data(as_text=True)
    )
    assert press(staff, change).status_code == 303
    assert "存好了。" in see(staff, page)  # nothing changed, and nobody was told
    moved = press(staff, change, room="三楼", reason="二楼漏水", **{"meetings-0-day": "2026-12-07"})
    assert moved.status_code == 303
    assert "报了名的人都告诉了" in see(staff, page)
    with db.reader() as session:
        told = session.exec(select(TrainingNews.text).where(TrainingNews.kind == "moved")).all()
    assert len(told) == 2
    assert "12月8日（周二）09:00–11:00改到12月7日（周一）09:00–11:00" in told[0]
    assert "改期了" in see(sign_in(world.account(first)), f"/training/{world.course_id}")
    to_tell = see(staff, "/staff/training/to-tell")
    assert "胡婆婆" in to_tell
    with db.reader() as session:
        waiting = session.exec(staff_queries.to_tell()).all()
    assert {row.name for row in waiting} == {"胡婆婆"}
    for row, status in [(row, 303) for row in waiting] + [(waiting[0], 409)]:
        told_at = f"/staff/training/to-tell/{row.id}"
        assert submit(staff, told_at, page="/staff/").status_code == status
    assert "没有要转告的" in see(staff, "/staff/training/to-tell")

    assert press(staff, f"{page}/cancel", reason="").status_code == 400
    assert press(staff, f"{page}/cancel", reason="老师病了").status_code == 303
    assert "不办了：老师病了" in see(staff, page)
    assert press_again(staff, f"{page}/cancel", "/staff/").status_code == 409


def press_again(browser: FlaskClient, url: str, page: str) -> Any:
    return submit(browser, url, {"reason": "又点了"}, page=page)


def test_calendars_of_a_course_and_of_ones_own(
    world: World, client: FlaskClient, sign_in: SignIn
) -> None:
    enrol(world, world.learners[0])
    course = client.get(f"/training/{world.course_id}.ics")
    assert course.mimetype == "text/calendar"
    _properties, events = read(course.data)
    assert [one["DTSTART"] for one in events] == [
        "20261208T010000Z", "20261209T010000Z", "20261210T010000Z",
    ]  # fmt: skip
    assert text_value(events[0]["SUMMARY"]) == "焊工取证班 第1期"
    mine = sign_in(world.account(world.learners[0]))
    _properties, own = read(mine.get("/me/training/courses.ics").data)
    assert [one["UID"] for one in own] == [one["UID"] for one in events]
    world.do(world.staff, runs.cancel_run, run_id=world.run_id, reason="人太少")
    _properties, events = read(client.get(f"/training/{world.course_id}.ics").data)
    assert {one["STATUS"] for one in events} == {"CANCELLED"}
    assert {one["SEQUENCE"] for one in events} == {"1"}


def test_papers_that_are_in_stop_the_reminders(world: World, sign_in: SignIn) -> None:
    first, second, _third = world.learners
    enrol(world, first, second)
    staff = sign_in(world.account(world.staff))
    page = f"/staff/training/runs/{world.run_id}"
    done = submit(
        staff, f"/staff/training/enrolments/{world.enrolment(first).id}/papers",
        {"run": world.run_id}, page=page,
    )  # fmt: skip
    assert done.status_code == 303
    with clock.frozen(BEGINS - timedelta(days=3)):
        assert world.work(reminders.remind) == 1
        assert world.work(reminders.remind) == 0
    assert world.news(first) == ["seat"]
    assert world.news(second) == ["seat", "papers"]
    assert "还差材料" in see(sign_in(world.account(second)), "/me/training/")


@pytest.mark.slow
def test_the_lists_need_the_same_number_of_queries_for_many_courses(
    world: World, client: FlaskClient, sign_in: SignIn, db: Database
) -> None:
    staff = sign_in(world.account(world.staff))
    me = sign_in(world.account(world.learners[0]))
    pages = ((client, "/training/"), (staff, "/staff/training/"), (me, "/me/training/"))
    count = 0

    def note(*_given: Any) -> None:
        nonlocal count
        count += 1

    def counted() -> list[int]:
        nonlocal count
        found = []
        for browser, page in pages:
            count = 0
            assert browser.get(page).status_code == 200
            found.append(count)
        return found

    event.listen(db.read_engine, "before_cursor_execute", note)
    try:
        enrol(world, world.learners[0])
        few = counted()
        for number in range(6):
            run = world.post_course(
                f"课{number}", meetings=meetings(BEGINS.replace(day=20 + number))
            )
            for one in world.learners:
                world.do(one, enrolments.enrol, run_id=run.id, resident_id=one.resident_id)
        assert counted() == few
    finally:
        event.remove(db.read_engine, "before_cursor_execute", note)


def test_a_course_that_was_suggested_is_on_its_way_in_ones_own_list(
    world: World, sign_in: SignIn, db: Database
) -> None:
    me = world.learners[0]
    with db.transaction(SYSTEM) as session:
        match = factories.make_match(
            session, resident_id=me.resident_id, opening_id=world.opening_id,
            state=MatchState.OFFERED, offered_until=NOON.date(),
        )  # fmt: skip
    browser = sign_in(world.account(me))
    press(browser, f"/me/matches/{match.id}", "/interested")
    page = see(browser, f"/me/matches/{match.id}")
    assert "报名办到哪一步，在「我的课」里看" in page
    assert "同意，告诉单位" not in page
    assert "等您回话" not in see(browser, "/me/")
    staff = sign_in(world.account(world.staff))
    assert f"/staff/matches/{match.id}" not in staff.get("/staff/").get_data(as_text=True)
    assert world.state(me) is S.ACCEPTED
