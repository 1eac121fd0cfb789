"""The dated table of figures."""

from datetime import date

import pytest

from webapp.rulebook import figures
from webapp.rulebook.figures import Rule


def test_the_newest_row_that_has_begun_holds(monkeypatch):
    table = (
        Rule("floor", 2100, "fen", date(2024, 1, 1), "a"),
        Rule("floor", 2330, "fen", date(2025, 1, 1), "b"),
        Rule("other", 1, "days", date(2020, 1, 1), "c"),
    )
    monkeypatch.setattr(figures, "read_rules", lambda: table)
    assert figures.rule("floor", on=date(2024, 12, 31)) == 2100
    assert figures.rule("floor", on=date(2025, 1, 1)) == 2330
    assert figures.in_force("floor", on=date(2026, 1, 1)).source == "b"
    with pytest.raises(figures.UnknownRule):
        figures.rule("floor", on=date(2023, 1, 1))
    with pytest.raises(figures.UnknownRule):
        figures.rule("nothing", on=date(2026, 1, 1))


def test_every_row_of_the_table_has_its_source():
    rows = figures.read_rules()
    assert figures.rule("employer_check_days", on=date(2026, 11, 24)) == 183
    for row in rows:
        assert row.source
        assert row.value > 0
    assert len({(row.name, row.since) for row in rows}) == len(rows)
