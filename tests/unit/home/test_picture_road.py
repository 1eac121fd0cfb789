"""The road of pictures: two choices a screen, nothing lost on the way."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from webapp.core import drawings
from webapp.home.picture_road import FEW, stop_at

WORKS = [one for one in drawings.table() if one.turn not in {"hours", "reach"}] + [drawings.OTHER]
ENTRIES = st.lists(
    st.builds(
        SimpleNamespace,
        drawing=st.sampled_from(WORKS),
        at_home=st.booleans(),
        hours_drawing=st.sampled_from(["sun", "moon", "half", "own-time"]),
    ),
    max_size=40,
)


def ends(entries, way=""):
    """Return (way, openings) of every end of the road; each question has two sides that add up."""
    stop = stop_at(entries, way)
    if not stop.choices:
        return [(way, stop.entries)]
    assert len(stop.choices) == 2
    assert all(choice.count for choice in stop.choices)
    assert sum(choice.count for choice in stop.choices) == len(stop.entries)
    found = []
    for choice in stop.choices:
        assert choice.words
        assert choice.way[:-1] == way  # one step back is the question before
        found += ends(entries, choice.way)
    return found


@given(ENTRIES)
def test_every_opening_is_at_one_end_after_four_questions_at_most(entries):
    found = ends(entries)
    assert sorted(id(one) for _, some in found for one in some) == sorted(map(id, entries))
    assert all(len(way) <= 4 for way, _ in found)


@given(ENTRIES, st.text(max_size=12))
def test_any_address_is_a_stop_of_the_road(entries, way):
    stop = stop_at(entries, way)
    assert {id(one) for one in stop.entries} <= set(map(id, entries))


def test_few_openings_are_shown_without_asking_for_how_long():
    clean = drawings.named("clean")
    some = [
        SimpleNamespace(drawing=clean, at_home=False, hours_drawing=hours)
        for hours in ("sun", "half", "own-time", "moon", "sun")
    ]
    assert not stop_at(some[:FEW], "").choices
    asked = stop_at(some, "")
    assert [choice.words for choice in asked.choices] == ["一整天", "半天，或者时间自己定"]
    assert [choice.count for choice in asked.choices] == [3, 2]


def test_work_of_the_hands_outside_of_home_is_found_outside():
    sewing = drawings.named("sewing")
    outside = SimpleNamespace(drawing=sewing, at_home=False, hours_drawing="sun")
    at_home = SimpleNamespace(drawing=sewing, at_home=True, hours_drawing="sun")
    assert stop_at([outside, at_home], "o").entries == [outside]
    assert stop_at([outside, at_home], "h").entries == [at_home]
