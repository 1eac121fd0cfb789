"""Reading spreadsheets: what comes out of good ones, and that bad ones are told, never a crash."""

import io
import zipfile
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.depth import examples
from webapp.core.spreadsheets.reading import read_spreadsheet
from webapp.core.spreadsheets.rows import Broken, Formula, Unusable

DAY = datetime(2026, 1, 5)  # noqa: DTZ001 - cells know no time zone


def xlsx(*rows, **sheets) -> bytes:
    """Return a workbook with ``rows`` on its first sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for title, more in sheets.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rewritten(data: bytes, name: str, change) -> bytes:
    """Return a zip file with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == name else content)
    return out.getvalue()


def values(sheet):
    return [(row.number, row.cells) for row in sheet.rows]


def test_values_dates_and_numbers_with_their_row_numbers():
    data = xlsx(["职位", "工资"], [], ["保洁", 1500.0], [None, None], [DAY, 1.5])
    assert values(read_spreadsheet(data, "表.xlsx")) == [
        (1, ("职位", "工资")),
        (3, ("保洁", 1500)),
        (5, (DAY, 1.5)),
    ]


def test_formulas_and_errors_are_told_apart_from_values():
    sheet = read_spreadsheet(xlsx(["a", "=1+1", "#N/A", "'=1"]), "x.xlsx")
    assert sheet.rows[0].cells[1:3] == (Formula(), Broken("#N/A"))


def test_a_wrong_dimension_is_not_believed():
    data = rewritten(
        xlsx(["a", "b"], ["c", "d"]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'ref="A1:B2"', b'ref="A1:A1"'),
    )
    assert len(read_spreadsheet(data, "x.xlsx").rows[1].cells) == 2


def test_visible_sheets_with_content_are_read():
    book = Workbook()
    book.active.title = "空"
    hidden = book.create_sheet("藏")
    hidden.append(["x"])
    hidden.sheet_state = "hidden"
    for title in ("甲", "乙"):
        book.create_sheet(title).append([title])
    stream = io.BytesIO()
    book.save(stream)
    sheet = read_spreadsheet(stream.getvalue(), "x.xlsx")
    assert (sheet.name, sheet.rows[0].cells) == ("甲", ("甲",))
    assert [(other.name, values(other)) for other in sheet.others] == [("乙", [(1, ("乙",))])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_in_the_usual_encodings_and_delimiters(encoding, delimiter):
    text = "\r\n".join(
        delimiter.join(row) for row in [("职位", "工资"), ("", ""), ('"保洁\n员"', "三千")]
    )
    assert values(read_spreadsheet(text.encode(encoding), "a.csv")) == [
        (1, ("职位", "工资")),
        (3, ("保洁\n员", "三千")),
    ]


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.csv", "空的"),
        (b" \n ", "a.xlsx", "空的"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xls", "旧的 .xls"),
        (b"<html><table></table></html>", "a.xls", "网页"),
        (b"%PDF-1.4 ...", "a.pdf", "只认"),
        (b"just text", "a.xlsx", "坏了"),
        (b"PK\x03\x04 not really", "a.xlsx", "坏了"),
        (b"\xff\xff\xfe\x81\x20", "a.csv", "编码"),
        ("职位,工资\n保\x00洁,1\n".encode(), "a.csv", "第 2 行有坏字符"),
        (b"a,b\n,\n", "a.txt", None),
        (b",,,\n,,\n", "a.csv", "没有内容"),
    ],
)
def test_what_cannot_be_used_is_told(data, name, words):
    if words is None:
        assert values(read_spreadsheet(data, name)) == [(1, ("a", "b"))]
        return
    with pytest.raises(Unusable, match=words):
        read_spreadsheet(data, name)


def test_a_docx_is_no_spreadsheet():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(Unusable, match="不是表格"):
        read_spreadsheet(stream.getvalue(), "a.xlsx")


def test_a_zip_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr("webapp.core.spreadsheets.xlsx.MOST_UNPACKED", 1_000_000)
    data = rewritten(xlsx(["a"]), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 2_000_000)
    with pytest.raises(Unusable, match="太大"):
        read_spreadsheet(data, "a.xlsx")


def test_too_long_too_wide_and_too_full(monkeypatch):
    monkeypatch.setattr("webapp.core.spreadsheets.rows.MOST_ROWS", 10)
    rows = [["x"]] * 11
    assert len(read_spreadsheet(xlsx(*rows), "a.xlsx").rows) == 11
    for data, name in [(xlsx(*rows, ["x"]), "a.xlsx"), (b"x,y\n" * 12, "a.csv")]:
        with pytest.raises(Unusable, match="太长"):
            read_spreadsheet(data, name)
    with pytest.raises(Unusable, match="太宽"):
        read_spreadsheet(xlsx(["x"] * 101), "a.xlsx")
    with pytest.raises(Unusable, match="有一格太长"):
        read_spreadsheet(b'a,"' + b"x" * 40_000 + b'"\n', "a.csv")


def test_rows_numbered_into_the_blue_do_not_fill_the_memory():
    data = rewritten(
        xlsx(["a"], ["b"]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'r="2"', b'r="999999999"').replace(b'"A2"', b'"A999999999"'),
    )
    with pytest.raises(Unusable):
        read_spreadsheet(data, "a.xlsx")


GOOD = xlsx(["职位", "工资", "=1"], ["保洁", 3000, None])


@settings(max_examples=examples(60))
@given(place=st.integers(0, len(GOOD) - 1), what=st.binary(min_size=1, max_size=40))
def test_a_damaged_workbook_never_crashes(place, what):
    damaged = GOOD[:place] + what + GOOD[place + len(what) :]
    with suppress(Unusable):
        read_spreadsheet(damaged, "a.xlsx")


@given(data=st.binary(max_size=300), name=st.sampled_from(["a.csv", "a.txt", "a.xlsx", "a", "表"]))
def test_any_bytes_are_read_or_told(data, name):
    with suppress(Unusable):
        for row in read_spreadsheet(data, name).rows:
            assert all("\x00" not in cell for cell in row.cells if isinstance(cell, str))
