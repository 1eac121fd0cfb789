"""The week on one page: what is open, put on and promised in the week chosen, whom to call."""

from datetime import date, timedelta

import pytest

from tests import factories
from tests.functional.branches import world as branches
from tests.functional.branches.world import MONDAY
from tests.functional.pages import see
from tests.functional.posts import world as made
from tests.functional.posts.world import World
from webapp.branches.models import MemberProfile
from webapp.branches.queries.members import Member
from webapp.branches.queries.office_hours import office_hours
from webapp.core import clock
from webapp.core.vocabulary import Kind
from webapp.openings.lifecycle import OpeningState
from webapp.posts.queries import digest

WEEK = timedelta(days=7)


@pytest.fixture
def world(db, write, sign_in):
    with clock.frozen(MONDAY):
        world = made.make_world(db, write, sign_in)
        with write() as session:
            team = branches.make_team(session)
            branches.make_promise(session, team.member, team.third)
            branches.make_promise(
                session, team.member, team.third, words="下个月的事",
                due_on=clock.today() + timedelta(days=30),
            )  # fmt: skip
            branches.make_activity(session, team.member, team.third)
            branches.make_shift(session, team.member, MONDAY - WEEK, MONDAY + WEEK)
            for kind, title in zip(Kind, ("招洗碗工", "串珠子", "月嫂班", "修鞋摊"), strict=True):
                factories.make_opening(session, kind=kind, title=title)
            factories.make_opening(session, title="早招满了", headcount=1, hired_count=1)
            factories.make_opening(session, title="别人看不到", state=OpeningState.DRAFT)
            factories.make_opening(
                session,
                title="上周就结束",
                state=OpeningState.EXPIRED,
                published_at=MONDAY - 2 * WEEK,
                valid_until=(MONDAY - WEEK).date(),
            )
        yield world


def test_the_page_of_this_week(world: World):
    world.written(text="停水通知：周三上午九点到十一点。", kind="notice")
    page = see(world.desk, "/staff/posts/digest")
    for said in (
        "招洗碗工",
        "串珠子",
        "月嫂班",
        "修鞋摊",
        "普法讲座",
        "三号楼的灯修好",
        "停水通知",
    ):
        assert said in page, said
    for unsaid in ("早招满了", "别人看不到", "上周就结束", "下个月的事"):
        assert unsaid not in page, unsaid
    assert "值班电话 023-61230009" in page
    assert world.phone in page
    assert "<strong>新</strong>" in page
    paper = see(world.desk, "/staff/posts/digest/print?week=2026-11-30")
    assert "11月30日（周一）–12月6日（周日）" in paper
    assert "<svg" in paper
    assert "<svg" in see(world.desk, "/staff/posts/poster")


def test_the_page_of_another_week(world: World):
    page = see(world.desk, "/staff/posts/digest/print?week=2026-11-23")
    assert "上周就结束" in page  # was open then
    assert "招洗碗工" not in page  # came in later
    later = see(world.desk, "/staff/posts/digest/print?week=2026-12-07")
    assert "招洗碗工" in later
    assert "<strong>新</strong>" not in later
    for strange in ("2026-12-01", "x", "1999-01-04", ""):
        assert world.desk.get(f"/staff/posts/digest/print?week={strange}").status_code == 404
        assert world.desk.get(f"/staff/posts/digest?week={strange}").status_code == 200


def test_what_does_not_fit_is_counted(world: World):
    with world.write() as session:
        for number in range(9):
            factories.make_opening(session, title=f"保洁{number}" + "很长的名字" * 12)
    with world.db.reader() as session:
        found = digest.digest(session, date(2026, 11, 30))
    assert (len(found.sections[0].lines), found.sections[0].total) == (7, 10)
    for section in found.sections:
        assert all(digest._width(line.words) <= 2 * digest._LINE for line in section.lines)


def test_an_office_is_open_while_its_members_are_there():
    def member(volunteer, *hours):
        rows = [{"days": days, "start": start, "end": end} for days, start, end in hours]
        profile = MemberProfile(account_id=1, volunteer=volunteer, hours=rows, updated_at=MONDAY)
        return Member(1, 1, "x", "", False, profile)

    kept = office_hours(
        [
            member(False, ("12345", "09:00", "17:30")),
            member(False, ("56", "08:30", "12:00"), ("7", "22:00", "06:00")),
            member(True, ("1234567", "06:00", "23:00")),
        ]
    )
    assert kept == [
        {"days": "1234", "start": "09:00", "end": "17:30"},
        {"days": "5", "start": "08:30", "end": "17:30"},
        {"days": "6", "start": "08:30", "end": "12:00"},
    ]
