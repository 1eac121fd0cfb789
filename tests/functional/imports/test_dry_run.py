"""``fumin import --dry-run --json``: what a spreadsheet would become, as one line a row."""

import json

import pytest
from click.testing import CliRunner
from sqlmodel import select

from tests.functional.imports.lists_of_residents import CHEN, ID_NUMBER, LI
from tests.functional.imports.lists_of_residents import HEADERS as PEOPLE
from tests.functional.imports.sheets import GOOD, HEADERS, workbook
from tests.functional.tables import count
from webapp.cli import main
from webapp.core.models import AuditEvent
from webapp.imports.models import ImportBatch
from webapp.openings.models import Opening
from webapp.residents.models import (
    Resident,
)

# ---------- the command line ----------


@pytest.fixture
def look(monkeypatch, settings, db, tmp_path):
    """Run ``fumin import … --dry-run --json`` and return its lines."""
    monkeypatch.setattr("webapp.core.settings.from_environment", lambda: settings)
    monkeypatch.setattr("webapp.from_environment", lambda: settings)

    def _look(kind, data):
        path = tmp_path / "表.xlsx"
        path.write_bytes(data)
        result = CliRunner().invoke(main, ["import", kind, str(path), "--dry-run", "--json"])
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    return _look


def test_fault_28_json_of_a_list_of_residents(db, look):
    wrong, child, rounded = [*CHEN], [*LI], [*CHEN]
    wrong[3] = "110105194912310021"
    child[0], child[2] = "小明明", "2015-01-01"
    rounded[0], rounded[3] = "赵六七", 110105194912310000
    rows = [["名单"], PEOPLE, CHEN, wrong, child, rounded, CHEN, ["合计"]]
    lines = look("residents", workbook(*rows))
    assert [line.get("skipped") for line in lines if "skipped" in line] == [
        "在标题行上面",
        "是标题行",
        "像是合计",
    ]
    rows = {line["row"]: line for line in lines if "record" in line}
    assert list(rows) == [3, 4, 5, 6, 7]
    assert [rows[n]["accepted"] for n in rows] == [True, False, False, False, False]
    assert [rows[n]["record"]["refuse"] for n in rows] == [
        None,
        "id_checksum",
        "under_16",
        "id_damaged",
        "duplicate",
    ]
    chen = rows[3]["record"]
    assert rows[3]["sheet"] is None
    assert chen["name"] == "陈桂芳"
    assert chen["id_number"] == ID_NUMBER
    assert (chen["unit_address"], chen["birth"], chen["sex"]) == (
        "3栋/2单元/501",
        "1949-12-31",
        "female",
    )
    assert (chen["min_pay_month"], chen["limits"], chen["reach"]) == (2500, ["lifting"], "estate")
    assert (chen["low_income"], rows[5]["record"]["low_income"]) == (True, False)
    assert (rows[4]["record"]["id_error"], rows[4]["record"]["id_number"]) == (
        "checksum",
        "110105194912310021",
    )
    assert (rows[6]["record"]["id_error"], rows[6]["record"]["id_number"]) == (
        "digits_lost",
        None,
    )
    assert rows[4]["refused"] == [{"column": "身份证号", "text": "身份证号不对，请照证件核对"}]
    assert count(db, Resident) == count(db, ImportBatch) == count(db, AuditEvent) == 0


def test_fault_28_json_of_a_list_of_vacancies(db, look):
    bad = [2, "重庆乙公司", "厨师", "好商量的价", *[None] * 6]
    lines = look("vacancies", workbook(HEADERS, GOOD, bad))
    assert [line["row"] for line in lines] == [1, 2, 3]
    record = lines[1]["record"]
    assert (record["title"], record["pay_min"], record["pay_max"], record["pay_unit"]) == (
        "保洁员",
        3000,
        3500,
        "month",
    )
    assert (record["headcount"], record["valid_until"]) == (3, "2026-12-31")
    assert (lines[2]["accepted"], lines[2]["refused"][0]["column"]) == (False, "薪资待遇")
    assert lines[2]["record"]["title"] == "厨师"
    with db.reader() as session:
        assert session.exec(select(Opening)).first() is None


def test_json_without_dry_run_is_wrong_usage(look, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("姓名\n")
    assert CliRunner().invoke(main, ["import", "residents", str(path), "--json"]).exit_code == 2
