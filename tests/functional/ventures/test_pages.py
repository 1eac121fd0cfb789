"""The pages of ventures through their real forms: public, residents', mentors', staff's."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlmodel import col, select

from tests.factories import make_account, make_branch, make_resident
from tests.forms import forms_on, press
from tests.functional.matches_world import visible_words
from tests.functional.ventures.world import CLOSED, KNOWN, NOON, World, make_world
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Role
from webapp.core.db import Database
from webapp.core.vocabulary import Kind
from webapp.guides.trades import Site, Trade
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.privacy import service as privacy
from webapp.privacy.export import export
from webapp.ventures.lifecycle import Allocation, CaseState
from webapp.ventures.models.cases import VentureCase, VenturePlan
from webapp.ventures.models.records import VentureCash, VentureVisit
from webapp.ventures.models.ventures import Venture
from webapp.ventures.services import applying, records

S = CaseState
SignIn = Callable[[Account], FlaskClient]
WORK_WORDS = ("工钱", "面试", "上岗", "录用", "离岗", "招聘")


@pytest.fixture
def world(app: Flask, db: Database) -> Any:
    with clock.frozen(NOON):
        yield make_world(app, db, people=2)


def see(browser: FlaskClient, path: str, status: int = 200) -> str:
    response = browser.get(path)
    assert response.status_code == status, (path, response.status_code)
    return visible_words(response.get_data(as_text=True))


def jpeg(colour: str = "red") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "JPEG")
    out.seek(0)
    return out


def test_two_taps_and_nothing_typed_from_the_stall_to_the_receipt(
    world: World, client: FlaskClient, sign_in: SignIn
) -> None:
    page = f"/ventures/{world.venture_id}"
    public = client.get(page).get_data(as_text=True)
    assert f"/me/ventures/apply/{world.venture_id}" in public  # it survives the sign-in
    me = sign_in(world.account(world.people[0]))
    assert f'href="/me/ventures/apply/{world.venture_id}"' in me.get(page).get_data(as_text=True)
    done = press(me, f"/me/ventures/apply/{world.venture_id}")
    assert done.status_code == 303
    case = world.case(world.people[0])
    assert done.location.endswith(f"/me/ventures/{case.id}")
    assert case.code in see(me, done.location)
    assert "我想要这个摊位" not in see(me, page)
    stranger = sign_in(world.account(world.people[1]))
    for path in ("", "/plan"):
        see(stranger, f"/me/ventures/{case.id}{path}", 404)


def test_a_stall_speaks_its_own_words_and_hides_nothing(
    world: World, client: FlaskClient, sign_in: SignIn
) -> None:
    me, staff = sign_in(world.account(world.people[0])), sign_in(world.account(world.staff))
    press(me, f"/me/ventures/apply/{world.venture_id}")
    case = world.case(world.people[0])
    pages = [
        (client, "/ventures/"),
        (client, f"/ventures/{world.venture_id}"),
        (client, f"/ventures/{world.venture_id}/results"),
        (me, "/me/ventures/"),
        (me, f"/me/ventures/{case.id}"),
        (me, "/me/ventures/new"),
        (staff, "/staff/ventures/"),
        (staff, f"/staff/ventures/{world.venture_id}"),
        (staff, f"/staff/ventures/cases/{case.id}"),
        (staff, "/staff/ventures/new"),
    ]
    for browser, path in pages:
        main = browser.get(path).get_data(as_text=True).split("<main")[1].split("</main>")[0]
        for word in WORK_WORDS:
            assert word not in main, (path, word)
    shown = see(client, f"/ventures/{world.venture_id}")
    for fact in (
        "600 元/月，交给市场管理处",
        "1,000 元，交给市场管理处；不做了当月退",
        "鱼死了卖不掉",
        "示例",
    ):
        assert fact in shown
    assert "大概剩" not in shown  # nobody said what it brings


def test_an_opening_of_kind_venture_leads_to_its_page(
    world: World, client: FlaskClient, sign_in: SignIn
) -> None:
    with world.db.reader() as session:
        opening = session.exec(select(Opening).where(Opening.kind == Kind.VENTURE)).one()
    response = client.get(f"/openings/{opening.id}")
    assert (response.status_code, response.location) == (302, f"/ventures/{world.venture_id}")
    staff = sign_in(world.account(world.staff))
    assert staff.get(f"/staff/openings/{opening.id}").location == (
        f"/staff/ventures/{world.venture_id}"
    )
    assert f"/openings/{opening.id}" in client.get("/openings/?kind=venture").get_data(as_text=True)
    see(client, "/ventures/999", 404)


def test_staff_post_a_stall_on_one_page_with_its_picture(
    world: World, client: FlaskClient, sign_in: SignIn, db: Database
) -> None:
    staff, path = sign_in(world.account(world.staff)), "/staff/ventures/new"
    good = {
        "title": "早餐车点位",
        "trade": "food_stall",
        "site": "street",
        "sells": "油条、豆浆",
        "description": "华岩小学对面划定的点位。",
        "estate": "华龙家园",
        "rent": "150",
        "rent_period": "month",
        "rent_to": "镇街",
        "deposit": "0",
        "risks": "下雨天卖不动",
        "allocation": "points",
        "plan": "校门 1号 [2号]",
    }
    bad = {
        "rent_to": ("", "租金交给谁"),
        "risks": ("", "至少一样"),
        "earn_min": ("3000", "没有出处"),
        "deposit": ("500", "押金交给谁"),
        "places": ("0", "请填 1 到 99"),
        "valid_until": ("2026-11-01", "已经过了"),
        "trade": ("ships", "请选"),
    }
    for name, (value, says) in bad.items():
        answer = press(staff, path, **{**good, name: value})
        assert answer.status_code == 400, name
        assert says in answer.get_data(as_text=True), name
    answer = press(staff, path, **good, photo=(jpeg(), "a.jpg"))
    assert answer.status_code == 400  # a picture nobody describes
    no_picture = (io.BytesIO(b"no picture"), "a.jpg")
    answer = press(staff, path, **good, photo=no_picture, photo_alt="点位")
    assert answer.status_code == 400
    with db.reader() as session:
        assert len(session.exec(select(Venture)).all()) == 1
    answer = press(staff, path, **good, photo=(jpeg(), "a.jpg"), photo_alt="蓝色的早餐车")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with db.reader() as session:
        venture = session.exec(select(Venture).order_by(col(Venture.id).desc())).first()
    assert venture.allocation is Allocation.POINTS
    page = client.get(f"/ventures/{venture.id}").get_data(as_text=True)
    assert 'alt="蓝色的早餐车"' in page
    assert "全家没有人有活路：4 分" in page
    with client.get(f"/ventures/{venture.id}/photo") as picture:
        assert picture.mimetype == "image/jpeg"
    see(client, f"/ventures/{world.venture_id}/photo", 404)
    changed = press(staff, f"/staff/ventures/{venture.id}/edit", sells="包子、豆浆")
    assert changed.status_code == 303, changed.get_data(as_text=True)
    assert "包子、豆浆" in see(client, f"/ventures/{venture.id}")
    assert world.get(Venture, venture.id).photo == venture.photo


def test_what_waits_at_the_desk_is_on_the_workbench(
    world: World, sign_in: SignIn, write: Any
) -> None:
    with write() as session:
        person = make_resident(session, name="罗大娘", phone="13712340000")
    staff = sign_in(world.account(world.staff))
    data = {"venture_id": world.venture_id, "resident_id": person.id}
    with clock.frozen(NOON):
        case = world.do(world.staff, applying.apply, **data)
    with clock.frozen(CLOSED):
        assert "1 个人等着" in see(staff, "/staff/work/stalls")
        world.freeze(source=None, day=None)
        assert "1 个人等着" not in see(staff, "/staff/work/stalls")
        assert "罗大娘 · 社区菜市场鱼摊" in see(staff, "/staff/work/offers")
        world.do(world.staff, applying.accept, case_id=case.id)
        assert "罗大娘" not in see(staff, "/staff/work/offers")
        assert "罗大娘" not in see(staff, "/staff/work/ventures")
    with clock.frozen(CLOSED + timedelta(days=31)):
        staff = sign_in(world.account(world.staff))
        assert "罗大娘 · 社区菜市场鱼摊" in see(staff, "/staff/work/ventures")
        assert "过了日子" in see(staff, f"/staff/ventures/cases/{case.id}")


def test_a_stall_sent_back_is_still_seen_by_who_applied(
    world: World, client: FlaskClient, sign_in: SignIn
) -> None:
    world.apply(world.people[0])
    with world.db.transaction(SYSTEM) as session:
        opening = session.get_one(Opening, world.get(Venture, world.venture_id).opening_id)
        opening.state = OpeningState.RETURNED
        session.add(opening)
    page = f"/ventures/{world.venture_id}"
    see(client, page, 404)
    assert "报名截止了" in see(sign_in(world.account(world.people[0])), page)


def test_from_the_list_to_the_result_by_receipts_alone(
    world: World, client: FlaskClient, sign_in: SignIn
) -> None:
    with clock.frozen(NOON):
        for one in world.people:
            world.apply(one)
    staff = sign_in(world.account(world.staff))
    path = f"/staff/ventures/{world.venture_id}"
    with clock.frozen(CLOSED):
        wrong = press(staff, path, "/freeze", day="2026-11-28")
        assert wrong.status_code == 400
        assert press(staff, path, "/freeze", day="2026-11-29").status_code == 303
        assert "名单定死了" in see(staff, path)
    with clock.frozen(KNOWN):
        world.draw()
        results = see(client, f"/ventures/{world.venture_id}/results")
        names = [world.account(one).name for one in world.people]
        for one in world.people:
            assert world.case(one).code in results
        assert not any(name in results for name in names)
        first = next(one for one in world.people if world.case(one).state is S.OFFERED)
        me = sign_in(world.account(first))
        own = f"/me/ventures/{world.case(first).id}"
        assert "轮到您了" in see(me, "/me/")
        assert press(me, own, "/accept").status_code == 303
        assert world.case(first).state is S.PLANNING
        # Nobody reads off the public page what somebody answered.
        assert see(client, f"/ventures/{world.venture_id}/results") == results


def test_a_case_by_the_person_and_by_staff(world: World, sign_in: SignIn, db: Database) -> None:
    person = world.people[0]
    case = world.in_planning(person)
    with clock.frozen(CLOSED):
        me, staff = sign_in(world.account(person)), sign_in(world.account(world.staff))
        own, path = f"/me/ventures/{case.id}", f"/staff/ventures/cases/{case.id}"
        plan = {
            "what": "活鱼",
            "unit": "斤",
            "cost": "9",
            "price": "14",
            "fixed": "900",
            "days": "30",
        }
        for name, value in (("price", "x"), ("days", "32"), ("fixed", "")):
            assert press(me, f"{own}/plan", **{**plan, name: value}).status_code == 400
        assert press(me, f"{own}/plan", **plan).status_code == 303
        assert "一天卖 6 斤（84 元）才不亏" in see(me, own)
        ticks = [one for one in forms_on(me.get(own)) if one.action.endswith("/licence")]
        assert press(me, own, "/licence", key=ticks[0].data["key"]).status_code == 303
        assert "办好了" in see(me, own)
        late = press(staff, path, "/open", evidence="visit_note")
        assert late.status_code == 400
        assert "先记一次" in late.get_data(as_text=True)
        photo = {"note": "摊子摆好了", "photo": (jpeg(), "a.jpg")}
        assert press(staff, path, "/visits", **photo).status_code == 303
        again = {"note": "又一张", "photo": (jpeg(), "b.jpg")}
        refused = press(staff, path, "/visits", **again)
        assert refused.status_code == 400
        assert "以前用过" in refused.get_data(as_text=True)
        assert press(staff, path, "/open", evidence="visit_note").status_code == 303
        assert "摊子摆好了" in see(me, own)
        with db.reader() as session:
            visit = session.exec(select(VentureVisit)).one()
        with me.get(f"{own}/visits/{visit.id}/photo") as picture:
            assert picture.mimetype == "image/jpeg"
        other = sign_in(world.account(world.people[1]))
        see(other, f"{own}/visits/{visit.id}/photo", 404)
        numbers = {"came_in": "5200", "went_out": "4100", "left": "-50"}
        for name, value in (("came_in", "-1"), ("month", "2020-01-01"), ("left", "一点")):
            assert press(me, own, "/month", **{**numbers, name: value}).status_code == 400
        assert press(me, own, "/month", **numbers).status_code == 303
        assert "5,200" in see(me, own)
        assert "5,200" in see(staff, path)
        assert "自己做生意" not in see(me, own)
        assert press(staff, path, "/close", cause="").status_code == 400
        assert press(staff, path, "/close", cause="season").status_code == 303
    assert world.case(person).state is S.CLOSED


def test_plan_and_months_are_read_by_nobody_else(
    world: World, app: Flask, sign_in: SignIn, write: Any
) -> None:
    case = world.in_planning(world.people[0])
    with write() as session:
        elsewhere = make_account(
            session, role=Role.STAFF, branch_id=make_branch(session, serves_all=False).id
        )
        asked = make_account(
            session, role=Role.STAFF, branch_id=make_branch(session, serves_all=False).id
        )
    with clock.frozen(CLOSED):
        path = f"/staff/ventures/cases/{case.id}"
        stranger, mentor = sign_in(elsewhere), sign_in(asked)
        see(stranger, path, 404)
        see(mentor, path, 404)
        staff = sign_in(world.account(world.staff))
        assert press(staff, path, "/mentor", mentor=str(asked.id)).status_code == 303
        assert "请您带" in see(mentor, "/staff/ventures/")
        assert press(mentor, path, "/mentor/yes").status_code == 303
        assert "记一次走访" in see(mentor, path)
        assert "开张了" not in see(mentor, path).split("经过")[0].split("记一次走访")[1][:20]
        see(stranger, f"{path}/plan", 404)


def test_what_one_told_of_a_business_is_in_the_copy_and_ends_with_the_service(
    world: World, app: Flask, db: Database
) -> None:
    person = world.people[0]
    case = world.in_planning(person)
    with clock.frozen(CLOSED):
        plan = records.PlanTerms("活鱼", "", "", "斤", 900, 1400, 90000, 30)
        world.do(person, records.write_plan, case_id=case.id, terms=plan)
        with app.test_request_context(), db.reader() as session:
            copy = export(session, person, resident_id=person.resident_id)
        assert copy["ventures"][0]["venture_plan"][0]["what"] == "活鱼"
        world.do(person, privacy.leave, resident_id=person.resident_id)
    assert world.case(person).state is S.STOPPED
    with db.reader() as session:
        assert session.exec(select(VenturePlan)).all() == []
        assert session.exec(select(VentureCash)).all() == []


def test_a_business_of_ones_own_idea(world: World, sign_in: SignIn, db: Database) -> None:
    me, staff = sign_in(world.account(world.people[0])), sign_in(world.account(world.staff))
    idea = {"title": "门口缝补改衣", "trade": "repair", "site": "home"}
    assert press(me, "/me/ventures/new", **{**idea, "title": ""}).status_code == 400
    done = press(me, "/me/ventures/new", **idea)
    assert done.status_code == 303
    assert "不用办营业执照" in see(me, done.location)
    other = world.people[1].resident_id
    done = press(staff, f"/staff/residents/{other}/ventures/new", **idea)
    assert done.status_code == 303
    with db.reader() as session:
        rows = session.exec(select(VentureCase).order_by(col(VentureCase.id))).all()
    assert [row.origin.value for row in rows] == ["own_idea", "own_idea"]
    assert {row.trade for row in rows} == {Trade.REPAIR}
    assert {row.site for row in rows} == {Site.HOME}


def test_staff_enter_somebody_at_the_counter(world: World, sign_in: SignIn, write: Any) -> None:
    with write() as session:
        row = make_resident(session, name="罗大娘")
    staff, path = sign_in(world.account(world.staff)), f"/staff/ventures/{world.venture_id}"
    found = [one for one in forms_on(staff.get(f"{path}?q=罗大")) if one.action.endswith("/enter")]
    assert [one.data["resident_id"] for one in found] == [str(row.id)]
    for wrong in ("", "x", "0", "99999999999"):
        answer = press(staff, f"{path}?q=罗大", "/enter", resident_id=wrong)
        assert answer.status_code == 404
    assert press(staff, f"{path}?q=罗大", "/enter").status_code == 303
    assert "罗大娘" in see(staff, path)
    with world.db.reader() as session:
        case = session.exec(select(VentureCase)).one()
    paper = see(staff, f"/staff/ventures/entries/{case.id}/slip")
    assert case.code in paper
    assert "罗大娘" not in paper
    assert "600 元/月" in see(staff, f"/ventures/{world.venture_id}/slip")
    see(staff, "/staff/ventures/entries/99/slip", 404)
