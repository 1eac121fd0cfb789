"""Telephone numbers in a message, however they are grouped."""

import re

_GAP = r"[ \-.]?"
_MOBILE = re.compile(rf"(?<![\d.])(?:\+?86{_GAP})?(1[3-9](?:{_GAP}\d){{9}})(?!\d)")
# Without an area code two groups of four could be a range of pay.
_LANDLINE = re.compile(
    rf"(?<![\d.])(\(?0\d{{2,3}}\)?{_GAP}[2-9](?:{_GAP}\d){{6,7}}|[2-9]\d{{7}}"
    rf"|(?<=[话机]:)[2-9]\d{{3}}{_GAP}\d{{4}}|(?<=[话机])[2-9]\d{{3}}{_GAP}\d{{4}})(?![\d.元块])"
)
_NO_NUMBER_BEFORE = re.compile(r"(?:q{2}|Q{2}|群|编号|单号|账号|工号)号?:? ?$")


def phones(text: str) -> list[str]:
    """Return the digits of each number of a clean message, in the order written.

    >>> phones("手机 152-0000 7788 或 023-6800 1122")
    ['15200007788', '02368001122']
    """
    found: list[tuple[int, str]] = []
    for pattern in (_MOBILE, _LANDLINE):
        for match in pattern.finditer(text):
            taken = any(at <= match.start(1) < at + 16 for at, _number in found)
            if not taken and not _NO_NUMBER_BEFORE.search(text[: match.start()][-6:]):
                found.append((match.start(1), re.sub(r"\D", "", match[1])))
    return [number for _at, number in sorted(found)]


def without_phones(text: str) -> str:
    """Return the text with its numbers blanked out, each character by a space."""
    for pattern in (_MOBILE, _LANDLINE):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text
