"""What is counted of a month, from real rows: hires and who stayed, pay, trial days, tickets."""

from datetime import date, timedelta

import pytest

from tests import factories
from tests.functional.oversight.world import at
from webapp.core import clock
from webapp.core.vocabulary import Kind
from webapp.matches.models import MatchEvent
from webapp.oversight.figures import Period
from webapp.oversight.topics import TOPICS, counted, jobs

MONTH = Period.of(date(2026, 11, 1))


def hire(session, opening, start, *steps, state="hired"):
    """Write a hire that began on a day, with (action, days after) that followed."""
    match = factories.make_match(
        session, opening_id=opening.id, state=state, start_date=start, evidence="合同"
    )
    for action, days in steps:
        session.add(
            MatchEvent(
                match_id=match.id,
                at=at(start + timedelta(days=days)),
                action=action,
                from_state="hired",
                to_state=state,
            )
        )


def test_hires_and_who_stayed(app, db, write):
    first = date(2026, 11, 1)
    with write() as session:
        opening = factories.make_opening(session, headcount=99, published_at=at(date(2026, 10, 9)))
        factories.make_opening(session, kind=Kind.COURSE, published_at=at(first))
        factories.make_opening(session, kind=Kind.COURSE, published_at=at(date(2026, 12, 1)))
        hire(session, opening, first)
        hire(session, opening, date(2026, 11, 30))
        hire(session, opening, date(2026, 12, 1))  # of the next month
        hire(session, opening, date(2026, 11, 2), state="applied")  # undone
        # Day 30 in November: began from 2 to 31 October.
        hire(session, opening, date(2026, 10, 2), ("follow_up_30", 31), state="day_30")
        hire(session, opening, date(2026, 10, 31))  # nobody asked yet
        hire(session, opening, date(2026, 10, 20), ("leave", 12), state="left")
        hire(session, opening, date(2026, 10, 5), ("leave", 40), state="left")  # later than day 30
        hire(session, opening, date(2026, 10, 1))  # day 30 was in October
        # Day 90 in November: began from 3 August to 1 September.
        hire(
            session,
            opening,
            date(2026, 8, 3),
            ("follow_up_30", 30),
            ("follow_up_90", 91),
            state="day_90",
        )
        hire(session, opening, date(2026, 9, 1), ("follow_up_30", 30), ("leave", 60), state="left")
    with app.app_context(), clock.frozen(at(date(2026, 12, 3))), db.reader() as session:
        found = jobs.measure(session, MONTH)
    assert found["hired"] == 2
    assert (found["openings"], found["openings_course"], found["openings_vacancy"]) == (1, 1, 0)
    assert {k: v for k, v in found.items() if k.startswith("day_30")} == {
        "day_30_due": 4, "day_30_there": 2, "day_30_left": 1, "day_30_unknown": 1,
    }  # fmt: skip
    assert {k: v for k, v in found.items() if k.startswith("day_90")} == {
        "day_90_due": 2, "day_90_there": 1, "day_90_left": 1, "day_90_unknown": 0,
    }  # fmt: skip


def test_every_topic_counts_what_it_names_and_its_parts_make_its_sums(app, db, staff):
    """On an empty community too: no figure is forgotten, none is counted that has no definition."""
    with app.test_request_context(), clock.frozen(at(date(2026, 12, 3))), db.reader() as session:
        for topic in TOPICS:
            for count in filter(None, (topic.measure, topic.recount)):
                found = count(session, MONTH)
                assert set(found) <= set(counted()), topic.id
            assert set(topic.measure(session, MONTH)) == {one.id for one in topic.figures}


def test_every_figure_has_a_definition_and_a_name_of_its_own():
    seen = set()
    for topic in TOPICS:
        ids = {one.id for one in topic.figures}
        for one in topic.figures:
            assert one.meaning
            assert one.source, one.id
            assert not one.rests_on or one.rests_on in ids
        for one in topic.derived:
            assert one.meaning
        names = [one.name for one in (*topic.figures, *topic.derived)]
        assert len(names) == len(set(names)), topic.id
        assert not seen & {*ids, *(one.id for one in topic.derived)}
        seen |= {*ids, *(one.id for one in topic.derived)}


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2028, 2, 29), date(2026, 12, 31)])
def test_a_month_begins_and_ends_in_chongqing(day):
    month = Period.of(day)
    assert month.last == day
    assert clock.local(month.start).strftime("%d %H:%M") == "01 00:00"
    assert month.end == Period.of(day + timedelta(days=1)).start
    assert month.before.last == month.first - timedelta(days=1)
