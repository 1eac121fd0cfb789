"""Find and hide contact data in what people write to each other. Pure.

Found are mobile numbers in any spelling (full-width, circled or Chinese digits, spaces or marks
between them, 幺 for one), landlines with their area code, numbers of eleven digits and more
(bank cards, ID numbers), ID numbers written in parts, e-mail addresses, and WeChat or QQ names
that are called so. Amounts, hours and dates pass.

The number is hidden, not the message refused: who can hardly type would not find the way back
from a refusal, and a false alarm then costs one number instead of the whole message.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

HIDDEN = "〔联系方式先遮住〕"

_CHINESE = {
    **dict.fromkeys("零〇洞○◯", 0),
    **dict.fromkeys("一壹幺弌", 1),
    **dict.fromkeys("二贰貳两兩", 2),
    **dict.fromkeys("三叁參叄", 3),
    **dict.fromkeys("四肆", 4),
    **dict.fromkeys("五伍", 5),
    **dict.fromkeys("六陆陸", 6),
    **dict.fromkeys("七柒拐", 7),
    **dict.fromkeys("八捌", 8),
    **dict.fromkeys("九玖勾", 9),
}
# Letters that look like digits count as such only beside digits.
_LOOKALIKE = {"o": "0", "O": "0", "l": "1", "I": "1", "i": "1"}
# What may stand between the digits of one number: marks, spaces, nothing that means something.
_FILLERS = frozenset("PSZCM")
_LONGEST_FILLER = 4
_TIME = re.compile(r"(?<![\d:])(?:[01]?\d|2[0-4]):[0-5]\d(?![\d:])")
_NAMED = re.compile(
    r"(?:微\s*信|威\s*信|薇\s*信|徽\s*信|v\s*信|wei\s*xin|we\s*chat|(?<![a-z])[wv]x|qq|扣扣|企鹅)"
    r"(?:\s*(?:号码|账号|号|群|id|是|为|加|联系|[:=,.\-]))*\s*"
    r"(?P<name>[a-z0-9][-_a-z0-9]{4,19})",
    re.IGNORECASE,
)
_MAIL = re.compile(
    r"[a-z0-9][\w.+-]*\s*(?:@|\(at\)|\[at\])\s*[a-z0-9][\w-]*(?:\s*\.\s*[a-z]{2,})+",
    re.IGNORECASE | re.ASCII,
)
_MOBILE = re.compile(r"(?:00?86|86|0)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})\d{7,8}")
_ID_NUMBER = re.compile(r"[1-9]\d{16}[\dX]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_GROUP = re.compile(r"[0-9oOlIi]*[0-9][0-9oOlIi]*[Xx]?")
_LONG = 11  # digits in one piece that are no amount any more


@dataclass(frozen=True)
class _Group:
    """Digits in one piece: ``[start, end)`` in the text."""

    digits: str
    start: int
    end: int


def find(text: str) -> list[tuple[int, int]]:
    """Return the spans of contact data in ``text``, in order, none touching another."""
    plain = "".join(_plain(char) for char in text)
    spans = [match.span() for match in _MAIL.finditer(plain)]
    spans += [match.span("name") for match in _NAMED.finditer(plain)]
    spans += _numbers(plain)
    return _merged(spans)


def mask(text: str) -> str:
    """Return ``text`` with contact data replaced by :data:`HIDDEN`; the rest stays as written.

    >>> mask("打我电话一三八 0000-０００1，工资3000-4500元，8:00上班")
    '打我电话〔联系方式先遮住〕，工资3000-4500元，8:00上班'
    """
    return _without(text, find(text))


def mask_after(earlier: str, text: str) -> str:
    """Return ``text`` masked, a number begun in the ``earlier`` messages counted in.

    >>> mask_after("138", "0000 0001 打给我")
    '〔联系方式先遮住〕 打给我'
    """
    offset = len(earlier) + 1
    spans = [
        (max(start - offset, 0), end - offset)
        for start, end in find(f"{earlier}\n{text}")
        if end > offset
    ]
    return _without(text, _merged(spans + find(text)))


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = text[:start] + HIDDEN + text[end:]
    return text


def _plain(char: str) -> str:
    """Return ``char`` as one plain character: digits of any script as 0-9."""
    if char in _CHINESE:
        return str(_CHINESE[char])
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    wide = unicodedata.normalize("NFKC", char)
    if len(wide) == 1:
        return str(_CHINESE[wide]) if wide in _CHINESE else wide
    inner = wide.strip("()（）.,")  # ⑴ and ⒈ are digits in brackets or with a dot
    return inner if len(inner) == 1 and inner.isdigit() else char


def _numbers(plain: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for run in _runs(plain):
        spans += [(group.start, group.end) for group in run if len(group.digits) >= _LONG]
        for first in range(len(run)):
            digits = ""
            for last in range(first, len(run)):
                digits += run[last].digits
                if len(digits) > 18:
                    break
                if _is_number(digits, run[first : last + 1]):
                    spans.append((run[first].start, run[last].end))
    return spans


def _is_number(digits: str, groups: list[_Group]) -> bool:
    if _MOBILE.fullmatch(digits):
        return not _are_amounts(groups)
    if _LANDLINE.fullmatch(digits):
        return len(groups) <= 4
    return _is_id_number(digits)


def _are_amounts(groups: list[_Group]) -> bool:
    """Whether these are round sums side by side: 「1500、2000、300」 is pay, 「150-2000-3000」 not.

    The usual way of parting a mobile number, 3-4-4, is a number however round it is.
    """
    sizes = [len(group.digits) for group in groups]
    return sizes != [3, 4, 4] and all(
        3 <= len(group.digits) <= 5 and group.digits[0] != "0" and int(group.digits) % 50 == 0
        for group in groups
    )


def _is_id_number(digits: str) -> bool:
    if not _ID_NUMBER.fullmatch(digits):
        return False
    try:
        datetime.strptime(digits[6:14], "%Y%m%d")  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return False
    total = sum(int(d) * w for d, w in zip(digits[:17], _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17]


def _runs(plain: str) -> list[list[_Group]]:
    """Return runs of digit groups with nothing but fillers between them; times break a run."""
    text = _TIME.sub(lambda match: "时" * len(match[0]), plain)
    runs: list[list[_Group]] = []
    for match in _GROUP.finditer(text):
        digits = "".join(_LOOKALIKE.get(char, char) for char in match[0]).upper()
        group = _Group(digits, *match.span())
        between = text[runs[-1][-1].end : group.start] if runs else None
        if between is not None and _is_filler(between):
            runs[-1].append(group)
        else:
            runs.append([group])
    return runs


def _is_filler(between: str) -> bool:
    return len(between) <= _LONGEST_FILLER and all(
        char in "oOlIi" or (unicodedata.category(char)[0] in _FILLERS and char not in "¥￥$%")
        for char in between
    )


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
