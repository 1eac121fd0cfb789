"""The demo's openings keep the law they are there to show, and say shifts as shifts."""

import re
from datetime import date
from pathlib import Path

import pytest

from webapp.core import clock
from webapp.core.vocabulary import Kind
from webapp.demo.content import window_rows
from webapp.demo.openings import catalogue
from webapp.engine import records
from webapp.openings import policy
from webapp.openings.models import Opening, OpeningSource
from webapp.openings.presentation import facts, hours_line

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 30)
PROMISE = re.compile(
    r"不(?:会)?影响[^，。；'\"]{0,6}(?:低保|待遇|补贴)|低保[^，。；'\"]{0,4}不受影响"
)


@pytest.fixture(scope="module")
def openings():
    found = []
    for demo in catalogue.openings(TODAY):
        pay = records.read_pay(demo.pay_text)
        found.append(
            Opening(
                kind=Kind(demo.kind),
                title=demo.title,
                category=demo.category,
                description=demo.description,
                place=demo.place,
                address=demo.address,
                at_home=demo.at_home,
                skills=list(demo.skills),
                certificates=list(demo.certificates),
                demands=list(demo.demands),
                teaches=list(demo.teaches),
                hours=window_rows(demo.hours),
                flexible=demo.flexible,
                pay_text=demo.pay_text,
                pay_min_fen=pay.min_fen,
                pay_max_fen=pay.max_fen,
                pay_unit=pay.unit,
                pay_month_min_fen=pay.month_min_fen,
                pay_month_max_fen=pay.month_max_fen,
                headcount=1,
                source=OpeningSource.EMPLOYER,
                created_at=clock.now(),
                updated_at=clock.now(),
            )
        )
    return found


def test_fault_10_no_opening_of_the_demo_breaks_a_rule(openings):
    broken = [
        (one.title, found.code, found.sentence)
        for one in openings
        for found in policy.findings(one, on=TODAY)
    ]
    assert broken == []


def test_fault_21_the_demo_s_shift_work_says_so(openings):
    lines = {hours_line(one.hours, one.flexible) for one in openings}
    assert not [line for line in lines if "00:00–24:00" in line]
    shifts = [one for one in openings if "三班倒" in hours_line(one.hours, one.flexible)]
    assert len(shifts) >= 8
    for one in shifts:
        assert hours_line(one.hours, one.flexible) == (
            "每天三班倒：08:00–16:00、16:00–24:00、00:00–08:00"
        )
        assert "三班倒" in one.description


def test_fault_21_each_kind_has_its_own_words(openings, app):
    with app.test_request_context():
        for one in openings:
            labels = {label for label, _words in facts(one, "")}
            words = " ".join(str(value) for _label, value in facts(one, ""))
            assert ("工钱" in labels) is (one.kind in {Kind.VACANCY, Kind.PIECEWORK}), one.title
            if one.kind is not Kind.PIECEWORK:
                assert "领料" not in words, one.title


def test_fault_21_no_page_promises_what_an_allowance_office_decides():
    for folder, pattern in (("webapp", "*.html"), ("webapp", "*.py"), ("data", "*.json")):
        for path in (ROOT / folder).rglob(pattern):
            found = PROMISE.search(path.read_text(encoding="utf-8"))
            assert found is None, (path, found)
