"""``fumin import`` on a real database."""

import pytest

from tests.factories import make_branch
from tests.functional.imports.lists_of_residents import FILE as PEOPLE
from tests.functional.imports.sheets import FILE, workbook
from tests.functional.tables import all_of, count
from webapp.employers.models import Employer
from webapp.imports.models import ImportBatch
from webapp.openings.models import Opening
from webapp.residents.models import Consent, ConsentPurpose, Resident, SensitiveRecord


def test_vacancies_come_in_once(db, run):
    result = run("vacancies", FILE)
    assert result.exit_code == 0, result.output
    assert "薪资待遇 → pay (薪资待遇)" in result.stdout
    assert "第 5 行，薪资待遇：“好商量的价”看不懂" in result.stderr
    assert "3 rows: imported 2, there already 0, refused 1" in result.stdout
    again = run("vacancies", FILE)
    assert again.exit_code == 0
    assert "imported 0, there already 2" in again.stdout
    assert count(db, Opening) == 2


def test_a_dry_run_writes_nothing(db, run):
    result = run("vacancies", FILE, "--dry-run")
    assert result.exit_code == 0
    assert "3 rows: 2 can be imported" in result.stdout
    assert count(db, Opening) == count(db, ImportBatch) == 0


def test_columns_and_employer_are_taken_as_told(db, run):
    data = workbook(["甲", "乙", "丙"], ["保洁员", "3000元/月", "x"])
    assert run("vacancies", data).exit_code == 1
    told = ["--column", "甲=title", "--column", "B=pay", "--default-employer", "重庆丁公司"]
    result = run("vacancies", data, *told)
    assert result.exit_code == 0, result.output
    (opening,) = all_of(db, Opening)
    assert (opening.title, opening.pay_min_fen) == ("保洁员", 300000)
    assert [one.name for one in all_of(db, Employer)] == ["重庆丁公司"]


@pytest.mark.parametrize("option", ["没有=pay", "职位名称=nonsense", "职位名称"])
def test_wrong_usage(run, option):
    result = run("vacancies", FILE, "--column", option)
    assert result.exit_code == 2
    assert "--column" in result.stderr


def test_a_file_that_cannot_be_used(run):
    result = run("vacancies", b"PK nothing")
    assert result.exit_code == 1
    assert "坏了" in result.stderr


@pytest.mark.slow
def test_residents_with_and_without_the_separate_consent(db, write, run):
    assert run("residents", PEOPLE).exit_code == 1  # nobody to serve them yet
    with write() as session:
        branch = make_branch(session)
    result = run("residents", PEOPLE)
    assert result.exit_code == 0, result.output
    assert "left out" in result.stderr
    people = all_of(db, Resident)
    assert [(one.name, one.branch_id) for one in people] == [
        ("陈桂芳", branch.id),
        ("李四", branch.id),
    ]
    assert count(db, SensitiveRecord) == 0
    assert ConsentPurpose.SENSITIVE not in {one.purpose for one in all_of(db, Consent)}
    assert "there already 2" in run("residents", PEOPLE, "--consent", "李晓梅 11月20日").stdout
