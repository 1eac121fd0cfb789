"""Comparing many phrases at once gives what each pair gives."""

import pytest

from matching.explain import phrase_similarity
from matching.explain.phrase_similarity import (
    SAME_SKILL,
    SAME_WORK,
    SHARES_WORDS,
    PhraseIndex,
    same_skill,
    same_work,
    shares_words,
)

PHRASES = [
    "会踩缝纫机", "缝纫工", "踩缝纫机", "超市收银", "超市理货员", "有残疾证（二级）", "照顾残疾人",
    "普工", "电子厂普工", "进厂", "保洁", "保 洁", "Excel", "excel 表格", "part time", "", " ",
    "女",
]  # fmt: skip


@pytest.mark.parametrize("max_cells", [10**6, 1])
def test_many_phrases_at_once_are_compared_like_each_pair(
    monkeypatch: pytest.MonkeyPatch, max_cells: int
) -> None:
    monkeypatch.setattr(phrase_similarity, "_MAX_CELLS", max_cells)
    alike = PhraseIndex(PHRASES[::2] + PHRASES[:3])
    for some in (PHRASES, PHRASES[5:], PHRASES[::-1]):
        for row, one in zip(alike.rows(some), some, strict=True):
            for other, column in alike.codes.items():
                flags = alike.table[row, column]
                assert bool(flags & SAME_WORK) == same_work(one, other), (one, other)
                assert bool(flags & SAME_SKILL) == same_skill(one, other), (one, other)
                assert bool(flags & SHARES_WORDS) == shares_words(one, other), (one, other)


@pytest.mark.parametrize(
    ("one", "other", "flags"),
    [
        ("会踩缝纫机", "踩缝纫机", SHARES_WORDS | SAME_SKILL | SAME_WORK),
        ("会踩缝纫机", "锁边工", SAME_SKILL | SAME_WORK),
        # Linked to 普工 both, which may do anything: the same work, but no skill.
        ("进厂打工", "看机器", SAME_WORK),
        ("保 洁", "保洁", SHARES_WORDS | SAME_SKILL | SAME_WORK),
        ("超市收银", "超市理货员", 0),
        ("女", "女", 0),
        ("", "", 0),
    ],
)
def test_what_two_phrases_have_in_common(one: str, other: str, flags: int) -> None:
    index = PhraseIndex([other])
    (row,) = index.rows([one])
    assert index.table[row, 0] == flags
