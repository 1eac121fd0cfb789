"""The first page: the newest of each kind, the news, whom to turn to, the promises."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from tests import factories
from tests.forms import press
from tests.functional.branches import world as branches
from tests.functional.pages import see, text
from tests.functional.posts import world as made
from tests.functional.posts.world import World
from tests.functional.tickets import world as tickets
from webapp.branches import estate_map
from webapp.branches.models import MemberProfile
from webapp.core import clock
from webapp.core.vocabulary import Kind
from webapp.home import four_promises
from webapp.matches.lifecycle import MatchState
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.services import editing
from webapp.oversight.services import freezing, publishing
from webapp.posts.services import publishing as posts_publishing

MONDAY = branches.MONDAY  # 30 November 2026, ten in the morning


@pytest.fixture
def world(db, write, sign_in):
    with clock.frozen(MONDAY):
        yield made.make_world(db, write, sign_in)


def figure(page: str, label: str) -> tuple[str, str]:
    """Return what is said of this month and of the last one beside a label."""
    found = re.search(
        rf"<dt>(?:<a[^>]*>)?{label}(?:</a>)?</dt>\s*<dd>([^<]*)(?:<span[^>]*>([^<]*)</span>)?",
        page,
    )
    assert found, label
    return found[1].strip(), (found[2] or "").strip()


def test_two_of_each_kind_and_the_newest_posts(world: World, client):
    with world.write() as session:
        for kind in Kind:
            for number in range(3):
                factories.make_opening(
                    session,
                    kind=kind,
                    title=f"{kind.value}的第{number}个",
                    published_at=MONDAY - timedelta(hours=number),
                )
    world.written(text="头一条新鲜事。")
    page = see(client, "/")
    for kind in Kind:
        assert f"{kind.value}的第0个" in page
        assert f"{kind.value}的第1个" in page
        assert f"{kind.value}的第2个" not in page
    assert "头一条新鲜事。" in page
    for link in ("/feedback/new", "/feedback/", "/posts/", "/rights/", "/guides/"):
        assert f'href="{link}"' in page, link


def test_it_is_drawn_once_and_anew_when_something_changes(world: World, client):
    with world.write() as session:
        opening = factories.make_opening(session, title="招洗碗工")
    post = world.written(text="停水一天。")
    asked = []

    def note(*_args):
        asked.append(1)

    assert "停水一天" in see(client, "/")
    event.listen(world.db.read_engine, "before_cursor_execute", note)
    try:
        first = see(client, "/")
    finally:
        event.remove(world.db.read_engine, "before_cursor_execute", note)
    assert len(asked) <= 3
    assert "招洗碗工" in first
    press(world.desk, f"/staff/posts/{post.id}/correct", text="停水半天。", why="改短了")
    assert "停水半天" in see(client, "/")
    press(world.desk, f"/staff/posts/{post.id}/retract", reason="不停了")
    assert "停水" not in see(client, "/")
    with world.write() as session:
        ended = session.get_one(Opening, opening.id)
        editing.change(session, ended, {"state": OpeningState.CLOSED})
    assert "招洗碗工" not in see(client, "/")


def test_a_scheduled_post_shows_by_itself(app, world: World, client):
    world.written(text="明天的事。", step="schedule", day="2026-12-01", time="09:00")
    assert "明天的事" not in see(client, "/")
    with clock.frozen(MONDAY + timedelta(hours=23, minutes=1)):
        with app.app_context():
            posts_publishing.publish_due(world.db)
        assert "明天的事" in see(client, "/")


def test_whom_to_turn_to_today(world: World, client):
    with world.write() as session:
        team = branches.make_team(session)
        branches.make_shift(session, team.member, MONDAY, MONDAY + timedelta(hours=8))
        hours = [{"days": "1", "start": "09:00", "end": "17:30"}]
        session.add(MemberProfile(account_id=team.third.id, hours=hours, updated_at=MONDAY))
    page = see(client, "/")
    office = page.partition("安民支部")[2]
    assert "今天 09:00–17:30" in office
    assert "现在有人" in office
    assert "今天没有人" in page.partition("富民支部")[2]  # whose members wrote no hours
    assert "023-61230009" in page
    for place in estate_map.places():
        assert place.name in page
        assert place.words in page
    with clock.frozen(MONDAY + timedelta(hours=9)):
        later = see(client, "/").partition("安民支部")[2]
    assert "现在有人" not in later


def test_the_promises_have_this_months_figures_and_the_last_ones(app, world: World, client):
    start = MONDAY.date().replace(day=2)
    with world.write() as session:
        for _ in range(6):
            factories.make_match(session, state=MatchState.HIRED, start_date=start)
        team = branches.make_team(session)
        for _ in range(7):
            branches.make_promise(session, team.member, team.third, due_on=MONDAY.date())
    with app.app_context():
        office = tickets.make(world.db, world.write)
        for _ in range(6):
            office.file()
        with world.write() as session:
            publishing.count_running(session)
    world.written()
    page = see(client, "/")
    assert figure(page, "经社区上岗的人") == ("5 以上", "")  # six, told in steps of five
    assert figure(page, "支部说好这个月做到的") == ("5 以上", "")
    assert figure(page, "收到的话") == ("5 以上", "")
    assert figure(page, "本人说解决了、满意的") == ("还不满 5", "")
    assert figure(page, "华龙天空发的") == ("1", "10月 0")
    assert figure(page, "现在开着的机会")[0] == "6"
    for promise in four_promises.Promise:
        assert promise.label in page
    with clock.frozen(MONDAY + timedelta(minutes=11)):  # kept for ten minutes
        with app.app_context():
            for _ in range(4):  # ten an hour are taken in
                office.file()
            with world.write() as session:
                publishing.count_running(session)
        assert figure(see(client, "/"), "收到的话")[0] == "10 以上"


def test_a_month_that_is_over_is_told_as_it_was_frozen(app, world: World, client):
    with world.write() as session:
        for _ in range(6):
            factories.make_match(
                session, state=MatchState.HIRED, start_date=MONDAY.date().replace(day=2)
            )
    with clock.frozen(MONDAY + timedelta(days=3)):
        with app.app_context(), world.write() as session:
            for period in freezing.due(session):
                freezing.freeze(session, period)
            publishing.count_running(session)
        assert figure(see(client, "/"), "经社区上岗的人") == ("还不满 5", "11月 6 人")


def test_nothing_there_yet_is_said(client, db):
    page = text(client.get("/"))
    assert "现在还没有" in page
    assert "收到的话" not in page


@pytest.mark.parametrize("day", ["2026-01-01", "2026-02-28", "2026-12-31"])
def test_months_at_the_ends_of_the_year(app, db, day):
    with (
        clock.frozen(datetime.fromisoformat(day).replace(tzinfo=clock.LOCAL)),
        app.test_request_context(),
        db.reader() as session,
    ):
        found = dict(four_promises.of_month(session))
    assert [one.label for one in found[four_promises.Promise.CLEAR]] == [
        "华龙天空发的",
        "现在开着的机会",
    ]
