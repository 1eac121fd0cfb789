"""The one door to the ranking library: rows in, records out, and answers back as plain values.

Nothing of the library is imported before it is needed, so that web workers stay light. Sex,
disability, allowance and household circumstances have no way through this door.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from webapp.vocabulary import PayUnit

if TYPE_CHECKING:
    pass

FEN = 100
MONTHS = 12


@dataclass(frozen=True)
class ReadPay:
    """What a pay text says, in fen; ``None`` where it says nothing.

    The month figures are for comparing (21.75 days of 8 hours), ``None`` for piece pay.
    """

    min_fen: int | None = None
    max_fen: int | None = None
    unit: PayUnit | None = None
    month_min_fen: int | None = None
    month_max_fen: int | None = None


class SearchKeys(NamedTuple):
    """One text as people may type it: simplified and lower case, by sound, by initials."""

    plain: str
    pinyin: str
    initials: str


class Suggestion(NamedTuple):
    """One opening for one resident as the ranking told it; ``position`` counts from 1."""

    opening_id: int
    position: int
    score: float
    reasons: list[dict[str, str]]
    gaps: list[dict[str, str]]


def read_pay(text: str) -> ReadPay:
    """Return what a pay text such as 「6-8千/月」 says; all ``None`` when it says nothing."""
    from matching import pay

    return _in_fen(pay.parse_pay(text))


def month_pay(low: int | None, high: int | None, unit: PayUnit | None) -> ReadPay:
    """Return given bounds (fen) with the month figures that follow from them."""
    from matching import pay
    from matching.records import PayRange

    given = PayRange(min=_yuan(low), max=_yuan(high), unit=unit.value if unit else None)  # type: ignore[arg-type]
    return _in_fen(pay.from_range(given))


def _in_fen(read: Any) -> ReadPay:
    from matching import pay

    month_low, month_high = pay.monthly(read)
    return ReadPay(
        min_fen=_fen(read.min),
        max_fen=_fen(read.max),
        unit=PayUnit(read.unit) if read.unit else None,
        month_min_fen=_fen(month_low),
        month_max_fen=_fen(month_high),
    )


def search_keys(text: str) -> SearchKeys:
    """Return the forms of ``text`` that a search compares."""
    from matching.text import initials, normalise, pinyin

    return SearchKeys(normalise(text), pinyin(text).replace(" ", ""), initials(text))


def _fen(yuan: float | None) -> int | None:
    return None if yuan is None else round(yuan * FEN)


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / FEN
