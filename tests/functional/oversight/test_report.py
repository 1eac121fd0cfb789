"""Corrections stand beside what was published; the monthly report has the admin's columns."""

import io
import json
from datetime import date, timedelta

import openpyxl
import pytest
from sqlmodel import select

from tests import factories
from tests.forms import press
from tests.functional.command_line import fumin
from tests.functional.oversight import world
from webapp.core import clock
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import Kind
from webapp.oversight.models import FrozenMonth, ReportColumn
from webapp.oversight.queries import published, report
from webapp.oversight.topics import by_id

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SETTINGS = "/admin/report/"
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
def admin(sign_in, boss):
    """The admin's browser."""
    return sign_in(boss)


def shown(db, month, figure):
    """Return the words of a figure as the page has them."""
    with db.reader() as session:
        values = published.month_values(session, [month])[month]
    return published.shown_of(by_id()[figure], month, values).words


def test_a_correction_stands_beside_what_was_published(app, db, write, client, admin):
    """Six openings of October are found; the year's sum of November follows."""
    jobs = world.freezing
    with write() as session:
        for number in range(6):
            day = world.at(OCTOBER + timedelta(days=number))
            factories.make_opening(session, kind=Kind.COURSE, published_at=day)
    for month in (OCTOBER, NOVEMBER):
        period = world.Period.of(month)
        moment = world.at(period.last + timedelta(days=3))
        with app.app_context(), clock.frozen(moment), write() as session:
            jobs.freeze(session, period)
            world.publishing.publish(session)
    with app.test_request_context():
        assert shown(db, OCTOBER, "openings") == "6 个机会"
    later = world.at(date(2026, 12, 20))
    address = f"{SETTINGS}months/2026-10/correct"
    with clock.frozen(later):
        same = press(admin, address, reason="看看")
        assert same.status_code == 400
        assert "没有要改的" in same.get_data(as_text=True)
        assert press(admin, address, reason="").status_code == 400
        with write() as session:
            for _ in range(6):
                factories.make_opening(session, kind=Kind.VENTURE, published_at=world.at(OCTOBER))
        assert press(admin, address, reason="补录了六个摊位").status_code == 303
    page = client.get("/oversight/figures/openings").get_data(as_text=True)
    assert "补录了六个摊位" in page
    assert "12 个机会" in page
    assert ">6 个机会" in page  # the earlier value beside
    assert "补录了六个摊位" in client.get("/oversight/").get_data(as_text=True)
    table = client.get("/oversight/files/openings.csv").get_data(as_text=True)
    assert table == (
        "month,edition,value,year\n2026-10,0,6,6\n2026-10,1,12,12\n2026-11,0,0,6\n2026-11,1,0,12\n"
    )
    with db.reader() as session:
        assert [
            (one.month, one.edition)
            for one in session.exec(select(FrozenMonth).order_by(FrozenMonth.id))
        ] == [(OCTOBER, 0), (NOVEMBER, 0), (OCTOBER, 1), (NOVEMBER, 1)]
    assert admin.get(f"{SETTINGS}months/2026-01/correct").status_code == 404
    assert admin.get(f"{SETTINGS}months/2026-13/correct").status_code == 404


@one_database
def test_the_admin_names_and_orders_the_columns(db, admin, desk, client, tmp_path, database_url):
    months = world.make_months(8, 2)
    world.freeze(db, months)
    whole = desk.get("/staff/report/2026-11").get_data(as_text=True)
    assert all(one.name in whole for one in by_id().values())  # before columns are chosen
    for figure, heading in (
        ("hired", "新增就业人数"),
        ("able", "=HYPERLINK(1)"),
        ("hired.year", "累计就业"),
    ):
        assert (
            press(admin, f"{SETTINGS}columns/new", figure=figure, heading=heading).status_code
            == 303
        )
    twice = press(admin, f"{SETTINGS}columns/new", figure="able", heading="累计就业")
    assert twice.status_code == 400
    assert "已经有一列叫这个名字" in twice.get_data(as_text=True)
    assert press(admin, f"{SETTINGS}columns/new", figure="able", heading="").status_code == 400
    assert press(admin, f"{SETTINGS}columns/new", figure="x", heading="坏").status_code == 400
    assert (
        press(admin, f"{SETTINGS}columns/new", figure="able", heading="长" * 41).status_code == 400
    )
    with db.reader() as session:
        third = report.columns(session)[2].id
        first = report.columns(session)[0].id
    assert press(admin, SETTINGS, f"columns/{third}/up").status_code == 303
    assert press(admin, f"{SETTINGS}columns/{first}", heading="就业人数").status_code == 303
    with db.reader() as session:
        assert [one.heading for one in report.columns(session)] == [
            "就业人数",
            "累计就业",
            "=HYPERLINK(1)",
        ]
    sheet = desk.get("/staff/report/2026-11.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(sheet.data))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0] == ("月份", "就业人数", "累计就业", "=HYPERLINK(1)")
    assert book.active["D1"].data_type == "s"  # a text, no formula
    assert rows[2][1] == months[1].count("hired") or rows[2][1] == "不公布"
    assert rows[2][3] == months[1].count("able")
    paper = desk.get("/staff/report/2026-11").get_data(as_text=True)
    assert "累计就业" in paper
    for nobody in (client, admin):
        assert nobody.get("/staff/report/2026-11.xlsx").status_code in {302, 403}
    assert desk.get(SETTINGS).status_code == 403
    assert desk.get("/staff/report/2020-01").status_code == 404
    assert press(admin, SETTINGS, f"columns/{first}/remove").status_code == 303
    with db.reader() as session:
        assert [one.heading for one in report.columns(session)] == ["累计就业", "=HYPERLINK(1)"]
        actions = {one.action for one in session.exec(select(AuditEvent))}
        assert session.get(ReportColumn, first) is None
    assert {"report.add_column", "report.move_column", "report.rename_column"} <= actions
    assert "report.remove_column" in actions


@one_database
def test_the_command_prints_what_the_page_has(db, client, database_url, tmp_path):
    months = world.make_months(9, 2)
    world.freeze(db, months)
    where = {"database_url": database_url, "folder": tmp_path}
    said = fumin("report", "--json", **where)
    assert said.exit_code == 0, said.output
    made = json.loads(said.output)
    assert made["month"] == "2026-11"
    page = client.get("/oversight/").get_data(as_text=True)
    assert {one["id"] for one in made["figures"]} == set(by_id())
    for one in made["figures"]:
        mark = f'data-figure="{one["id"]}" data-month="2026-11" value="{one["value"] or ""}"'
        assert mark in page, one
    sheet, paper = tmp_path / "月报.xlsx", tmp_path / "月报.html"
    assert (
        fumin(
            "report", "--month", "2026-10", "--xlsx", str(sheet), "--html", str(paper), **where
        ).exit_code
        == 0
    )
    rows = list(openpyxl.load_workbook(sheet).active.iter_rows(values_only=True))
    assert rows[1][0] == "2026年10月"
    assert "月报：2026年10月" in paper.read_text(encoding="utf-8")
    lines = fumin("report", "--month", "2026-10", **where).output
    assert f"能干活的\t{months[0].count('able')} 人" in lines
    for wrong in ("2026-12", "x", "2026-13"):
        refused = fumin("report", "--month", wrong, **where)
        assert refused.exit_code == 1
        assert "no frozen month" in refused.output
