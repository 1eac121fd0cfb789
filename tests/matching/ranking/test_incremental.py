"""Going on from a former output: the same bytes as a whole run, or a refusal with its reason."""

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.cli import main
from matching.ranking import batch, former_run, incremental
from matching.records import Opening, Seeker
from tests.matching.community import openings, seeker
from tests.matching.test_cli import dump, write

WISHES = ["做保洁", "带娃", "开车", "炒菜", "守大门", "做手工", "送外卖", "yuesao"]
# Changes that leave all words and places as they are, and one that does not.
QUIET: list[dict[str, Any]] = [
    {"capacity": 0},
    {"capacity": 7},
    {"demands": ["lifting"]},
    {"hours": [{"start": "22:00", "end": "06:00"}]},
    {"education": "college"},
    {"at_home": True},
]
LOUD: list[dict[str, Any]] = [{"title": "新来的绣花工"}, {"place": "重庆市/九龙坡区/别处"}]


@pytest.fixture(autouse=True)
def few_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Score fewer openings than there are, as in a large catalogue."""
    monkeypatch.setattr(batch, "CANDIDATES", 4)


def crowd(count: int) -> list[Seeker]:
    draw = random.Random(0)
    return [
        seeker(
            id=f"s{i}",
            wanted=draw.sample(WISHES, 2),
            age=draw.choice([15, 17, 30, 50]),
            limits=draw.choice([[], ["night"], ["outdoors"]]),
            reach=draw.choice(["home", "street", "anywhere"]),
        )
        for i in range(count)
    ]


def suggest(folder: Path, name: str, people: Any, catalogue: Any, *options: str) -> bytes:
    rows = [write(folder / f"{name}-s.jsonl", [dump(one) for one in people])]
    rows.append(write(folder / f"{name}-o.jsonl", [dump(one) for one in catalogue]))
    out = folder / f"{name}.jsonl"
    assert main(["suggest", *rows, "--top", "3", "--output", str(out), *options]) == 0
    return out.read_bytes()


def done_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that notes who is done again from now on."""
    noted: list[str] = []
    standing = incremental.standing

    def watched(former: Any, retriever: Any, people: Any) -> Any:
        found = standing(former, retriever, people)
        noted.extend(one.id for one, kept in zip(people, found, strict=True) if kept is None)
        return found

    monkeypatch.setattr(incremental, "standing", watched)
    return noted


@pytest.mark.slow
@settings(max_examples=25)
@given(draw=st.data())
def test_the_output_is_that_of_a_whole_run(
    tmp_path_factory: pytest.TempPathFactory, draw: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("since")
    people, catalogue = crowd(12), openings()
    suggest(folder, "former", people, catalogue)
    changes = st.sampled_from(QUIET * 3 + LOUD)
    for at in draw.draw(st.sets(st.integers(0, len(catalogue) - 1), max_size=4)):
        catalogue[at] = Opening.model_validate(
            catalogue[at].model_dump() | draw.draw(changes) | {"pay": catalogue[at].pay}
        )
    if draw.draw(st.booleans()):
        del catalogue[draw.draw(st.integers(0, len(catalogue) - 1))]
    catalogue = draw.draw(st.permutations(catalogue))
    for at in draw.draw(st.sets(st.integers(0, len(people) - 1), max_size=3)):
        people[at] = people[at].model_copy(update={"wanted": [draw.draw(st.sampled_from(WISHES))]})
    people = draw.draw(st.permutations([*people, seeker(id="new", wanted=["做保洁"])]))
    whole = suggest(folder, "whole", people, catalogue)
    since = ("--since", str(folder / "former.jsonl"))
    assert suggest(folder, "again", people, catalogue, *since) == whole
    # What a run that went on leaves can be gone on from in turn.
    for name, arrays in (("again", {}), ("whole", {})):
        with np.load(folder / f"{name}.jsonl.since") as file:
            arrays |= dict(file)
        if name == "again":
            again = arrays
    assert all(np.array_equal(again[key], arrays[key]) for key in arrays)


def test_only_who_may_see_something_else_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, catalogue = crowd(40), openings()
    suggest(tmp_path, "former", people, catalogue)
    noted = done_again(monkeypatch)
    since = ("--since", str(tmp_path / "former.jsonl"))
    suggest(tmp_path, "same", people, catalogue[::-1], *since)
    assert noted == []
    people[7] = people[7].model_copy(update={"wanted": ["送外卖"]})
    suggest(tmp_path, "one", people, catalogue, *since)
    assert noted == ["s7"]
    noted.clear()
    filled = [one.model_copy(update={"capacity": 0}) if one.title == "保安" else one
              for one in catalogue]  # fmt: skip
    suggest(tmp_path, "filled", people, filled, *since)
    assert "s7" in noted
    assert 1 < len(noted) < 35
    noted.clear()
    suggest(tmp_path, "reopened", people, catalogue, "--since", str(tmp_path / "filled.jsonl"))
    assert 0 < len(noted) < 35
    noted.clear()
    catalogue[0] = catalogue[0].model_copy(update={"title": "会说重庆话的保洁"})
    suggest(tmp_path, "worded", people, catalogue, *since)
    assert len(noted) == 40


def refused(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    files = [str(folder / f"former-{one}.jsonl") for one in "so"]
    out = folder / "no.jsonl"
    since = ("--since", str(folder / "former.jsonl"))
    assert main(["suggest", *files, "--top", "3", "--output", str(out), *since, *options]) == 1
    assert not out.exists()
    return capsys.readouterr().err


def test_another_way_of_making_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    suggest(tmp_path, "former", crowd(3), openings())
    assert "--top 3, not 5" in refused(tmp_path, capsys, "--top", "5")
    with monkeypatch.context() as patch:
        patch.setattr(former_run, "program_digest", lambda: "newer")
        assert "another version of the program" in refused(tmp_path, capsys)
    with monkeypatch.context() as patch:
        patch.setattr("matching.ranking.ranker.PriorRanker.version", "learned-1")
        assert "model prior-2, not learned-1" in refused(tmp_path, capsys)


def test_an_output_that_is_not_as_it_was_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suggest(tmp_path, "former", crowd(3), openings())
    former, beside = tmp_path / "former.jsonl", tmp_path / "former.jsonl.since"
    lines = former.read_bytes()
    former.write_bytes(lines.replace(b"0.", b"1.", 1))
    assert "has been changed" in refused(tmp_path, capsys)
    former.write_bytes(lines)
    beside.write_bytes(beside.read_bytes()[:-40])
    assert "can't be read" in refused(tmp_path, capsys)
    beside.unlink()
    assert "is missing" in refused(tmp_path, capsys)


def test_a_packed_output_can_be_gone_on_from(tmp_path: Path) -> None:
    people, catalogue = crowd(3), openings()
    plain = suggest(tmp_path, "former", people, catalogue)
    files = [str(tmp_path / f"former-{one}.jsonl") for one in "so"]
    packed, out = tmp_path / "packed.jsonl.gz", tmp_path / "out.jsonl"
    assert main(["suggest", *files, "--top", "3", "--output", str(packed)]) == 0
    again = ["--since", str(packed), "--output", str(out)]
    assert main(["suggest", *files, "--top", "3", *again]) == 0
    assert out.read_bytes() == plain
