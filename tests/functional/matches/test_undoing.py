"""A decision can be taken back for ten seconds: in the history, before anybody hears of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select, update

from tests import factories
from tests.forms import submit
from tests.functional.matches_world import World
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.learning.queries.decisions import decided
from webapp.matches.lifecycle import UNDO_WITHIN, MatchState, Pick
from webapp.matches.models import Match, MatchEvent, OfferEvidence
from webapp.messages.models import MessageThread, NotificationOptIn, PrintedNotice
from webapp.notices import outbox
from webapp.notices.models import Audience, OutboxRow, OutsideChannel

S = MatchState
QUEUE = "/staff/matches/"
UNDO = f"{QUEUE}undo"
LINE = "撤销（10 秒内）"
AGAIN = timedelta(seconds=1)


def listening(world: World) -> None:
    """Have a gateway to people, and the world's resident who wants to be told."""
    with world.write() as session:
        session.add(
            OutsideChannel(
                name="短信",
                url="json://localhost",
                audience=Audience.PEOPLE,
                created_at=clock.now(),
            )
        )
        account_id = world.accounts["resident"].id
        session.add(NotificationOptIn(account_id=account_id, since=clock.now()))


def rows(world: World, table: type[Any]) -> list[Any]:
    with world.db.reader() as session:
        return list(session.exec(select(table).order_by(col(table.id))).all())


def take_back(world: World, *ids: int, role: str = "staff", page: str = QUEUE) -> Any:
    data = {"decided": [str(one) for one in ids or (world.match_id,)]}
    return submit(world.browser(role), UNDO, data, page=page)


@pytest.mark.parametrize(
    ("step", "data", "words"),
    [
        ("confirm", {"channel": "page"}, "已推荐"),
        ("dismiss", {"code": "too_hard"}, "已放在一边"),
        ("postpone", {"days": "7"}, "放到以后再看"),
    ],
)
def test_each_decision_can_be_taken_back_at_once(
    world: World, step: str, data: dict[str, str], words: str
) -> None:
    before = world.get(Match, world.match_id)
    assert world.decide(step, **data).status_code == 303
    page = world.see("staff", QUEUE)
    assert words in page
    assert LINE in page
    assert take_back(world).status_code == 303
    page = world.see("staff", QUEUE)
    assert "撤销了 1 条" in page
    assert LINE not in page
    assert f'name="ids" value="{world.match_id}"' in page  # it stands in the queue as before
    after = world.get(Match, world.match_id)
    for name in ("state", "pick", "position", "score", "postponed_until", "offered_until"):
        assert getattr(after, name) == getattr(before, name), name
    assert (after.channel, rows(world, OfferEvidence)) == ("", [])
    steps = [one.action for one in rows(world, MatchEvent)]
    assert steps[-1] == "undo_decision"  # the history has both
    assert f"match.{step}" in {one.action for one in rows(world, AuditEvent)}
    assert "match.undo_decision" in {one.action for one in rows(world, AuditEvent)}
    with world.db.reader() as session:
        assert decided(session) == []  # nothing to learn from
    assert world.decide("confirm", channel="page").status_code == 303
    assert world.state() is S.OFFERED


def test_after_ten_seconds_it_stays(world: World) -> None:
    now = clock.now()
    with clock.frozen(now):
        world.decide("confirm", channel="page")
    with clock.frozen(now + UNDO_WITHIN - timedelta(milliseconds=1)):
        assert LINE in world.see("staff", QUEUE)
    with clock.frozen(now + UNDO_WITHIN):
        assert LINE not in world.see("staff", QUEUE)
        late = take_back(world)
    assert late.status_code == 409
    assert "过了十秒，撤不回来了" in late.get_data(as_text=True)
    assert world.state() is S.OFFERED


def test_nobody_else_and_not_twice_and_not_once_something_came(world: World, write: Any) -> None:
    now = clock.now()
    with clock.frozen(now):
        world.decide("confirm", channel="page")
        with write() as session:
            world.accounts["other"] = factories.make_account(session, role=Role.STAFF)
        assert LINE not in world.see("other", QUEUE)
        assert take_back(world, role="other").status_code == 409
        assert take_back(world).status_code == 303
        assert take_back(world).status_code == 409  # pressed twice
        world.decide("confirm", channel="page")
        world.answer("interested")
        built_upon = take_back(world)
    assert built_upon.status_code == 409
    assert "又办过了" in built_upon.get_data(as_text=True)
    assert world.state() is S.INTERESTED


def test_no_notice_leaves_before_and_none_is_lost_or_doubled(world: World) -> None:
    listening(world)
    noon = clock.now().replace(hour=4, minute=0, second=0, microsecond=0)
    with clock.frozen(noon):
        world.decide("confirm", channel="page")
    first = rows(world, OutboxRow)
    assert [one.due_at for one in first] == [noon + UNDO_WITHIN]
    with clock.frozen(noon + 2 * AGAIN):
        take_back(world)
    assert rows(world, OutboxRow) == []
    assert rows(world, MessageThread) == []
    with clock.frozen(noon + 3 * AGAIN):
        world.decide("confirm", channel="page")
    again = rows(world, OutboxRow)
    assert [one.due_at for one in again] == [noon + 3 * AGAIN + UNDO_WITHIN]
    with clock.frozen(noon + 4 * AGAIN), world.write() as session:  # other news of that moment
        outbox.put(
            session,
            key="message:7",
            channel_ids=[again[0].channel_id],
            account_id=again[0].account_id,
        )
    with clock.frozen(noon + 5 * AGAIN):
        take_back(world)
    left = rows(world, OutboxRow)  # is told, and not a second time
    assert [one.key.split(":")[0] for one in left] == ["message"]
    too_soon = update(OutboxRow).values(due_at=noon, firm_at=noon + AGAIN)
    with pytest.raises(DBAPIError), world.db.write_engine.begin() as connection:
        connection.execute(too_soon)


def test_a_note_on_paper_goes_with_it_unless_it_was_handed_over(world: World, write: Any) -> None:
    with write() as session:
        assisted = factories.make_match(session).id
    data = {"channel": "page"}
    # A page reaches nobody without an account, so that this one is told in person: no paper.
    submit(world.browser("staff"), f"{QUEUE}{assisted}/confirm", data, page=QUEUE)
    with write() as session:
        thread = session.exec(select(MessageThread).where(MessageThread.match_id == assisted)).one()
        session.add(
            PrintedNotice(thread_id=thread.id, created_at=clock.now(), handed_at=clock.now())
        )
    refused = take_back(world, assisted)
    assert refused.status_code == 409
    assert "已经告诉本人了" in refused.get_data(as_text=True)
    assert world.state(assisted) is S.OFFERED


def test_several_at_once_are_taken_back_together(world: World, write: Any) -> None:
    with write() as session:
        others = [factories.make_match(session).id for _ in range(4)]
    ids = [world.match_id, *others]
    data = {
        "act": "confirm",
        "ids": [str(one) for one in ids],
        "bulk_channel": "phone",
        "sure": "1",
    }
    assert submit(world.browser("staff"), f"{QUEUE}bulk", data, page=QUEUE).status_code == 303
    page = world.see("staff", QUEUE)
    assert "这十秒里一共办了 5 条" in page
    together = re.findall(r'action="[^"]*undo[^"]*".*?</form>', page, re.DOTALL)[-1]
    listed = [int(one) for one in re.findall(r'name="decided" value="(\d+)"', together)]
    assert sorted(listed) == sorted(ids)
    world.answer("decline")  # one of them has gone on
    assert take_back(world, *ids).status_code == 303
    assert "撤销了 4 条，还是待确认。有 1 条撤不回来了" in world.see("staff", QUEUE)
    assert [world.state(one) for one in ids] == [S.DECLINED, *[S.SUGGESTED] * 4]


def test_from_an_opening_the_decision_is_taken_back_there(world: World) -> None:
    page = f"/staff/openings/{world.opening_id}/people"
    html = world.see("staff", page)
    key = re.search(r'name="idempotency_key"[^>]*value="([^"]+)"', html)
    assert key
    data = {"ids": [str(world.match_id)], "how": "phone", "idempotency_key": key[1]}
    assert submit(world.browser("staff"), page, data, page=page).status_code == 303
    assert LINE in world.see("staff", page)
    back = submit(
        world.browser("staff"), f"{UNDO}?next={page}", {"decided": [str(world.match_id)]}, page=page
    )
    assert back.headers["Location"] == page
    assert world.state() is S.SUGGESTED
    off = submit(world.browser("staff"), UNDO, {"decided": ["x"]}, page=page)
    assert off.status_code == 400


def test_it_comes_back_to_its_place_when_another_came_up(world: World, write: Any) -> None:
    world.decide("dismiss", code="too_hard")
    with write() as session:  # the next best of this person, as the computation lets it come up
        next_best = factories.make_match(session, resident_id=world.resident_id).id
        session.get_one(Match, next_best).pick = Pick.FIRST
    assert take_back(world).status_code == 303
    picks = {one.id: one.pick for one in rows(world, Match)}
    assert picks == {world.match_id: Pick.FIRST, next_best: None}


def test_the_database_takes_back_nothing_late_or_of_others(world: World) -> None:
    """A process that passed the service's questions just in time is held by the trigger."""
    now = clock.now()
    with clock.frozen(now):
        world.decide("confirm", channel="page")
    staff, resident = world.accounts["staff"].id, world.accounts["resident"].id
    for at, account_id in (
        (now + UNDO_WITHIN, staff),
        (now + AGAIN, resident),
        (now - AGAIN, staff),
    ):
        step = MatchEvent(
            match_id=world.match_id, at=at, account_id=account_id, action="undo_decision",
            from_state="offered", to_state="suggested",
        )  # fmt: skip
        with pytest.raises(DBAPIError), world.write() as session:
            session.add(step)
    with pytest.raises(DBAPIError), world.write() as session:
        session.delete(session.exec(select(OfferEvidence)).one())


def own_offer(world: World) -> int:
    """Suggest something that no ranking had found, by the real form; return the new match."""
    with world.write() as session:
        opening = factories.make_opening(session, employer_id=world.employer_id, title="看仓库")
    page = f"/staff/residents/{world.resident_id}/suggest"
    data = {"opening_id": str(opening.id), "own_channel": "phone", "why": "家就在旁边"}
    assert submit(world.browser("staff"), page, data, page=page).status_code == 303
    return int(rows(world, Match)[-1].id)


STOOD = ("state", "since", "channel", "offered_until", "postponed_until", "previous_state")


@pytest.mark.parametrize(
    ("state", "step"),
    [(S.NO_REPLY, "renew"), (S.DECLINED, "again"), (S.LEFT, "again"), (S.DISMISSED, "again")],
)
def test_an_offer_made_once_more_goes_back_to_where_it_stood(
    world: World, state: MatchState, step: str
) -> None:
    listening(world)
    long_ago = clock.now() - timedelta(days=9)
    with world.write() as session:
        match = session.get_one(Match, world.match_id)
        match.state, match.since, match.channel = state, long_ago, "visit"
        match.offered_until = (long_ago + timedelta(days=7)).date()
        session.add(match)
    before = world.get(Match, world.match_id)
    page = f"{QUEUE}{world.match_id}"
    data = {"again_channel": "page"}
    assert submit(world.browser("staff"), f"{page}/{step}", data, page=page).status_code == 303
    assert world.state() is S.OFFERED
    assert len(rows(world, OfferEvidence)) == 1
    assert LINE in world.see("staff", page)
    assert take_back(world, page=page).status_code == 303
    after = world.get(Match, world.match_id)
    for name in STOOD:
        assert getattr(after, name) == getattr(before, name), name
    assert "还是原来的样子" in world.see("staff", page)
    assert (rows(world, OutboxRow), rows(world, OfferEvidence)) == ([], [])
    # Nobody hears of it: not the person, and no list says who chose something else.
    assert "社区推荐给您" not in world.browser("resident").get("/me/").get_data(as_text=True)
    undone = [one for one in rows(world, AuditEvent) if one.action == "match.undo_decision"]
    assert ("after" in undone[-1].details) == (state in {S.LEFT, S.DISMISSED})


def test_what_staff_offered_of_their_own_is_taken_back_as_if_never_made(world: World) -> None:
    match_id = own_offer(world)
    page = f"{QUEUE}{match_id}"
    assert "已推荐" in world.see("staff", page)
    assert take_back(world, match_id, page=page).status_code == 303
    match = world.get(Match, match_id)
    assert (match.state, match.channel, match.offered_until) == (S.SUGGESTED, "", None)
    assert world.browser("resident").get(f"/me/matches/{match_id}").status_code == 404
    with world.db.reader() as session:
        assert decided(session) == []


def test_what_was_decided_before_an_undone_renewal_is_still_learned_from(world: World) -> None:
    with clock.frozen(clock.now() - timedelta(days=9)):
        world.decide("confirm", channel="page")
    with world.write() as session:
        match = session.get_one(Match, world.match_id)
        match.state = S.NO_REPLY
        session.add(match)
    page = f"{QUEUE}{world.match_id}"
    submit(world.browser("staff"), f"{page}/renew", {"again_channel": "page"}, page=page)
    take_back(world)
    with world.db.reader() as session:
        assert [(one.decision, one.outcome) for one in decided(session)] == [
            ("confirmed", "no_reply")
        ]
    words = world.see("resident", f"/me/matches/{world.match_id}")
    assert words.count("社区推荐给您") == 1  # the first alone
