"""Rows into records and back, money in fen on one side and yuan on the other."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import records
from webapp.core import vocabulary
from webapp.core.vocabulary import Education, Kind, PayUnit, Reach
from webapp.engine import records as engine_records
from webapp.openings.models import Opening, OpeningSource
from webapp.residents.models import Experience, Resident

PLACE = "重庆市/九龙坡区/华岩镇/华龙家园"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3000-4500元/月", (300000, 450000, PayUnit.MONTH, 300000, 450000)),
        ("计件0.35元/个", (35, 35, PayUnit.PIECE, None, None)),
        ("20元/小时", (2000, 2000, PayUnit.HOUR, 348000, 348000)),
        ("面议", (None, None, None, None, None)),
    ],
)
def test_pay_texts_in_fen(text: str, expected: tuple[Any, ...]) -> None:
    pay = engine_records.read_pay(text)
    found = (pay.min_fen, pay.max_fen, pay.unit, pay.month_min_fen, pay.month_max_fen)
    assert found == expected


@given(st.text(max_size=60))
def test_no_pay_text_breaks_it(text: str) -> None:
    pay = engine_records.read_pay(text)
    assert pay.min_fen is None or pay.max_fen is None or 0 <= pay.min_fen <= pay.max_fen


def test_search_keys() -> None:
    assert engine_records.search_keys("保潔员") == ("保洁员", "baojieyuan", "bjy")


def test_a_resident_becomes_a_seeker() -> None:
    resident = Resident(
        id=7,
        household_id=1,
        branch_id=1,
        name="陈桂芳",
        birth_date=date(1980, 5, 2),
        education=Education.PRIMARY,
        wanted=["保洁"],
        reach=Reach.ESTATE,
        limits=["lifting"],
        min_pay_fen=250050,
    )
    jobs = [Experience(resident_id=7, title="保洁员", employer="", months=18)]
    seeker = engine_records.seeker_record(
        resident, home=PLACE, today=date(2026, 5, 1), experience=jobs
    )
    assert (seeker.id, seeker.age, seeker.min_pay, seeker.home) == ("7", 45, 2500.5, PLACE)
    assert seeker.experience[0].years == 1.5
    assert seeker.available is None
    assert seeker.kinds is None
    assert "陈桂芳" not in seeker.model_dump_json()


def test_an_opening_becomes_a_record() -> None:
    opening = Opening(
        id=3,
        kind=Kind.PIECEWORK,
        title="串珠",
        source=OpeningSource.STAFF,
        pay_text="0.35元/个",
        pay_min_fen=35,
        pay_unit=PayUnit.PIECE,
        headcount=5,
        hired_count=2,
        hours=[{"days": "12345", "start": "08:30", "end": "16:30"}],
    )
    record = engine_records.opening_record(opening, employer="巧手坊")
    assert (record.id, record.kind, record.capacity) == ("3", "piecework", 3)
    assert record.pay is not None
    assert (record.pay.min, record.pay.max, record.pay.unit) == (0.35, None, "piece")
    assert record.hours[0].start == "08:30"


@pytest.mark.parametrize("name", ["Kind", "Education", "Reach", "Demand", "PayUnit"])
def test_both_sides_speak_one_vocabulary(name: str) -> None:
    assert list(getattr(vocabulary, name)) == list(getattr(records, name))


@pytest.mark.slow
def test_importing_the_pages_loads_nothing_heavy() -> None:
    import subprocess
    import sys

    code = (
        "import webapp.matches.views, sys;"
        "print([m for m in ('matching.records', 'numpy', 'sklearn', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
