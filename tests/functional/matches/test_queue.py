"""The staff's queue: its order, its filters, several at once, and a bounded number of queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from tests import factories
from tests.forms import submit
from tests.functional.matches_world import World
from webapp.core import clock
from webapp.core.db import Database
from webapp.home.worklist import LISTS
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import MatchEvent
from webapp.openings.lifecycle import OpeningState
from webapp.residents.models import ResidentState

S = MatchState


QUEUE = "/staff/matches/"


@contextmanager
def counted(db: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(db.read_engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.read_engine, "before_cursor_execute", note)


def test_pages_of_staff_ask_a_bounded_number_of_queries(world: World, write: Any) -> None:
    few: dict[str, int] = {}
    pages = (QUEUE, "/staff/", "/staff/matches/under-way")
    for path in pages:
        world.see("staff", path)
        with counted(world.db) as asked:
            world.see("staff", path)
        few[path] = len(asked)
    with write() as session:
        for state in (S.SUGGESTED, S.OFFERED, S.APPLIED):
            for _ in range(12):
                factories.make_match(session, state=state, offered_until=clock.today())
    for path in pages:
        with counted(world.db) as asked:
            world.see("staff", path)
        assert len(asked) <= few[path] + 4  # a list that was empty is read now
        # The workbench: one for each kind that waits, and one for what the reader is of a branch.
        assert len(asked) <= len(LISTS) + 10


def test_lists_of_residents_and_employers_ask_a_bounded_number(world: World, write: Any) -> None:
    world.to_applied()
    for role, path in (("resident", "/me/messages/"), ("employer", "/employer/applicants")):
        world.see(role, path)
        with counted(world.db) as few:
            world.see(role, path)
        with write() as session:
            for _ in range(8):
                match = factories.make_match(
                    session,
                    resident_id=world.resident_id,
                    state=S.APPLIED,
                    opening_id=factories.make_opening(session, employer_id=world.employer_id).id,
                )
                session.add(
                    MatchEvent(
                        match_id=match.id,
                        at=clock.now(),
                        action="apply",
                        from_state="shared",
                        to_state="applied",
                    )
                )
        with counted(world.db) as many:
            world.see(role, path)
        assert len(many) == len(few) <= 8


def test_the_queue_puts_best_and_needy_first_and_goes_on(world: World, write: Any) -> None:
    with write() as session:
        second = factories.make_match(session, position=2, score=0.99)
        best = factories.make_match(session, position=1, score=0.9)
        busy = factories.make_household(session)
        factories.make_resident(session, household_id=busy.id, state=ResidentState.EMPLOYED)
        member = factories.make_resident(session, household_id=busy.id)
        at_work = factories.make_match(session, resident_id=member.id, position=1, score=0.95)
    order = [best.id, world.match_id, at_work.id]
    html = world.see("staff", QUEUE)
    places = [html.index(f'name="ids" value="{one}"') for one in order]
    assert places == sorted(places)
    assert f'name="ids" value="{second.id}"' not in html  # nobody's best suggestion
    wide = world.see("staff", f"{QUEUE}?every=1")
    places = [wide.index(f'name="ids" value="{one}"') for one in (*order, second.id)]
    assert places == sorted(places)
    done = submit(
        world.browser("staff"),
        f"{QUEUE}{best.id}/confirm?next={world.match_id}&kind=vacancy",
        {"channel": "phone"},
        page=QUEUE,
    )
    assert done.headers["Location"] == f"{QUEUE}?id={world.match_id}&kind=vacancy"
    assert f'name="ids" value="{best.id}"' not in world.see("staff", QUEUE)


def test_the_queue_shows_only_what_can_still_be_done(world: World, write: Any) -> None:
    with write() as session:
        person = factories.make_resident(session, state=ResidentState.PAUSED)
        closed = factories.make_opening(session, state=OpeningState.CLOSED)
        late = factories.make_opening(session, valid_until=clock.today() - timedelta(days=1))
        full = factories.make_opening(session, headcount=1, hired_count=1)
        gone = [factories.make_match(session, resident_id=person.id).id]
        gone += [factories.make_match(session, opening_id=o.id).id for o in (closed, late, full)]
    html = world.see("staff", QUEUE)
    assert f'value="{world.match_id}"' in html
    assert not [one for one in gone if f'name="ids" value="{one}"' in html]
    refused = submit(
        world.browser("staff"), f"{QUEUE}{gone[1]}/confirm", {"channel": "phone"}, page=QUEUE
    )
    assert refused.status_code == 303
    assert world.state(gone[1]) is S.SUGGESTED


FILTERS = {
    "kind=vacancy": True,
    "kind=course": False,
    "kind=nonsense": True,
    "assisted=1": False,
    "mine=1": False,
    "branch=999999": False,
    "branch=x&opening=-1&page=99999999&id=0": True,
    "opening=2147483647": False,
}


def test_filters(world: World) -> None:
    for query, shown in FILTERS.items():
        html = world.see("staff", f"{QUEUE}?{query}")
        assert (f'name="ids" value="{world.match_id}"' in html) == shown, query


def test_dismissing_needs_a_reason_and_keeps_what_was_typed(world: World) -> None:
    bad = world.decide("dismiss", note="本人上月做过手术")
    assert bad.status_code == 400
    text = bad.get_data(as_text=True)
    assert "请选一个原因" in text
    assert "本人上月做过手术" in text
    assert world.state() is S.SUGGESTED
    assert world.decide("dismiss", code="too_hard", note="本人上月做过手术").status_code == 303
    assert world.state() is S.DISMISSED
    history = world.see("staff", f"/staff/matches/{world.match_id}")
    assert "身体吃不消，本人上月做过手术" in history


def test_postponed_rests_and_returns(world: World) -> None:
    assert world.decide("postpone", days="0").status_code == 400
    assert world.decide("postpone", days="3").status_code == 303
    row = f'name="ids" value="{world.match_id}"'
    assert row not in world.see("staff", QUEUE)
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert row in world.see("staff", QUEUE)


def test_several_at_once(world: World, write: Any) -> None:
    with write() as session:
        other = factories.make_match(session)
        decided = factories.make_match(session, state=S.DECLINED)
    nothing = submit(world.browser("staff"), f"{QUEUE}bulk", {"act": "confirm"}, page=QUEUE)
    assert nothing.status_code == 400
    assert "请先勾选几条" in nothing.get_data(as_text=True)
    ids = [str(world.match_id), str(other.id), str(decided.id), "2000000000"]
    data = {"act": "confirm", "ids": ids, "bulk_channel": "phone", "sure": "1"}
    assert submit(world.browser("staff"), f"{QUEUE}bulk", data, page=QUEUE).status_code == 303
    assert (world.state(), world.state(other.id)) == (S.OFFERED, S.OFFERED)
    assert world.state(decided.id) is S.DECLINED
    told = world.see("staff", "/staff/")
    assert "办好了 2 条" in told
    assert "有 2 条情况已变" in told
