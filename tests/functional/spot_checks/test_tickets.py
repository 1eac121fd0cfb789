"""Tickets that were closed in a quarter: which, and what a reviewer sees of them."""

from typing import Any

import pytest
from sqlmodel import col, select

from tests.functional.pages import see
from tests.functional.tickets import world as worlds
from tests.functional.tickets.world import World, at
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.spot_checks.lifecycle import SpotKind
from webapp.spot_checks.models import SpotCheck, SpotCheckLine
from webapp.spot_checks.queries import populations
from webapp.spot_checks.services import making
from webapp.tickets.lifecycle import Outcome, Rating
from webapp.tickets.services import calling

AUGUST = at("2026-08-12 10:00")


@pytest.fixture
def world(app: Any, db: Any, write: Any) -> Any:
    """Two branches and what they closed in August: one that all staff may read, one private."""
    with app.test_request_context(), clock.frozen(AUGUST):
        made = worlds.make(db, write)
        close(made)
        close(made, is_private=True)
        made.replied()  # still open
        yield made


def close(world: World, **sorted_as: Any) -> None:
    world.replied(**sorted_as)
    caller = "backup" if sorted_as else "clerk"  # of the branch, for a private one
    world.do(caller, calling.call)
    world.do(
        caller, calling.note_outcome,
        outcome=Outcome.RESOLVED, rating=Rating.SATISFIED, inside_words="说很亮堂",
    )  # fmt: skip


def lines_of(world: World) -> list[SpotCheckLine]:
    with clock.frozen(at("2026-10-01 08:15")), world.db.transaction(SYSTEM) as session:
        making.make(session)
    with world.db.reader() as session:
        check = session.exec(select(SpotCheck)).one()
        assert (check.kind, check.population) == (SpotKind.TICKET, 2)
        return list(session.exec(select(SpotCheckLine).order_by(col(SpotCheckLine.id))))


def test_what_was_closed_and_stayed_so(world: World) -> None:
    with world.db.reader() as session:
        found = populations.of(session, SpotKind.TICKET, "2026-Q3")
        assert found == world.filed[:2]
        assert populations.of(session, SpotKind.TICKET, "2026-Q2") == []
        assert populations.of(session, SpotKind.TICKET, "2026-Q4") == []


def test_who_worked_on_it_or_called_does_not_look(world: World) -> None:
    lines = lines_of(world)
    assert {line.member_id for line in lines} == {world.accounts["owner"].id}
    # Of the other branch the clerk sorted them and called back.
    assert {line.reviewer_id for line in lines} == {world.accounts["other"].id}


def test_of_a_private_one_only_the_steps_are_seen(world: World, sign_in: Any) -> None:
    public, private = lines_of(world)
    browser = sign_in(world.accounts["other"])
    with clock.frozen(at("2026-10-02 09:00")):
        page = see(browser, f"/staff/spot-checks/lines/{public.id}")
        assert "楼下路灯坏了" in page
        assert "已经换了新灯泡" in page
        assert "按时" in page
        page = see(browser, f"/staff/spot-checks/lines/{private.id}")
    for said in ("路灯", "灯泡", "亮堂"):
        assert said not in page, said
    for step in ("这件不公开", "社区答复了。", "满意", "解决了"):
        assert step in page, step
