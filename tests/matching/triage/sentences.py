"""Sentences with and without danger, written for this project; see data/README.md."""

from pathlib import Path
from typing import NamedTuple

from matching.utils.reference_tables import read_table


class Sentence(NamedTuple):
    """A sentence, and whether it tells of danger to life or limb."""

    danger: bool
    sentence: str


def sentences() -> list[Sentence]:
    """Return all sentences of ``danger_sentences.csv``."""
    table = Path(__file__).with_name("danger_sentences.csv")
    return [Sentence(row["danger"] == "yes", row["sentence"]) for row in read_table(table)]
