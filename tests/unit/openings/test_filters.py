"""Filters read from an address: any address, never an error; strict ones refuse nonsense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from webapp.core.errors import Refused
from webapp.core.vocabulary import Kind
from webapp.openings.queries.filters import Filters, read_filters, read_page

NAMES = ("q", "kind", "at_home", "near", "no_schooling", "pay", "avoid", "hours", "page")


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=60))))
def test_any_address_gives_filters(pairs):
    filters = read_filters(MultiDict(pairs))
    assert filters.chosen >= 0
    assert filters.apply([]) == []


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=60))))
def test_strict_reading_accepts_or_refuses(pairs):
    try:
        strict = read_filters(MultiDict(pairs), strict=True)
    except Refused:
        return
    assert strict == read_filters(MultiDict(pairs))


def test_what_is_set_is_read():
    args = MultiDict([("kind", "course"), ("pay", "3000"), ("avoid", "night"), ("avoid", "x")])
    filters = read_filters(args)
    assert filters == Filters(kind=Kind.COURSE, pay=3000, avoid=frozenset({"night"}))
    assert filters.active
    assert not Filters(home=("重庆",)).active


@pytest.mark.parametrize("page", ["0", "-1", "1.5", "１", "9999999999", "x"])
def test_a_page_that_is_none_is_refused(page):
    with pytest.raises(Refused):
        read_page(MultiDict({"page": page}))


def test_page_numbers():
    assert read_page(MultiDict()) == 1
    assert read_page(MultiDict({"page": "12"})) == 12
