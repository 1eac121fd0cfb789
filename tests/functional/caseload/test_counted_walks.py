"""How many clicks the staff's day costs, from their first page and by what stands on the pages."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests import factories
from tests.functional.matches_world import World, make_world
from tests.functional.oversight import world as oversight_world
from tests.functional.walk import Walk
from webapp.core import clock
from webapp.core.access import Role
from webapp.employment.models import EmploymentSpell
from webapp.matches.lifecycle import MatchState
from webapp.residents.models import Resident, ResidentState

FIRST = "/staff/"
PARAGRAPH = "邓素珍，女，51岁，住7栋1单元402，电话13900006633，想做保洁，会打扫卫生会做饭，初中毕业"
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def world(db, write, sign_in) -> World:
    return make_world(db, write, sign_in, name="陈桂芳", skills=["缝纫"], wanted=["缝纫工"])


@one_database
def test_from_a_paragraph_to_a_suggestion_in_six(write, sign_in):
    with write() as session:
        factories.make_opening(session, title="保洁员", pay_text="2800元/月")
        staff = factories.make_account(session, role=Role.STAFF)
    walk = Walk(sign_in(staff), FIRST).follow("居民").follow("粘贴一段话")
    walk.send("/paste", text=PARAGRAPH)
    walk.send(walk.path, ticked={"consent": "y", "channel": "in_person"})
    assert "保洁员" in walk.words
    assert "会打扫卫生" in walk.words or "打扫卫生" in walk.words  # and why it is suggested
    assert walk.clicks <= 6


@one_database
def test_a_hire_is_recorded_from_the_person_in_four(world, db):
    world.to_applied()
    walk = Walk(world.browser("staff"), FIRST).follow("居民").search("陈桂芳").follow("陈桂芳")
    person, before = walk.path, walk.clicks
    day = (clock.today() - timedelta(days=1)).isoformat()
    walk.follow("录用了：").send("/hire", start_date=day, evidence="签了合同")
    assert world.state() is MatchState.HIRED
    assert walk.path == person  # back where one came from
    assert "已有工作" in walk.words
    assert walk.clicks - before <= 4
    assert walk.clicks <= 5


@one_database
def test_a_job_found_alone_is_recorded_in_three(world, db):
    walk = Walk(world.browser("staff"), FIRST).follow("居民")
    walk.follow("有工作了").send("/employment")
    assert walk.clicks <= 3
    with db.reader() as session:
        assert session.exec(select(EmploymentSpell.kind)).all() == ["found_alone"]


@one_database
def test_who_can_sew_and_is_free_in_the_morning_in_two_steps(world, write):
    with write() as session:
        free = [{"days": "12345", "start": "08:00", "end": "12:00"}]
        session.get_one(Resident, world.resident_id).available = free
        factories.make_resident(session, name="王大爷", skills=["开车"], available=free)
    walk = Walk(world.browser("staff"), FIRST).follow("居民").search("会缝纫 上午有空")
    assert walk.clicks <= 2
    assert "陈桂芳" in walk.words
    assert "王大爷" not in walk.words


@one_database
def test_the_street_office_has_its_table_in_one(app, write, sign_in, boss):
    with write() as session:
        staff = factories.make_account(session, role=Role.STAFF)
    nothing = Walk(sign_in(staff), FIRST).follow("上个月的月报")
    assert "还没有月报" in nothing.words
    month = oversight_world.Period.of(clock.today().replace(day=1) - timedelta(days=1))
    moment = oversight_world.at(month.last + timedelta(days=3))
    with app.app_context(), clock.frozen(moment), write() as session:
        oversight_world.freezing.freeze(session, month)
    walk = Walk(sign_in(staff), FIRST).follow("上个月的月报")
    assert walk.clicks == 1
    assert walk.page.mimetype.endswith("spreadsheetml.sheet")
    assert walk.page.data[:2] == b"PK"


def test_a_decision_taken_from_a_person_leads_back_to_them(world, write):
    with write() as session:
        opening = factories.make_opening(session, title="裁剪工", employer_id=world.employer_id)
        factories.make_match(
            session, resident_id=world.resident_id, opening_id=opening.id, position=2
        )
        other = factories.make_match(session)
    file = f"/staff/residents/{world.resident_id}"
    walk = Walk(world.browser("staff"), file).follow("裁剪工")
    assert "回陈桂芳的档案" in walk.words
    walk.send("/confirm", channel="phone")
    assert walk.path == file
    assert "已推荐，等回话" not in walk.words  # what waits says whose turn it is
    assert "等本人回话" in walk.words
    walk.follow("裁剪工").send("/answer", ticked={"answer": "interested", "told": "phone"})
    assert walk.path == file
    assert "本人愿意" in walk.words
    # From elsewhere a match leads on as before.
    plain = Walk(world.browser("staff"), f"/staff/matches/{other.id}")
    assert "回陈桂芳的档案" not in plain.words
    plain.send("/dismiss", ticked={"code": "other"}, note="问过了")
    assert plain.path == "/staff/matches/"


def test_the_file_says_since_when_somebody_stands_as_they_do(world, db, write):
    file = f"/staff/residents/{world.resident_id}"
    assert "正在找活路，" in world.see("staff", file)
    later = clock.now() + timedelta(days=40)
    with clock.frozen(later), write() as session:
        resident = session.get_one(Resident, world.resident_id)
        resident.state = ResidentState.SEEKING  # as before: no new date
        session.flush()
        resident.state = ResidentState.PAUSED
    with db.reader() as session:
        assert session.get_one(Resident, world.resident_id).state_since == later
