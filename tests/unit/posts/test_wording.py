"""The words of posts: drafts within 140 characters, whatever an opening says; people's numbers."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.posts import wording
from webapp.posts.personal_data import has_id_number, phones_in
from webapp.posts.wording import MOST, OpeningFacts, draft, shorten, split, units

FIGURES = st.sampled_from(
    ["3,000–4,500 元/月", "12月24日", "8:30–16:30", "023-68690001", "1,234.56", "２０００元"]
)
PIECES = st.lists(
    st.one_of(
        st.text(min_size=1, max_size=12),
        FIGURES,
        st.sampled_from(["🐟", "👩‍🍳", "e\u0301", "🇨🇳", "保洁", "，", "。", " "]),
    ),
    max_size=24,
).map("".join)
FACTS = st.builds(
    OpeningFacts,
    kind=st.sampled_from(["招聘岗位", "来料加工/手工订单", "培训", "创业项目/摊位"]),
    title=PIECES,
    pay=st.one_of(st.sampled_from(["", "面议", "2,800–3,200 元/月", "0.35 元/件"]), PIECES),
    pay_label=st.sampled_from(["工钱", "学费或补贴", "大概能挣"]),
    place=PIECES,
    hours=PIECES,
    places=PIECES,
    until=PIECES,
    employer=PIECES,
)


@given(FACTS)
def test_a_draft_is_short_and_always_says_the_pay(app_context, facts):
    text = draft(facts)
    assert units(text) <= MOST
    assert text.startswith(f"【{facts.kind}】")
    pay = wording.readable(facts.pay)
    if not pay or pay == "面议":
        assert f"{facts.pay_label}待定" in text
    else:
        assert shorten(pay, 50) in text
    text.encode()  # no half of a pair


@given(PIECES, st.integers(0, 60))
def test_nothing_is_cut_inside_a_figure_or_a_character(text, most):
    cut = shorten(text, most)
    assert units(cut) <= max(most, 0)
    if cut == text or not cut:
        return
    kept = cut.removesuffix("…")
    assert text.startswith(kept)
    rest = text[len(kept) :]
    # What was left out begins with no mark, joiner or digit that belongs to what stands.
    skipped = rest[: len(rest) - len(rest.lstrip(" ，、；"))]
    if not skipped:
        assert not unicodedata.combining(rest[0])
        assert not kept.endswith("\u200d")
        assert not (kept and kept[-1].isdigit() and rest[0].isdigit() and kept[-1].isascii())
    assert not re.search(r"[0-9][,.:–-]$", kept) or not rest[:1].isdigit()


@given(PIECES)
def test_a_heading_is_short_and_nothing_of_the_text_is_lost(text):
    heading, below = split(text)
    assert units(heading) <= wording.HEADLINE
    assert "\n" not in heading
    said = "".join(wording.readable(heading + below).split())
    for character in "".join(wording.readable(text).split()):
        assert character in said or character in "，；："


@pytest.mark.parametrize(
    ("text", "heading", "below"),
    [
        ("停水了！大家接水。", "停水了！", "大家接水。"),
        ("后天上午九点到下午三点，5栋到9栋停水，换楼顶的水箱，也换水管。",
         "后天上午九点到下午三点，5栋到9栋停水，换楼顶的水箱", "也换水管。"),
        ("长" * 40, "长" * 29 + "…", "长" * 40),
    ],
)  # fmt: skip
def test_what_heads_a_post(text, heading, below):
    assert split(text) == (heading, below)


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("工钱3,000元/月", 6, "工钱…"),
        ("招2人🐟🐟", 5, "招2人…"),
        ("12月24日前", 4, "…"),
        ("话话话", 3, "话话话"),
        ("话话话", 2, "话…"),
        ("话", 0, ""),
    ],
)
def test_where_a_text_is_cut(text, most, cut):
    assert shorten(text, most) == cut


@pytest.mark.parametrize(
    "text",
    [
        "找王姐13812345678",
        "１３８ １２３４ ５６７８",
        "138-1234-5678",
        "13812 345678",
        "1 3 8 1 2 3 4 5 6 7 8",
        "+86 13812345678",
        "一三八幺二三四五六七八",
        "座机 023-12345678".replace("1234", "6512"),
        "68001234",
        "138\u200b12345678",
    ],
)
def test_telephones_are_found_however_they_are_written(text):
    assert phones_in(text, ["023-61234567"])


@pytest.mark.parametrize(
    "text",
    [
        "3000-4500元/月，12000–15000 件",
        "2026-11-30到2026-12-05",
        "20261130",
        "8:30–16:30，13:00-17:30",
        "023-61234567",
        "61234567",
        "12333、12345、110",
        "第15号楼2单元1203",
        "13000-150000元",
    ],
)
def test_other_figures_are_no_telephones(text):
    assert phones_in(text, ["023-61234567"]) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("51010719800101123X", True),
        ("510107 19800101 1231", True),
        ("５１０１０７１９８００１０１１２３１", True),
        ("订单号 2026113012345", False),
        ("500107", False),
    ],
)
def test_identity_numbers_are_found(text, found):
    assert has_id_number(text) is found
