"""The names that phrases are linked to: the skill table, then the national classification."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from matching.text.normalise import squeeze_all
from matching.utils.reference_tables import data_path, read_table, split_cell

# Set by hand: a word of both usually means the community's trade.
PRIOR_CLASSIFICATION: Final = 0.82
PRIOR_PROFESSIONAL: Final = 0.75  # engineers and doctors are rarely meant by 焊接工 or 看病


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the skill table, or one occupation of the classification."""

    name: str
    code: str | None
    forms: tuple[str, ...]
    prior: float = 1.0


def read_entries(directory: Path | None = None) -> list[Entry]:
    """Return the entries of the skill table, then the occupations of the classification.

    A form of several entries is kept in the first only, so every form leads to one entry.
    Raises ``FileNotFoundError`` or ``ValueError`` as :func:`read_table` does.
    """
    named: dict[str, tuple[str | None, float]] = {}
    names: list[str] = []  # of the entry each text is a form of
    texts: list[str] = []

    def add(name: str, others: str) -> None:
        variants = [name, *split_cell(others)]
        texts.extend(variants)
        names.extend([name] * len(variants))

    for row in read_table(data_path("skills.csv", directory)):
        named[row["name"]] = row["code"] or None, 1.0
        add(row["name"], row["variants"])
    for row in read_table(data_path("occupations.csv", directory)):
        if row["level"] == "4":
            prior = PRIOR_PROFESSIONAL if row["code"] < "3" else PRIOR_CLASSIFICATION
            named.setdefault(row["name"], (row["code"], prior))
            add(row["name"], row["aliases"])
    owner: dict[str, str] = {}
    for name, form in zip(names, squeeze_all(texts), strict=True):
        owner.setdefault(form, name)
    forms: dict[str, list[str]] = {}
    for form, name in owner.items():
        if form:
            forms.setdefault(name, []).append(form)
    return [
        Entry(name, code, tuple(forms[name]), prior)
        for name, (code, prior) in named.items()
        if name in forms
    ]
