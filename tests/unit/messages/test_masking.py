"""Contact data in any spelling is hidden; ordinary sentences pass as they are."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from webapp.messages.masking import HIDDEN, find, mask, mask_after

CHINESE = ["零〇洞", "一壹幺", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒拐", "八捌", "九玖勾"]
SEPARATORS = [
    "",
    " ",
    "-",
    ".",
    "，",
    "、",
    "/",
    "*",
    "·",
    "  ",
    "\n",
    "\u200b",
    "…",
    "（",
    "~",
    "_",
    "😀",
]
digit_strings = st.builds(
    lambda second, rest: f"1{second}{rest}",
    st.sampled_from("3456789"),
    st.text("0123456789", min_size=9, max_size=9),
)


def spelling(digit: str) -> st.SearchStrategy[str]:
    """One way of writing a digit: plain, full-width, circled, of another script, or Chinese."""
    n = int(digit)
    ways = [digit, chr(0xFF10 + n), "⓪①②③④⑤⑥⑦⑧⑨"[n], chr(0x0660 + n), chr(0x1D7CE + n)]
    return st.sampled_from([*ways, digit + "\ufe0f\u20e3", *CHINESE[n]])


@st.composite
def written_numbers(draw: st.DrawFn) -> str:
    """A mobile number as somebody might write it who does not want it to be found."""
    number = draw(digit_strings)
    if draw(st.booleans()):  # parted anywhere, by anything, in any spelling
        parts = [draw(spelling(d)) + draw(st.sampled_from(SEPARATORS)) for d in number]
        return "".join(parts)
    mark = draw(st.sampled_from(SEPARATORS))
    cut = draw(st.sampled_from([(3, 7), (3, 6), (1, 6), (2, 5), (4, 8), (11, 11)]))
    groups = [number[: cut[0]], number[cut[0] : cut[1]], number[cut[1] :]]
    groups = [group for group in groups if group]
    # Round sums side by side are taken for pay, the usual 3-4-4 apart.
    usual = [len(group) for group in groups] == [3, 4, 4]
    round_sums = all(g[0] != "0" and int(g) % 50 == 0 and 3 <= len(g) <= 5 for g in groups)
    assume(usual or not round_sums)
    return draw(st.sampled_from(["", "+86", "86-", "0"])) + mark.join(groups)


@given(
    written_numbers(),
    st.sampled_from(["", "打我电话", "我的号码是：", "工资3000元，电话", "电话\n"]),
    st.sampled_from(["", "，谢谢", "（微信同号）", " 王师傅", "。早上8:00后打"]),
)
@example("幺三八 零零零零 零零零一", "", "")
def test_a_mobile_number_in_any_spelling_is_hidden(number: str, before: str, after: str) -> None:
    shown = mask(f"{before}{number}{after}")
    assert HIDDEN in shown
    assert find(shown) == []
    digits = sum(char.isnumeric() for char in shown)
    assert digits <= sum(char.isnumeric() for char in before + after)


amounts = st.integers(1, 199).map(lambda n: n * 50)
times = st.builds("{:d}:{:02d}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
sentences = st.one_of(
    st.builds("工资{}-{}元/月，做满另有{}元全勤".format, amounts, amounts, amounts),
    st.builds("底薪{}、提成{}，{}到{}上班".format, amounts, amounts, times, times),
    st.builds("{}-{}，{}-{}，两头班".format, times, times, times, times),
    st.builds(
        "{}年{}月{}日{}面试，{}号楼{}室".format,
        st.integers(2020, 2030),
        st.integers(1, 12),
        st.integers(1, 31),
        times,
        st.integers(1, 99),
        st.integers(101, 3410),
    ),
    st.builds(
        "{}-{:02d}-{:02d} {}".format, st.just(2026), st.integers(1, 12), st.integers(1, 28), times
    ),
    st.builds(
        "一天{}个，一个{}毛，一三五来，二四六休".format, st.integers(1, 900), st.integers(1, 9)
    ),
    st.builds(
        "带{}个人，坐{}路车，{}站下".format,
        st.integers(1, 20),
        st.integers(100, 999),
        st.integers(1, 30),
    ),
    st.text("的一是不了在人有我他这个上们来到时大地为子中你说生", max_size=60),
)


@given(sentences)
def test_ordinary_sentences_pass_as_they_are(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("加我微信：abc_12345 细说", f"加我微信：{HIDDEN} 细说"),
        ("vx hello2026", f"vx {HIDDEN}"),
        ("我wx是hello2026", f"我wx是{HIDDEN}"),
        ("QQ群 1234567", f"QQ群 {HIDDEN}"),
        ("邮箱 wang.hr @ example . com。", f"邮箱 {HIDDEN}。"),
        ("座机023-6123 4567", f"座机{HIDDEN}"),
        ("身份证51010719900307123X", f"身份证{HIDDEN}"),
        ("身份证 110101 19900307 7758", f"身份证 {HIDDEN}"),
        ("卡号6222 0212 3456 7890 123", "卡号6222 0212 3456 7890 123"),
        ("卡号6222021234567890123", f"卡号{HIDDEN}"),
        ("138oooooool打我", f"{HIDDEN}打我"),
    ],
)
def test_other_contact_data(text: str, shown: str) -> None:
    assert mask(text) == shown


@given(digit_strings, st.integers(1, 10))
def test_a_number_written_in_two_messages_is_hidden_in_the_second(number: str, cut: int) -> None:
    first, second = number[:cut], number[cut:]
    assume(int(first) % 50 or int(second) % 50)
    assert mask_after(first, f"{second} 打给我") == f"{HIDDEN} 打给我"
    assert mask_after("工资3000", "8:00上班") == "8:00上班"
