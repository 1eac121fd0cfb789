"""The dated table of figures."""

from datetime import date

import pytest

from webapp import rules
from webapp.rules import Rule


def test_the_newest_row_that_has_begun_holds(monkeypatch):
    table = (
        Rule("floor", 2100, "fen", date(2024, 1, 1), "a"),
        Rule("floor", 2330, "fen", date(2025, 1, 1), "b"),
        Rule("other", 1, "days", date(2020, 1, 1), "c"),
    )
    monkeypatch.setattr(rules, "read_rules", lambda: table)
    assert rules.rule("floor", on=date(2024, 12, 31)) == 2100
    assert rules.rule("floor", on=date(2025, 1, 1)) == 2330
    assert rules.in_force("floor", on=date(2026, 1, 1)).source == "b"
    with pytest.raises(rules.UnknownRule):
        rules.rule("floor", on=date(2023, 1, 1))
    with pytest.raises(rules.UnknownRule):
        rules.rule("nothing", on=date(2026, 1, 1))


def test_every_row_of_the_table_has_its_source():
    rows = rules.read_rules()
    assert rules.rule("employer_check_days", on=date(2026, 11, 24)) == 183
    for row in rows:
        assert row.source
        assert row.value > 0
    assert len({(row.name, row.since) for row in rows}) == len(rows)
