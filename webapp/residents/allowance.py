"""What somebody said of an allowance, as a kind that can be found without being readable.

The words are encrypted, so nobody finds people by them. Beside them stands a keyed code of their
kind: whoever has the database but not the key cannot tell which kind a code stands for.
"""

import re

from webapp.core import crypto
from webapp.core.labels import LabelledEnum


class AllowanceKind(LabelledEnum):
    """What allowance a household has."""

    MINIMUM = "minimum_allowance", "吃低保"
    DESTITUTE = "destitute_support", "特困、五保"
    OTHER = "other_allowance", "别的补助"
    NONE = "no_allowance", "说过没有低保"


_DESTITUTE = re.compile(r"特困|五保")
_MINIMUM = re.compile(r"低保|^(?:是|有|享受|√|✓|1|Y|y)")
_NONE = re.compile(
    r"^(?:否|无|没|不|未|莫得|非|×|0|N|n)|(?:没有|不是|没|停|退出?)(?:了|吃|享受)?低保"
)


def kind_of(words: str) -> AllowanceKind:
    """Return of what kind the allowance is that some words tell of.

    >>> [kind_of(words).value for words in ("低保户", "是", "没有", "特困供养", "残补")]
    ['minimum_allowance', 'minimum_allowance', 'no_allowance', 'destitute_support', \
'other_allowance']
    """
    said = words.strip()
    if _NONE.search(said):
        return AllowanceKind.NONE
    if _DESTITUTE.search(said):
        return AllowanceKind.DESTITUTE
    return AllowanceKind.MINIMUM if _MINIMUM.search(said) else AllowanceKind.OTHER


def code_of(words: str | None) -> str | None:
    """Return the keyed code of the kind; ``None`` of nothing."""
    return crypto.mac(_of(kind_of(words))).hex() if words else None


def codes_of(kind: AllowanceKind) -> list[str]:
    """Return what a kind's code may be: one for each key that is still in use."""
    return [code.hex() for code in crypto.macs(_of(kind))]


def _of(kind: AllowanceKind) -> str:
    return f"allowance\n{kind.value}"
