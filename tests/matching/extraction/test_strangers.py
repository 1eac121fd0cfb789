"""Messages and paragraphs in other styles than the readers were made with, read field by field.

``strangers_*.jsonl`` were written, with their labels, before anything was measured on them. What
half a text is in says the last bit of the SHA-256 of its words: general rules were mended by the
half in view, the half aside only measures them.
"""

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from matching.extraction.residents import extract_resident
from matching.extraction.vacancies import extract_vacancies

FOLDER = Path(__file__).parent
VACANCY = ("headcount", "pay_min", "pay_max", "pay_unit", "contact_phone", "education", "illegal")
PERSON = ("age", "sex", "phone", "limits", "reach", "min_pay_month", "education", "certificates")


def texts(kind: str, *, in_view: bool) -> list[dict[str, Any]]:
    lines = (FOLDER / f"strangers_{kind}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [row for row in rows if (_digest(row["text"]) % 2 == 0) is in_view]


def _digest(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def facts(records: list[dict[str, Any]], fields: tuple[str, ...]) -> Counter[tuple[str, str]]:
    """Return what a text says, each (field, value) as often as it is said; whole values only."""
    found: Counter[tuple[str, str]] = Counter()
    for record in records:
        for field in fields:
            value = record[field]
            values = value if isinstance(value, list) else [] if value is None else [value]
            found.update(
                (field, f"{one:g}" if type(one) in (int, float) else one) for one in values
            )
    return found


def f1(pairs: list[tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]]) -> float:
    """Return F1 over all facts of all texts."""
    right = sum((got & want).total() for got, want in pairs)
    return 2 * right / sum(got.total() + want.total() for got, want in pairs)


@pytest.mark.parametrize(("in_view", "least"), [(True, 0.95), (False, 0.82)])
def test_messages_in_other_styles(in_view: bool, least: float) -> None:
    pairs = [
        (
            facts(extract_vacancies(row["text"])["openings"], VACANCY),
            facts(row["openings"], VACANCY),
        )
        for row in texts("vacancies", in_view=in_view)
    ]
    assert f1(pairs) >= least


@pytest.mark.parametrize(("in_view", "least"), [(True, 0.97), (False, 0.89)])
def test_paragraphs_in_other_styles(in_view: bool, least: float) -> None:
    pairs = [
        (facts([extract_resident(row["text"])], PERSON), facts([row], PERSON))
        for row in texts("residents", in_view=in_view)
    ]
    assert f1(pairs) >= least


def test_bars_part_the_cells_of_a_list() -> None:
    found = extract_vacancies("晨露菜场｜华岩\n理货工 x2｜3.1k｜6:00–14:00\n收钱工｜女｜1人｜2900")
    jobs = found["openings"]
    assert [(one["title"], one["headcount"], one["pay_min"]) for one in jobs] == [
        ("理货工", 2, 3100),
        ("收钱工", 1, 2900),
    ]
    assert [one["illegal"] for one in jobs] == [[], ["sex"]]


def test_ages_by_sex_are_no_demand_for_a_sex() -> None:
    found = extract_vacancies("招理货员3名，3000元/月，男58女48以下")["openings"][0]
    assert (found["illegal"], found["pay_min"]) == (["age"], 3000)
