"""Who has to do something next, and until when: what everybody who waits wants to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from webapp.core.formatting import date_words
from webapp.core.labels import LabelledEnum


class Turn(LabelledEnum):
    """Whose turn it is, said to the resident."""

    YOU = "you", "轮到您"
    BRANCH = "branch", "等社区"
    EMPLOYER = "employer", "等用工方"
    FAMILY = "family", "等家里人"
    DAY = "day", "说好了，到时候去"


@dataclass(frozen=True)
class Waiting:
    """Whose turn it is and the last day for it, ``None`` where none is promised.

    For :attr:`Turn.DAY`, ``until`` is the day of the appointment itself.
    """

    turn: Turn
    until: date | None = None

    @property
    def words(self) -> str:
        """In a few words: 「轮到您，12月4日（周五）前」."""
        if self.until is None:
            return self.turn.label
        if self.turn is Turn.DAY:
            return date_words(self.until)
        return _("%(who)s，%(day)s前", who=self.turn.label, day=date_words(self.until))

    @property
    def tone(self) -> str:
        """The tone of its tag: what waits for the reader stands out."""
        return {Turn.YOU: "warn", Turn.DAY: "good"}.get(self.turn, "wait")


@dataclass(frozen=True)
class Road:
    """A course of things as ``road`` of ``components/status.html`` draws it.

    ``done`` are steps with ``text`` and ``when``, oldest first; ``now`` says where it stands,
    ``waiting`` whose turn it is (``None`` once it is over); ``ahead`` are the steps to come.
    """

    done: Sequence[Any]
    now: str
    waiting: Waiting | None
    ahead: Sequence[str] = ()
