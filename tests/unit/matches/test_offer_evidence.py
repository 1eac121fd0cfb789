"""The flags of 150 offers against labels that were given before them; see labelled_offers.md."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from webapp.core.vocabulary import ALWAYS, Education, Kind, PayUnit, Reach
from webapp.engine import records
from webapp.matches.services.offer_evidence import assess, most_a_month
from webapp.openings.models import Opening, OpeningSource
from webapp.residents.models import Resident

LIST = Path(__file__).with_name("labelled_offers.csv")
HOME = "重庆市/九龙坡区/华岩镇/华龙家园"
ON = date(2026, 11, 30)
CODE_OF = {"floor": "pay_floor", "least": "min_pay"}


def windows(text: str) -> list[dict[str, str]]:
    if text == "always":
        return ALWAYS
    parts = [one.split(" ") for one in text.split("|") if one]
    return [{"days": days, "start": hours[:5], "end": hours[6:]} for days, hours in parts]


def person(row: dict[str, str]) -> Resident:
    return Resident(
        id=1,
        household_id=1,
        branch_id=1,
        name="某人",
        birth_date=date(ON.year - int(row["age"]), 1, 1) if row["age"] else None,
        education=Education(row["schooling"]) if row["schooling"] else None,
        reach=Reach(row["reach"]) if row["reach"] else None,
        available=windows(row["free"]),
        limits=row["limits"].split(),
        certificates=row["held"].split(),
        min_pay_fen=int(row["least"]) * 100 if row["least"] else None,
    )


def offer(row: dict[str, str]) -> Opening:
    pay = records.read_pay(row["pay"])
    return Opening(
        id=1,
        kind=Kind(row["kind"]),
        source=OpeningSource.STAFF,
        title=row["title"],
        place=row["place"],
        at_home=row["at_home"] == "yes",
        hours=windows(row["hours"]),
        flexible=row["flexible"] == "yes",
        demands=row["demands"].split(),
        certificates=row["certificates"].split(),
        education=Education(row["asks_schooling"]) if row["asks_schooling"] else None,
        pay_text=row["pay"],
        pay_min_fen=pay.min_fen,
        pay_max_fen=pay.max_fen,
        pay_unit=pay.unit,
        pay_month_min_fen=pay.month_min_fen,
        pay_month_max_fen=pay.month_max_fen,
    )


def flags(row: dict[str, str]) -> set[str]:
    resident, opening = person(row), offer(row)
    seeker = records.seeker_record(resident, home=HOME, today=ON)
    found = assess(resident, opening, seeker=seeker, on=ON)["findings"]
    assert all(one["text"] for one in found)
    return {one["code"] for one in found}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with LIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_unsuitable_offers_are_flagged(rows: Any) -> None:
    unsuitable = [row for row in rows if row["label"] == "unsuitable"]
    suitable = [row for row in rows if row["label"] == "suitable"]
    assert len(unsuitable) + len(suitable) == 150
    flagged = [row for row in unsuitable if flags(row)]
    wrongly = [row["n"] for row in suitable if flags(row)]
    missed = [row["n"] for row in unsuitable if not flags(row)]
    assert len(flagged) >= 0.95 * len(unsuitable), missed
    assert len(wrongly) <= 0.05 * len(suitable), wrongly


def test_each_reason_is_the_one_labelled(rows: Any) -> None:
    """Of all reasons labelled, 95% are named, and as few are named beside them."""
    labelled = named = both = 0
    for row in rows:
        expected, found = {CODE_OF.get(one, one) for one in row["why"].split()}, flags(row)
        labelled, named, both = (
            labelled + len(expected), named + len(found), both + len(expected & found),
        )  # fmt: skip
    assert both >= 0.95 * labelled
    assert both >= 0.95 * named


@pytest.mark.parametrize(
    ("unit", "fen", "hours", "month"),
    [
        (PayUnit.HOUR, 3000, "12345 09:00-12:00", 195000),  # 30 × 15 × 52/12
        (PayUnit.HOUR, 2000, "1 22:00-06:00", 69333),  # 20 × 8 × 52/12, over midnight
        (PayUnit.DAY, 15000, "67 09:00-17:00", 130000),  # 150 × 2 × 52/12
        (PayUnit.MONTH, 280000, "12345 09:00-12:00", 280000),
        (PayUnit.PIECE, 150, "12345 09:00-12:00", None),
    ],
)
def test_what_an_offer_brings_in_a_month(
    unit: PayUnit, fen: int, hours: str, month: int | None
) -> None:
    opening = Opening(
        kind=Kind.VACANCY, source=OpeningSource.STAFF, title="x", hours=windows(hours),
        pay_unit=unit, pay_max_fen=fen, pay_month_max_fen=fen,
    )  # fmt: skip
    assert most_a_month(opening) == month
