"""The course of a ticket: sorted, given to two, worked on, answered, called back, ended."""

import itertools

import pytest
from sqlmodel import select

from tests.functional.racing import at_once
from tests.functional.tickets.world import at
from webapp.core import clock
from webapp.core.errors import AppError, BadField, Conflict, Forbidden, NotFound, Refused
from webapp.tickets.lifecycle import (
    TRANSITIONS,
    Outcome,
    Rating,
    TicketAction,
    TicketChannel,
    TicketKind,
    TicketState,
    Urgency,
)
from webapp.tickets.models.steps import TicketEvent
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import (
    calling,
    filing,
    following,
    handling,
    publishing,
    sorting,
)
from webapp.tickets.services.following import Follower
from webapp.tickets.services.transitions import move

S = TicketState
MORNING = at("2026-11-30 09:00")


def steps(world):
    with world.db.reader() as session:
        rows = session.exec(
            select(TicketEvent)
            .where(TicketEvent.ticket_id == world.ticket_id)
            .order_by(TicketEvent.id)
        ).all()
    return [row.action.value for row in rows]


def test_from_the_first_word_to_the_last(world):
    with clock.frozen(MORNING):
        world.called()
        closed = world.do(
            "clerk", calling.note_outcome, outcome=Outcome.RESOLVED, rating=Rating.SATISFIED
        )
    assert (closed.state, closed.outcome, closed.rating, closed.due_at) == (
        S.CLOSED,
        Outcome.RESOLVED,
        Rating.SATISFIED,
        None,
    )
    assert steps(world) == [
        "file", "classify", "dispatch", "acknowledge", "reply", "call", "close",
    ]  # fmt: skip


def test_who_takes_it_themselves_has_it(world):
    world.file()
    world.sort()
    taken = world.dispatch(who="owner")
    assert taken.state is S.ACKNOWLEDGED
    assert taken.owner_id == world.accounts["owner"].id


def test_two_who_take_one_at_once_end_with_one_owner(world, app, db):
    world.file()
    world.sort()

    def take(session, actor):
        backup = next(one.id for one in world.accounts.values() if one.id != actor.account_id)
        sorting.dispatch(
            session,
            actor,
            ticket_id=world.ticket_id,
            owner_id=actor.account_id,
            backup_id=backup,
        )

    ends = at_once(app, db, *[(world.actors[name], take) for name in ("owner", "backup")])
    assert ends == ["409", "done"]
    assert steps(world) == ["file", "classify", "dispatch", "acknowledge"]


def test_what_is_not_solved_opens_by_itself_with_a_new_clock(world):
    with clock.frozen(MORNING):
        world.called()
    with clock.frozen(at("2026-12-02 10:00")):
        again = world.do(
            "clerk", calling.note_outcome, outcome=Outcome.UNRESOLVED, rating=Rating.UNSATISFIED
        )
    assert (again.state, again.outcome, again.reopened) == (S.IN_PROGRESS, None, 1)
    assert again.due_at == at("2026-12-12 00:00")  # seven working days after the second
    assert again.owner_id == world.accounts["owner"].id
    assert again.first_replied_at == MORNING


def test_the_owner_does_not_call_back_and_nobody_calls_at_night(world):
    with clock.frozen(MORNING):
        world.replied()
        with pytest.raises(Forbidden, match="不能回访"):
            world.do("owner", calling.call)
    with clock.frozen(at("2026-11-30 23:00")), pytest.raises(Refused, match="太晚"):
        world.do("clerk", calling.call)


def test_nobody_is_unreachable_before_three_calls_on_two_days(world):
    with clock.frozen(MORNING):
        world.file(reporter=filing.Reporter("王婆婆", "13800001111"))
        world.sort()
        world.dispatch()
        world.do("owner", handling.acknowledge)
        world.do("owner", handling.reply, words="办好了")
        world.do("clerk", calling.call)
        for _n in range(3):
            world.do("clerk", calling.not_reached)
        with pytest.raises(Conflict, match="不在同一天"):
            world.do("clerk", calling.note_outcome, outcome=Outcome.UNREACHABLE, rating=None)
    with clock.frozen(at("2026-12-01 10:00")):
        world.do("clerk", calling.not_reached)
        ended = world.do("clerk", calling.note_outcome, outcome=Outcome.UNREACHABLE, rating=None)
    assert (ended.state, ended.outcome, ended.rating) == (S.CLOSED, Outcome.UNREACHABLE, None)
    # Silence is not the last word.
    again = world.follow(following.reopen, words="我在医院，没有接到")
    assert again.state is S.IN_PROGRESS


def test_who_left_no_number_cannot_be_called(world):
    with clock.frozen(MORNING):
        world.replied()
        ended = world.do("clerk", calling.note_outcome, outcome=Outcome.UNREACHABLE, rating=None)
    assert ended.outcome is Outcome.UNREACHABLE


def test_the_reporter_ends_or_reopens_it_by_the_code(world):
    world.replied()
    ended = world.follow(
        following.say_outcome, outcome=Outcome.PARTLY, rating=Rating.FAIR, words="还有一盏"
    )
    assert (ended.state, ended.outcome) == (S.CLOSED, Outcome.PARTLY)
    again = world.follow(following.reopen, words="又坏了")
    assert (again.state, again.outcome, again.rating) == (S.IN_PROGRESS, None, None)
    with pytest.raises(Conflict, match="还在办"):
        world.follow(following.reopen, words="快点")
    world.do("owner", handling.reply, words="换了好的")
    with pytest.raises(BadField):
        world.follow(following.say_outcome, outcome=Outcome.UNRESOLVED)
    third = world.follow(following.say_outcome, outcome=Outcome.UNRESOLVED, words="没有亮")
    assert (third.state, third.reopened) == (S.IN_PROGRESS, 2)


def test_a_private_one_opens_to_its_pin_alone_and_guessing_ends(world):
    world.file(is_private=True)
    closed = Follower(code=world.code)
    for follower in (closed, Follower(code="X" * 12), Follower(), Follower(ticket_id=1)):
        with pytest.raises(NotFound):
            world.act("nobody", following.answer, follower=follower, words="x")
    wrong = f"{(int(world.pin) + 1) % 10**6:06d}"
    following.unlock(world.db, code=world.code, pin=world.pin, client="a")
    for _n in range(10):
        with pytest.raises(BadField, match="六位"):
            following.unlock(world.db, code=world.code, pin=wrong, client="a")
    with pytest.raises(AppError, match="次数太多") as refused:
        following.unlock(world.db, code=world.code, pin=world.pin, client="b")
    assert refused.value.status == 429


def test_an_account_follows_its_own_without_a_pin_and_no_other(world):
    world.file("resident", is_private=True)
    own = Follower(ticket_id=world.ticket_id)
    said = world.act("resident", following.answer, follower=own, words="再说一句")
    assert said.id == world.ticket_id
    for who in ("owner", "nobody"):
        with pytest.raises(NotFound):
            world.act(who, following.answer, follower=own, words="x")


def test_asking_stops_the_clock_and_an_answer_starts_it_at_once(world):
    with clock.frozen(MORNING):
        asked_of = world.in_hand()
    due = asked_of.due_at
    with clock.frozen(at("2026-12-01 10:00")):
        world.do("owner", handling.ask, words="是哪一栋的灯？")
    with clock.frozen(at("2026-12-03 16:00")):
        back = world.add_words("三栋")
    assert due == at("2026-12-10 00:00")
    assert (back.state, back.paused_days) == (S.IN_PROGRESS, 2)
    assert back.due_at == at("2026-12-12 00:00")  # two working days later
    assert back.paused_at is None


def test_a_clock_that_had_run_out_gains_nothing_by_a_question(world):
    with clock.frozen(MORNING):
        due = world.in_hand().due_at
    with clock.frozen(at("2026-12-11 10:00")):
        world.do("owner", handling.ask, words="是哪一栋的灯？")
    with clock.frozen(at("2026-12-16 10:00")):
        assert world.add_words().due_at == due


def test_one_extension_before_it_is_due_with_its_reason(world):
    with clock.frozen(MORNING):
        world.in_hand()
        with pytest.raises(BadField, match="最多延 7"):
            world.do("owner", handling.extend, days=8, words="等配件")
        longer = world.do("owner", handling.extend, days=3, words="等配件")
        assert longer.due_at == at("2026-12-15 00:00")
        assert longer.extension_reason == "等配件"
        with pytest.raises(Conflict, match="只能延期一次"):
            world.do("owner", handling.extend, days=1, words="还要等")
        world.in_hand(urgency=Urgency.UTILITIES)
        with pytest.raises(Conflict, match="不能延期"):
            world.do("owner", handling.extend, days=1, words="x")
        world.in_hand()
    with clock.frozen(at("2026-12-10 00:00")), pytest.raises(Conflict, match="已经过期"):
        world.do("owner", handling.extend, days=1, words="x")


def test_late_ones_are_not_called_less_urgent(world):
    with clock.frozen(MORNING):
        world.file(kind=TicketKind.QUESTION)
    with clock.frozen(at("2026-12-04 09:00")):
        with pytest.raises(BadField, match="已经过期"):
            world.sort(urgency=Urgency.COMPLEX)
        assert world.sort(urgency=Urgency.QUESTION).due_at == at("2026-12-04 00:00")


def test_wrong_branch_goes_back_and_the_clock_runs_on(world):
    with clock.frozen(MORNING):
        world.file()
        due = world.sort().due_at
        world.dispatch()
    with clock.frozen(at("2026-12-02 09:00")):
        back = world.sort(who="owner", branch_id=world.other_branch_id)
    assert (back.state, back.owner_id, back.due_at) == (S.CLASSIFIED, None, due)


def test_sent_elsewhere_and_brought_back(world):
    with clock.frozen(MORNING):
        world.in_hand()
        away = world.do(
            "owner",
            handling.refer_out,
            where="华岩镇规划办",
            reference="2026-118",
            words="这要镇上定，已经转过去了",
        )
    assert (away.state, away.first_replied_at) == (S.REFERRED_OUT, MORNING)
    assert away.due_at == at("2026-12-31 00:00")
    with clock.frozen(at("2026-12-08 09:00")):
        back = world.do("owner", handling.take_back, inside_words="镇上说可以修")
    assert back.due_at == at("2026-12-18 00:00")
    assert back.branch_id == world.branch_id


def test_a_duplicate_follows_the_first_and_its_reporter_may_say_no(world):
    first = world.file()
    second = world.file("resident")
    private = world.file(is_private=True)
    danger = world.file(words="楼道着火了")

    def merge(ticket, first):
        return world.act("clerk", sorting.merge, ticket_id=ticket.id, first_id=first.id)

    merged = merge(second, first)
    assert (merged.state, merged.duplicate_of_id) == (S.DUPLICATE, first.id)
    for one, other, refusal in (
        (danger, first, "有危险的不能并"),
        (first, private, "不公开"),
        (first, first, "最先"),
        (first, merged, "最先"),
    ):
        with pytest.raises(AppError, match=refusal):
            merge(one, other)
    third = world.file()
    merge(first, third)  # whoever followed the first follows the third
    with world.db.reader() as session:
        assert session.get_one(Ticket, second.id).duplicate_of_id == third.id
    again = world.act(
        "resident",
        following.reopen,
        follower=Follower(ticket_id=second.id),
        words="不是一盏灯",
    )
    assert (again.state, again.duplicate_of_id) == (S.RECEIVED, None)


def test_not_for_the_community_is_said_where_to_go(world):
    world.file()
    done = world.do("clerk", sorting.set_out_of_scope, words="这归地铁公司管，电话 12345")
    assert (done.state, done.due_at) == (S.OUT_OF_SCOPE, None)
    assert done.first_replied_at is not None
    assert world.follow(following.reopen, words="他们说归社区").state is S.RECEIVED


def test_thanks_need_no_call_back(world):
    world.file(words="谢谢小李帮我换灯泡", kind=TicketKind.THANKS)
    done = world.do("clerk", sorting.take_note, words="转告小李了，他很高兴")
    assert (done.state, done.outcome) == (S.CLOSED, None)
    with pytest.raises(Conflict):
        world.follow(following.reopen, words="再谢一次")


def test_read_before_it_is_shown(world):
    world.file()
    shown = world.do("clerk", publishing.publish, words="三栋楼下的路灯坏了")
    assert shown.published_words == "三栋楼下的路灯坏了"
    assert world.do("clerk", publishing.unpublish).published_at is None
    world.replied()
    world.follow(following.say_outcome, outcome=Outcome.RESOLVED, rating=Rating.SATISFIED)
    after = world.do("clerk", publishing.publish, words="路灯坏了")  # what it came to stays
    assert (after.outcome, after.rating) == (Outcome.RESOLVED, Rating.SATISFIED)
    world.file(is_private=True)
    with pytest.raises(Forbidden):
        world.do("clerk", publishing.publish, words="x")


def test_every_action_from_every_other_state_is_refused(world):
    """The table alone says what may follow what."""
    ticket = world.file()
    with world.db.reader() as session:
        for state, action in itertools.product(TicketState, TicketAction):
            row = session.get_one(Ticket, ticket.id)
            session.expunge(row)
            row.state = state
            if (state, action) not in TRANSITIONS:
                with pytest.raises(Conflict):
                    move(session, world.actors["clerk"], row, action)


def test_a_form_of_staff_is_not_for_others(world):
    world.file()
    for who in ("resident", "nobody"):
        with pytest.raises(NotFound):
            world.sort(who)
    with pytest.raises(Forbidden):
        world.file("resident", channel=TicketChannel.PAPER)
