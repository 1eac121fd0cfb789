"""Workbooks as offices keep them: who comes in, who is put before a person, what is nobody."""

import json

import pytest

from tests.functional.imports import office_workbooks


def read(run, data, name="名单.xlsx"):
    """Return the lines of a dry run: people by (sheet, row, name), and rows that hold none."""
    result = run("residents", data, "--dry-run", "--json", name=name)
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    people = {
        (one["sheet"], one["row"], one["record"]["name"]): one
        for one in lines
        if "skipped" not in one
    }
    return people, {(one["sheet"], one["row"]) for one in lines if "skipped" in one}


@pytest.mark.parametrize("book", office_workbooks.ALL, ids=lambda book: book.__name__)
def test_every_row_of_an_office_workbook_is_read(run, book):
    data, expected, nobody = book()
    name = "名单.xlsx" if data.startswith(b"PK") else "名单.csv"
    people, skipped = read(run, data, name)
    assert set(people) == set(expected)
    assert skipped == nobody
    wrong = {
        (*key, field): (got, wanted)
        for key, fields in expected.items()
        for field, wanted in fields.items()
        if (got := people[key]["record"].get(field, people[key].get(field))) != wanted
    }
    assert not wrong
