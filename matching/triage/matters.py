"""The matters that people bring to a community, as ``data/ticket_matters.csv`` tells them."""

from functools import lru_cache
from typing import NamedTuple

from matching.utils.reference_tables import data_path, read_table, split_cell


class Matter(NamedTuple):
    """One matter, with the ways people say it; values as in the command's output.

    Attributes
    ----------
    name : str
    branch, also : str, tuple of str
        Who leads, and who else is to be asked.
    urgency, kind : str
    private, about_staff : bool
    external : str or None
        The outside number that comes first.
    ask : tuple of str
        What a clerk has to ask back.
    phrasings : tuple of str
    """

    name: str
    branch: str
    also: tuple[str, ...]
    urgency: str
    kind: str
    private: bool
    about_staff: bool
    external: str | None
    ask: tuple[str, ...]
    phrasings: tuple[str, ...]


@lru_cache(maxsize=1)
def matters() -> tuple[Matter, ...]:
    """Return all matters, in the order of the table."""
    return tuple(
        Matter(
            row["matter"],
            row["branch"],
            tuple(split_cell(row["also"])),
            row["urgency"],
            row["kind"],
            row["private"] == "yes",
            row["about_staff"] == "yes",
            row["external"] or None,
            tuple(split_cell(row["ask"])),
            tuple(split_cell(row["phrasings"])),
        )
        for row in read_table(data_path("ticket_matters.csv"))
    )
