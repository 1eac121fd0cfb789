"""The words and patterns of ``data/extraction_terms.csv``, by kind.

A row is ``kind, code, pattern``: a regular expression over :func:`clean_message` text, with the
code it stands for where the kind has codes.
"""

import re
from functools import cache

from matching.utils.reference_tables import data_path, read_table

_TABLE = "extraction_terms.csv"
_NEVER = r"(?!)"


@cache
def _rows() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in read_table(data_path(_TABLE)):
        found.setdefault(row["kind"], []).append((row["code"], row["pattern"]))
    return found


def any_of(kind: str) -> str:
    """Return one expression for all rows of a kind, in the order of the table."""
    return "|".join(f"(?:{pattern})" for _code, pattern in _rows().get(kind, [])) or _NEVER


@cache
def words_of(kind: str) -> tuple[str, ...]:
    """Return the words of a kind whose cells are lists of plain words parted by ``|``."""
    return tuple(word for _code, cell in _rows().get(kind, []) for word in cell.split("|"))


@cache
def one_word(kind: str) -> str:
    """Return an expression for the plain words of a kind, the longest first."""
    return "|".join(sorted(map(re.escape, words_of(kind)), key=len, reverse=True)) or _NEVER


@cache
def coded(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return code and compiled expression of each row of a kind."""
    return tuple((code, re.compile(pattern)) for code, pattern in _rows().get(kind, []))
