"""Which guide answers what somebody typed, and whom of the branches they can ask about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlmodel import Session

from webapp.branches.queries import members as branches
from webapp.branches.queries.members import Member
from webapp.engine import search as engine
from webapp.guides.library import Guide, guides

LONGEST = 40


@dataclass(frozen=True)
class Found:
    """The guides that answer a query, best first, or else the nearest; and how it was read."""

    answers: list[Guide]
    nearest: list[Guide]
    meant: str


def search(query: str) -> Found:
    """Return what a query finds: by words, meaning, pinyin, initials, with slips."""
    by_number = {one.number: one for one in guides().values()}
    hits = engine.search(_index(), query[:LONGEST], among=by_number)
    answers = [by_number[hit.opening_id] for hit in hits.found if not hit.near]
    nearest = [by_number[hit.opening_id] for hit in hits.found if hit.near]
    return Found(answers, [] if answers else nearest, hits.meant)


def guide_for(title: str) -> Guide | None:
    """Return the guide to what a stall or shop of this name does; ``None`` if there is none."""
    answers = search(title).answers
    return answers[0] if answers else None


def who_to_ask(session: Session, guide: Guide) -> Sequence[Member]:
    """Return the members of the branches who know about the trade, in one query."""
    wanted = set(guide.ask)
    return [
        one
        for one in branches.members(session)
        if one.profile is not None and wanted & set(one.profile.trades)
    ]


@cache
def _index() -> Any:
    """Return the index, put together once a process: a dozen short texts take a tenth of a second.

    It is kept for good, as the guides do not change while the program runs.
    """
    return engine.index_of_texts(
        (one.number, one.title, one.called, one.text) for one in guides().values()
    )
