"""The figures of a month, counted by hand beside what the query says."""

import pytest

from tests.functional.tickets.world import at
from webapp.core import clock
from webapp.tickets.lifecycle import Outcome, Rating, TicketKind
from webapp.tickets.queries import figures
from webapp.tickets.queries.figures import TicketFigures
from webapp.tickets.services import calling, filing, following, handling, sorting

START, END = at("2026-11-01 00:00"), at("2026-12-01 00:00")
SEE = {"reporter": filing.Reporter("王婆婆", "13812345678")}


def month(world, moment="2026-12-20 12:00", start=START, end=END):
    with clock.frozen(at(moment)), world.db.reader() as session:
        return figures.month(session, start, end)


def take(world, moment, **given):
    with clock.frozen(at(moment)):
        world.file(**{**SEE, **given})
        world.sort()
        world.dispatch()
        world.do("owner", handling.acknowledge)


def reply(world, moment):
    with clock.frozen(at(moment)):
        world.do("owner", handling.reply, words="办好了")


def call(world, moment, outcome, rating=None):
    with clock.frozen(at(moment)):
        world.do("clerk", calling.call)
        world.do("clerk", calling.note_outcome, outcome=outcome, rating=rating)


def test_a_month_counted_by_hand(world):
    take(world, "2026-11-02 09:00")  # due before the 12th
    reply(world, "2026-11-03 09:00")
    call(world, "2026-11-04 10:00", Outcome.RESOLVED, Rating.SATISFIED)
    take(world, "2026-11-02 09:00")
    reply(world, "2026-11-12 00:00")  # the first moment that is late
    call(world, "2026-11-13 10:00", Outcome.UNRESOLVED, Rating.UNSATISFIED)
    with clock.frozen(at("2026-11-16 09:00")):
        world.do("owner", handling.reply, words="又修了一次")
    call(world, "2026-11-17 09:00", Outcome.PARTLY, Rating.FAIR)
    take(world, "2026-11-10 09:00", reporter=filing.Reporter())
    reply(world, "2026-11-11 09:00")
    call(world, "2026-11-12 10:00", Outcome.UNREACHABLE)
    take(world, "2026-11-16 09:00")  # never answered
    take(world, "2026-11-17 09:00")  # answered, never called back
    with clock.frozen(at("2026-11-18 09:00")):
        world.do("owner", handling.extend, days=2, words="等料")
    reply(world, "2026-11-19 09:00")
    with clock.frozen(at("2026-11-20 09:00")):
        world.file(words="谢谢你们")
        world.do("clerk", sorting.take_note, words="好的")
        first = world.file()
        world.file()
        world.do("clerk", sorting.merge, first_id=first.id)
        world.file(words="地铁太挤")
        world.do("clerk", sorting.set_out_of_scope, words="归地铁公司管")
    with clock.frozen(at("2026-11-24 09:00")):
        world.file()  # nobody has sorted it: due in December
    found = month(world)
    own = found[world.branch_id]
    own.minutes.sort()  # the database gives them in any order
    assert own == TicketFigures(
        received=5,
        due=5,
        on_time=3,
        eligible=4,
        reached=3,
        satisfied=1,
        no_contact=1,
        reopened=1,
        extended=1,
        out_of_scope=0,
        minutes=[24 * 60, 24 * 60, 48 * 60, 9 * 24 * 60 + 15 * 60],
    )
    assert (own.median_minutes, own.p90_minutes) == (36 * 60, 9 * 24 * 60 + 15 * 60)
    unsorted = found[None]
    assert (unsorted.received, unsorted.due, unsorted.out_of_scope) == (5, 0, 1)
    whole = figures.total(found)
    assert (whole.received, whole.due, whole.on_time) == (10, 5, 3)
    assert len(whole.minutes) == len(own.minutes) + len(unsorted.minutes)
    # In the middle of the month what is not due yet is not counted.
    assert month(world, "2026-11-20 12:00")[world.branch_id].due == 4
    # Others' months are empty of it.
    assert month(world, start=at("2026-10-01 00:00"), end=START) == {}


def test_the_reporters_own_word_counts_as_reached(world):
    with clock.frozen(at("2026-11-02 09:00")):
        world.replied()
        world.follow(following.say_outcome, outcome=Outcome.RESOLVED, rating=Rating.SATISFIED)
        world.replied()
        world.follow(following.reopen, words="还是坏的")
    own = month(world)[world.branch_id]
    assert (own.eligible, own.reached, own.satisfied, own.no_contact) == (2, 2, 1, 0)


def test_what_stands_still_is_not_due(world):
    take(world, "2026-11-02 09:00")
    with clock.frozen(at("2026-11-03 09:00")):
        world.do("owner", handling.ask, words="哪一栋？")
    assert month(world, "2026-11-13 12:00")[world.branch_id].due == 0


def test_what_is_late_now(world):
    take(world, "2026-11-02 09:00")
    with clock.frozen(at("2026-11-02 09:00")):
        world.file(kind=TicketKind.QUESTION)
    for moment, late in (
        ("2026-11-04 23:59", {}),
        ("2026-11-06 00:00", {None: 1}),
        ("2026-11-12 00:00", {None: 1, world.branch_id: 1}),
    ):
        with clock.frozen(at(moment)), world.db.reader() as session:
            assert figures.overdue_now(session) == late


@pytest.mark.parametrize(("count", "rank"), [(1, 1), (9, 9), (10, 9), (11, 10), (20, 18)])
def test_the_ninetieth_percentile_is_a_nearest_rank(count, rank):
    assert TicketFigures(minutes=list(range(1, count + 1))).p90_minutes == rank
    assert TicketFigures().p90_minutes is None
