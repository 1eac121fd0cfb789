"""What a person has to do with openings already, as their own lists mark it.

Parts further up say which openings (``webapp/reactions.py``), each by one statement; all are asked
in one query. Marks are drawn for their reader alone: nothing that is kept between requests may
hold one.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import Select, union_all
from sqlmodel import Session

from webapp.core.access import Actor
from webapp.core.labels import LabelledEnum

MOST = 500  # marks that one list asks for


class OwnMark(LabelledEnum):
    """What a person has to do with an opening, what matters most first."""

    INVITED = "invited", "已邀请"
    HIRED = "hired", "已录用"
    CLAIMED = "claimed", "已领"
    APPLIED = "applied", "已报名"
    KEPT = "kept", "已收藏"


#: Returns (opening id, mark) of a resident's; the actor has an account and a resident.
Source = Callable[[Actor], Select[int, str]]
Marks = Mapping[int, list[OwnMark]]
NONE: Marks = {}
_sources: dict[Source, None] = {}


def register(source: Source) -> None:
    """Have lists marked by what ``source`` selects."""
    _sources[source] = None


def of(session: Session, actor: Actor) -> Marks:
    """Return the marks of the resident's openings by their ids; of nobody else there are any."""
    if actor.resident_id is None or not _sources:
        return NONE
    rows = session.execute(union_all(*(source(actor) for source in _sources)).limit(MOST))
    found: dict[int, set[OwnMark]] = {}
    for opening_id, mark in rows:
        found.setdefault(opening_id, set()).add(OwnMark(mark))
    return {id_: [mark for mark in OwnMark if mark in marks] for id_, marks in found.items()}
