"""How a ticket is said: asking, blaming, thanking, an outage, somebody of the office."""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from matching.triage.plain import in_plain_words
from matching.utils.array_types import FloatArray
from matching.utils.reference_tables import data_path, read_table


@lru_cache(maxsize=1)
def patterns() -> dict[str, re.Pattern[str]]:
    """Return the pattern of each sign of ``data/ticket_signs.csv``, over plain words."""
    return {
        row["sign"]: re.compile(row["pattern"]) for row in read_table(data_path("ticket_signs.csv"))
    }


def signs_of(text: str) -> frozenset[str]:
    """Return the signs that a text shows."""
    plain = in_plain_words(text)
    return frozenset(sign for sign, pattern in patterns().items() if pattern.search(plain))


def sign_rows(texts: Sequence[str]) -> FloatArray:
    """Return 1 for each sign a text shows, shape (n_texts, n_signs)."""
    shown = [signs_of(text) for text in texts]
    rows: FloatArray = np.array(
        [[sign in one for sign in patterns()] for one in shown], dtype=float
    )
    return rows.reshape(len(texts), len(patterns()))
