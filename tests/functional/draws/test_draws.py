"""Draws through the real pages: freezing, two typists, what nobody can change afterwards."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from tests.factories import acting, make_account
from tests.forms import forms_on, press, submit
from tests.functional.pages import see
from tests.functional.racing import at_once
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.core.errors import AppError
from webapp.draws import order, service
from webapp.draws.lifecycle import TRANSITIONS, DrawAction, DrawState, SeedSource
from webapp.draws.models import Draw, DrawEntry, SeedEntry
from webapp.ops import verify

MONDAY = datetime(2026, 11, 30, 4, 0, tzinfo=clock.now().tzinfo)  # 12:00 here
TUESDAY = date(2026, 12, 1)
KNOWN = datetime(2026, 12, 1, 13, 15, tzinfo=clock.now().tzinfo)  # 21:15 here
NUMBERS = "02 07 11 19 26 30 08"
TODAY = "/staff/"


@dataclass
class Room:
    """A draw with five entries and two members of staff; the clock stands on the Monday."""

    db: Database
    draw_id: int
    first: FlaskClient
    second: FlaskClient
    actors: list[Actor]

    @property
    def page(self) -> str:
        return f"/staff/draws/{self.draw_id}"

    @property
    def draw(self) -> Draw:
        with self.db.reader() as session:
            return session.get_one(Draw, self.draw_id)

    def entries(self) -> list[DrawEntry]:
        with self.db.reader() as session:
            return list(session.exec(select(DrawEntry).order_by(DrawEntry.id)))

    def freeze(self, **changes: Any) -> Any:
        return press(self.first, self.page, "/freeze", **{"source": "ssq",
                     "day": TUESDAY.isoformat(), **changes})  # fmt: skip

    def type(self, browser: FlaskClient, numbers: str = NUMBERS) -> Any:
        return press(browser, self.page, "/seed", numbers=numbers)


@contextmanager
def known() -> Iterator[None]:
    with clock.frozen(KNOWN + timedelta(minutes=5)):
        yield


@pytest.fixture
def room(db: Database, write: Any, sign_in: Callable[..., FlaskClient]) -> Iterator[Room]:
    with clock.frozen(MONDAY):
        with write() as session:
            staff = [make_account(session, role=Role.STAFF) for _one in range(2)]
            draw = service.begin(
                session, SYSTEM, subject="test:1", title="1号摊位 两个名额", places=2
            )
            for _one in range(5):
                service.enter(session, draw.id)
        yield Room(db, draw.id, *(sign_in(one) for one in staff), [acting(one) for one in staff])


def test_from_the_list_to_an_order_anybody_can_recompute(
    room: Room, client: FlaskClient, app: Flask
) -> None:
    code = room.draw.code
    assert client.get(f"/draws/{code}").status_code == 404  # nothing to see before it is frozen
    assert room.freeze().status_code == 303
    draw = room.draw
    assert (draw.state, draw.source_day, draw.known_at) == (DrawState.FROZEN, TUESDAY, KNOWN)
    page = see(client, f"/draws/{code}")
    assert draw.list_hash in page
    assert "双色球" in page
    listed = client.get(f"/draws/{code}/list.txt")
    assert order.digest(listed.get_data(as_text=True)) == draw.list_hash
    codes = [one.code for one in room.entries()]
    assert order.codes_in(listed.get_data(as_text=True)) == sorted(codes)
    assert draw.title not in see(room.first, TODAY)
    with known():
        assert draw.title in see(room.first, TODAY)
        assert room.type(room.first).status_code == 303
        assert room.draw.state is DrawState.TYPED
        assert NUMBERS not in see(room.second, room.page)  # the second types unseen
        assert NUMBERS not in see(client, f"/draws/{code}")
        assert room.type(room.second, "30 26 19 11 7 2 + 8").status_code == 303
        assert draw.title not in see(room.first, TODAY)
    assert (room.draw.state, room.draw.seed) == (DrawState.DRAWN, NUMBERS)
    ranked = [one.code for one in sorted(room.entries(), key=lambda one: one.rank or 0)]
    assert ranked == order.drawn_order(NUMBERS, codes)
    page = see(client, f"/draws/{code}?receipt={ranked[1].lower()}")
    assert "抽在第 2，抽中了" in page
    assert "抽在第 3，这次没抽中" in see(client, f"/draws/{code}?receipt={ranked[2]}")
    assert "没有这个回执号" in see(client, f"/draws/{code}?receipt=x")
    assert draw.title in see(client, "/draws/")
    with client.get("/static/draw_check.py") as script:
        assert script.status_code == 200
    assert verify.faults(room.db) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"day": "2026-11-30"}, "最早明天"),
        ({"day": "2026-11-29"}, "最早明天"),
        ({"day": "2026-12-02"}, "那天不开奖"),
        ({"day": "2027-11-30"}, "太远"),
        ({"day": "x"}, "日期不对"),
        ({"day": ""}, "请填日期"),
        ({"source": "x"}, ""),
    ],
)
def test_the_result_must_lie_ahead(room: Room, changes: dict[str, str], told: str) -> None:
    refused = room.freeze(**changes)
    assert refused.status_code == 400
    assert told in refused.get_data(as_text=True)
    assert room.draw.state is DrawState.OPEN


def test_an_empty_list_is_not_frozen(room: Room, write: Any) -> None:
    with write() as session:
        for one in room.entries():
            service.take_out(session, one.id)
    assert "还没有人报名" in room.freeze().get_data(as_text=True)


def test_two_who_type_differently_both_begin_again(room: Room) -> None:
    room.freeze()
    with known():
        room.type(room.first)
        stale = room.first.get(room.page)
        assert "您填过了" in stale.get_data(as_text=True)
        assert room.type(room.second, "02 07 11 19 26 30 09").status_code == 303
        page = see(room.first, room.page)
        assert NUMBERS in page
        assert "02 07 11 19 26 30 09" in page
        assert (room.draw.state, room.draw.round) == (DrawState.FROZEN, 2)
        # A page of the first round does not count in the second.
        form = next(one for one in forms_on(room.second.get(room.page)) if "seed" in one.action)
        old = {**form.data, "round_number": "1", "numbers": NUMBERS}
        assert room.second.post(form.action, data=old).status_code == 409
        assert room.type(room.second).status_code == 303
        assert room.type(room.first).status_code == 303
    assert room.draw.state is DrawState.DRAWN


def test_one_person_is_not_two(room: Room) -> None:
    room.freeze()
    with known():
        form = next(one for one in forms_on(room.first.get(room.page)) if "seed" in one.action)
        sent = {**form.data, "numbers": NUMBERS}
        assert room.first.post(form.action, data=sent).status_code == 303
        again = {**sent, "idempotency_key": "0" * 32}
        refused = room.first.post(form.action, data=again)
        assert refused.status_code == 400
        assert "换一位同事" in refused.get_data(as_text=True)
    assert room.draw.state is DrawState.TYPED


@pytest.mark.parametrize("numbers", ["", "1 2 3", "1 2 3 4 5 34 7", "x" * 61])
def test_bad_numbers_are_told_beside_the_field(room: Room, numbers: str) -> None:
    room.freeze()
    with known():
        assert room.type(room.first, numbers).status_code == 400
    assert room.draw.state is DrawState.FROZEN


def test_nothing_is_typed_before_and_nothing_called_off_after_the_drawing(room: Room) -> None:
    room.freeze()
    assert "seed" not in str([one.action for one in forms_on(room.first.get(room.page))])
    token = {"numbers": NUMBERS, "round_number": "1", "idempotency_key": "0" * 32}
    early = submit(room.first, f"{room.page}/seed", token, page=room.page)
    assert early.status_code == 400
    with known():
        late = submit(room.first, f"{room.page}/cancel", {"reason": "不满意"}, page=room.page)
        assert late.status_code == 409
    assert room.draw.state is DrawState.FROZEN
    assert press(room.first, room.page, "/cancel", reason="").status_code == 400
    assert press(room.first, room.page, "/cancel", reason="摊位不租了").status_code == 303
    assert room.draw.state is DrawState.CANCELLED


def test_a_cancelled_draw_says_why_and_lets_another_begin(
    room: Room, client: FlaskClient, write: Any
) -> None:
    room.freeze()
    with write() as session, pytest.raises(AppError):
        service.begin(session, SYSTEM, subject="test:1", title="再来一次", places=1)
    press(room.first, room.page, "/cancel", reason="摊位不租了")
    assert "摊位不租了" in see(client, f"/draws/{room.draw.code}")
    with write() as session:
        service.begin(session, SYSTEM, subject="test:1", title="再来一次", places=1)


def test_residents_and_employers_run_no_draws(room: Room, write: Any, sign_in: Any) -> None:
    for role in (Role.RESIDENT, Role.EMPLOYER, Role.ADMIN):
        with write() as session:
            account = make_account(session, role=role)
        assert sign_in(account).get(room.page).status_code == 403
        actor = acting(account)
        for act, arguments in (
            (service.freeze, {"source": SeedSource.SSQ, "day": TUESDAY}),
            (service.type_seed, {"numbers": NUMBERS, "round_number": 1}),
            (service.cancel, {"reason": "x"}),
        ):
            with pytest.raises(AppError), room.db.transaction(actor) as session:
                act(session, actor, draw_id=room.draw_id, **arguments)


def test_every_action_from_every_state_it_is_not_allowed_in(room: Room) -> None:
    for state, action in itertools.product(DrawState, DrawAction):
        if (state, action) in TRANSITIONS:
            continue
        with room.db.reader() as session:
            draw = session.get_one(Draw, room.draw_id)
            draw.state = state
            session.expunge(draw)
            with pytest.raises(AppError):
                service._move(session, draw, action)


# What somebody with the database at hand could want to change, and where the draw stands then.
FROZEN = (
    "UPDATE draw SET list_text = list_text || 'x'",
    "UPDATE draw SET list_hash = 'x'",
    "UPDATE draw SET source_day = '2026-12-08'",
    "UPDATE draw SET known_at = '2026-12-08 00:00:00.000000'",
    "UPDATE draw SET places = 5",
    "UPDATE draw SET state = 'open'",
    "UPDATE draw SET state = 'drawn', seed = 'x', drawn_at = '2027-01-01 00:00:00.000000'",
    "UPDATE draw SET state = 'cancelled', reason = 'x', cancelled_at = '2027-01-01 00:00:00.0'",
    "DELETE FROM draw",
    "INSERT INTO draw_entry (draw_id, code) SELECT id, 'XXXX' FROM draw",
    "INSERT INTO draw_entry (draw_id, code, number) SELECT id, 'XXXX', 6 FROM draw",
    "UPDATE draw_entry SET code = 'XXXX' WHERE number = 1",
    "UPDATE draw_entry SET number = 9 WHERE number = 1",
    "UPDATE draw_entry SET rank = 1 WHERE number = 1",
    "DELETE FROM draw_entry",
    "INSERT INTO draw_seed_entry (draw_id, round, turn, value, typed_by_id, typed_at)"
    " SELECT d.id, 1, 1, 'x', (SELECT min(id) FROM account), '2026-11-30 05:00:00.000000'"
    " FROM draw d",
)
TYPED = (
    "UPDATE draw_seed_entry SET value = 'x'",
    "DELETE FROM draw_seed_entry",
    "INSERT INTO draw_seed_entry (draw_id, round, turn, value, typed_by_id, typed_at)"
    " SELECT draw_id, round, 2, value, typed_by_id, typed_at FROM draw_seed_entry",
    f"UPDATE draw SET state = 'drawn', seed = '{NUMBERS}', drawn_at = '2027-01-01 00:00:00.0'",
)
DRAWN = (
    "UPDATE draw SET seed = 'x'",
    "UPDATE draw SET state = 'frozen', seed = '', drawn_at = NULL",
    "UPDATE draw_entry SET rank = 9 WHERE rank = 1",
    "INSERT INTO draw_seed_entry (draw_id, round, turn, value, typed_by_id, typed_at)"
    " SELECT draw_id, 2, 1, value, typed_by_id, typed_at FROM draw_seed_entry WHERE turn = 1",
)


def refused(room: Room, statement: str) -> None:
    with pytest.raises(DatabaseError), room.db.transaction(SYSTEM) as session:
        session.execute(text(statement))


def test_the_database_itself_holds_what_was_published(room: Room) -> None:
    room.freeze()
    for statement in FROZEN:
        refused(room, statement)
    with known():
        room.type(room.first)
        for statement in TYPED:
            refused(room, statement)
        room.type(room.second)
    for statement in DRAWN:
        refused(room, statement)
    assert verify.faults(room.db) == []


def test_verify_recomputes_list_and_order(room: Room) -> None:
    room.freeze()
    with known():
        room.type(room.first)
        room.type(room.second)
    with room.db.reader() as session:
        for draw in session.exec(select(Draw)):
            draw.list_text += "6 XXXX\n"
        with session.no_autoflush:
            fault, *others = service.faults(session)
    assert "whose hash was published" in fault
    assert len(others) == 2


def test_nobody_enters_while_the_list_is_frozen(room: Room, app: Flask) -> None:
    """Whoever comes first: an entry is in the list or was refused, never beside it."""
    first, _second = room.actors
    frozen = (
        first,
        lambda s, a: service.freeze(s, a, draw_id=room.draw_id, source=SeedSource.SSQ, day=TUESDAY),
    )
    with clock.frozen(MONDAY):
        enters = [(SYSTEM, lambda s, _a: service.enter(s, room.draw_id)) for _one in range(3)]
        ended = at_once_here(app, room.db, MONDAY, frozen, *enters)
    assert ended.count("done") + ended.count("409") == 4
    codes = order.codes_in(room.draw.list_text)
    assert sorted(one.code for one in room.entries()) == codes
    assert len(codes) == 5 + ended.count("done") - 1


def test_two_who_type_at_once_draw_once(room: Room, app: Flask) -> None:
    room.freeze()
    moment = KNOWN + timedelta(minutes=5)

    def type_in(session: Any, actor: Actor) -> None:
        service.type_seed(session, actor, draw_id=room.draw_id, numbers=NUMBERS, round_number=1)

    acts = [(actor, type_in) for actor in (*room.actors, *room.actors)]
    ended = at_once_here(app, room.db, moment, *acts)
    assert ended.count("done") == 2
    assert room.draw.state is DrawState.DRAWN
    with room.db.reader() as session:
        assert len(session.exec(select(SeedEntry)).all()) == 2


def at_once_here(app: Flask, db: Database, moment: datetime, *acts: Any) -> list[str]:
    """Run acts at once; threads have clocks of their own."""

    def held(do: Any) -> Any:
        def run(session: Any, actor: Actor) -> Any:
            with clock.frozen(moment):
                return do(session, actor)

        return run

    return at_once(app, db, *((actor, held(do)) for actor, do in acts))
