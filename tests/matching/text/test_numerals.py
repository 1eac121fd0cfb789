"""Numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.numerals import RUN, read_number


@pytest.mark.parametrize(
    ("run", "low", "high"),
    [
        ("四千五", 4500, 4500),
        ("四千零五", 4005, 4005),
        ("四千零五十", 4050, 4050),
        ("4千500", 4500, 4500),
        ("1万2", 12000, 12000),
        ("一万零五百", 10500, 10500),
        ("十二万三千", 123000, 123000),
        ("两三千", 2000, 3000),
        ("三五千", 3000, 5000),
        ("一百二三", 120, 130),
        ("十七八", 17, 18),
        ("二三十", 20, 30),
        ("二十五", 25, 25),
        ("二五零零", 2500, 2500),
        ("1.5万", 15000, 15000),
        ("3k5", 3500, 3500),
        ("三", 3, 3),
    ],
)
def test_read(run: str, low: float, high: float) -> None:
    number = read_number(run)
    assert number is not None
    assert (number.low, number.high) == (low, high)


@pytest.mark.parametrize("run", ["", "1" * 13, "3四", "零" * 40, "万" * 30])
def test_no_number(run: str) -> None:
    assert read_number(run) is None


def _chinese(value: int) -> str:
    """Write 1–9999 in full, independently of the reader."""
    written = ""
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            written += "零一二三四五六七八九"[digit] + name
        elif written and not written.endswith("零") and value % power:
            written += "零"
    return written


@given(st.integers(1, 9999))
def test_written_in_full(value: int) -> None:
    number = read_number(_chinese(value))
    assert number is not None
    assert number.low == number.high == value


@pytest.mark.slow
@given(st.from_regex(RUN, fullmatch=True))
def test_any_run(run: str) -> None:
    number = read_number(run)
    assert number is None or 0 <= number.low <= number.high < float("inf")
