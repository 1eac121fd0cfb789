"""Reasons of many pairs at once are those of each pair alone, whatever is cached."""

import json

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matching.explain import reason_builder
from matching.explain.reason_builder import BlockReasons, ReasonBuilder
from matching.explain.reasons import explain
from matching.records import Opening, Seeker
from tests.depth import examples
from tests.matching.strategies import RICH_OPENINGS, RICH_SEEKERS

DEEP = "重庆市/" + "/".join("abcdefghij")


def reasons_of(builder: ReasonBuilder, seekers: list[Seeker]) -> BlockReasons:
    """Reasons of all seekers and openings, with made-up scores."""
    n, m = len(seekers), len(builder.openings)
    columns = np.tile(np.arange(m), n)
    ends = np.arange(n + 1) * m
    return builder.build(seekers, ends, columns, np.linspace(0.5, 1e-6, n * m))


@pytest.mark.slow
@settings(max_examples=examples(150))
@given(st.lists(RICH_SEEKERS, max_size=3), st.lists(RICH_OPENINGS, min_size=1, max_size=5))
@example(
    [Seeker(id="s", home=DEEP, skills=["", "开车"]), Seeker(id="t", home=DEEP + "/k")],
    [
        Opening(id="a", place=DEEP, skills=["电工", "刷漆", "焊工", "木工", "开车"]),
        Opening(id="b", place=DEEP + "/l", skills=["电工"], kind="course", teaches=["开车", "??"]),
        Opening(id="c", at_home=True, title="开车"),
    ],
)
def test_a_block_says_what_each_pair_alone_does(
    seekers: list[Seeker], openings: list[Opening]
) -> None:
    builder = ReasonBuilder(openings)
    block = reasons_of(builder, seekers)
    for seeker, (name, ranking) in zip(seekers, builder.records(block), strict=True):
        assert name == seeker.id
        for opening, one in zip(openings, ranking, strict=True):
            said = explain(seeker, opening, [])
            assert (one.id, one.reasons, one.gaps) == (opening.id, said.reasons, said.gaps)
    for line, (name, ranking) in zip(builder.lines(block), builder.records(block), strict=True):
        expected = {"seeker": name, "ranking": [one.model_dump() for one in ranking]}
        assert json.loads(line) == expected


def test_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    seekers = [Seeker(id=str(i), wanted=["做保洁"], min_pay=1000 + i) for i in range(4)]
    openings = [Opening(id=str(i), title="保洁员", pay={"text": f"{i}千元/月"}) for i in range(5)]
    builder = ReasonBuilder(openings)
    whole = [builder.lines(reasons_of(builder, seekers)) for _ in range(2)]
    monkeypatch.setattr(reason_builder, "_MAX_NOTES", 3)
    few = ReasonBuilder(openings)
    assert [few.lines(reasons_of(few, seekers)) for _ in range(2)] == whole
