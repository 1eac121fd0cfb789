"""Pay texts against a table read by hand, and the promises that hold for any text."""

import math
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matching.pay.parser import Pay, from_range, monthly, parse_pay, pay_lines
from matching.records import PayRange, PayUnit
from tests.depth import examples

TABLE = Path(__file__).with_name("pay_texts.txt")


def _bound(cell: str) -> float | None:
    return float(cell) if cell.strip() else None


def _table() -> list[tuple[str, float | None, float | None, str | None]]:
    rows = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            text, low, high, unit = line.split("|")
            rows.append((text, _bound(low), _bound(high), unit.strip() or None))
    return rows


def test_table_is_large_and_has_no_repeats() -> None:
    texts = [row[0] for row in _table()]
    assert len(texts) == len(set(texts)) >= 200


@pytest.mark.parametrize(("text", "low", "high", "unit"), _table())
def test_table(text: str, low: float | None, high: float | None, unit: str | None) -> None:
    pay = parse_pay(text)
    assert (pay.min, pay.max) == pytest.approx((low, high))
    assert pay.unit == unit


_WORDS = (
    "底薪 提成 全勤奖 综合 试用期 不超过 一打 /月 小时 以上 每百件 月薪 年薪 3000 150 0.35 三四"
)
_SIGNS = "元块毛分万千k-到、+/十一两半天个()%<￥\0😀　"
_SAYINGS = [*_WORDS.split(), *_SIGNS, "99999999", "9" * 11, "1" * 400]


@pytest.mark.slow
@settings(max_examples=examples(400))
@given(st.text() | st.lists(st.sampled_from(_SAYINGS), max_size=9).map("".join))
@example("1e309元")
@example("亿" * 30 + "元")
@example("٣٠٠٠元")
@example("½元")
def test_any_text_is_read_without_error(text: str) -> None:
    pay = parse_pay(text)
    bounds = [bound for bound in (pay.min, pay.max) if bound is not None]
    assert all(math.isfinite(bound) and bound >= 0 for bound in bounds)
    assert bounds == sorted(bounds)
    assert pay.unit is None or (isinstance(pay.unit, PayUnit) and bounds)


@pytest.mark.parametrize("piece", ["一", "3000元", "1-", "(", "每", "1,", "做", "<", "\n"])
def test_long_texts_take_no_long_time(piece: str) -> None:
    # A text that took a time in proportion to its square would run for minutes here.
    parse_pay(piece * (200_000 // len(piece)))


_ROWS = [row for row in _table() if row[0].strip()]
_TRADITIONAL = str.maketrans("两个块双时单张条钱万计领", "兩個塊雙時單張條錢萬計領")


@pytest.mark.parametrize("text", [row[0] for row in _ROWS])
def test_width_script_and_case_change_nothing(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    pay = parse_pay(text)
    assert parse_pay(wide) == pay
    assert parse_pay(text.translate(_TRADITIONAL)) == pay
    assert parse_pay(text.upper()) == parse_pay(text.lower()) == pay
    assert parse_pay(f"  {text}\t\r\n") == pay


@given(st.integers(1000, 50000), st.integers(1000, 50000))
def test_written_ranges_are_read_back(a: int, b: int) -> None:
    low, high = sorted((a, b))
    for text in (
        f"{low}-{high}元/月",
        f"{low}元到{high}元",
        f"月薪{high}至{low}",
        f"{low:,}~{high:,}",
    ):
        assert parse_pay(text) == Pay(low, high, PayUnit.MONTH)


@given(
    st.integers(1, 99999),
    st.sampled_from(["双", "套", "包", "把", "单", "条", "只", "张", "顶", "件", "个"]),
)
def test_piece_rates_are_read_back(fen: int, piece: str) -> None:
    yuan = fen / 100
    for text in (f"{yuan:.2f}元/{piece}", f"一{piece}{yuan:.2f}元", f"每百{piece}{fen}元"):
        pay = parse_pay(text)
        assert pay.unit is PayUnit.PIECE
        assert (pay.min, pay.max) == pytest.approx((yuan, yuan))


def test_month_is_21_75_days_of_8_hours() -> None:
    assert monthly(Pay(100, 200, PayUnit.DAY)) == (2175, 4350)
    assert monthly(Pay(10, None, PayUnit.HOUR)) == (1740, None)
    assert monthly(Pay(None, 8000, PayUnit.MONTH)) == (None, 8000)
    assert monthly(Pay(0.35, 0.35, PayUnit.PIECE)) is None
    assert monthly(Pay(150, 150, None)) is None
    assert monthly(Pay()) is None


def test_record_with_bounds_or_text() -> None:
    assert from_range(None) == from_range(PayRange()) == Pay()
    assert from_range(PayRange(text="6-8千/月")) == Pay(6000, 8000, PayUnit.MONTH)
    assert from_range(PayRange(min=18, unit=PayUnit.HOUR)) == Pay(18, None, PayUnit.HOUR)
    # Given bounds are preferred to the text.
    assert from_range(PayRange(text="面议", max=9000)) == Pay(None, 9000, PayUnit.MONTH)
    assert from_range(PayRange(min=5000, max=3000)) == Pay(3000, 5000, PayUnit.MONTH)
    assert from_range(PayRange(min=-1, max=math.inf, unit=PayUnit.DAY)) == Pay()
    assert from_range(PayRange(min=150)) == Pay(150, None, None)


def test_lines_of_the_command() -> None:
    lines = ["底薪2200+提成\n", "面议\r\n", "\n"]
    assert list(pay_lines(lines)) == [
        {"text": "底薪2200+提成", "min": 2200.0, "max": None, "unit": "month"},
        {"text": "面议", "min": None, "max": None, "unit": None},
        {"text": "", "min": None, "max": None, "unit": None},
    ]
