"""What happened: the words by which a lower part tells higher ones, without importing them.

``announce`` calls every reaction in the same transaction, in the order of ``reactions.py``. A
reaction that raises undoes what it reacts to.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel

from webapp.core.access import Actor
from webapp.core.errors import Fault


@dataclass(frozen=True)
class EmployerEvent:
    """Something happened to an employer's file; ``employer_id`` says whose."""

    employer_id: int


class EmployerRenamed(EmployerEvent):
    """Name or code changed, or a nameless file was taken over: what was checked is void."""


class EmployerVerified(EmployerEvent):
    """A lapsed check was made anew."""


class EmployerLapsed(EmployerEvent):
    """The check of the papers has run out."""


class EmployerSuspended(EmployerEvent):
    """Staff suspended the employer."""


class EmployerClosed(EmployerEvent):
    """The file is closed for good."""


@dataclass(frozen=True)
class ResidentChanged:
    """What a resident's file says of the person and the work has changed."""

    resident_id: int


@dataclass(frozen=True)
class WorkFound:
    """It was put on record that a resident works, and that they look for nothing else."""

    resident_id: int


@dataclass(frozen=True)
class WorkSought:
    """A resident looks for work: said so, or the last work on record has ``ended``."""

    resident_id: int
    ended: bool = False


@dataclass(frozen=True)
class HouseholdEmptied:
    """Its last person is about to leave a household; reactions add what stands in the way."""

    household_id: int
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class HouseholdAsked:
    """Somebody asks to join a household; its grown-ups (``account_ids``) have to hear of it."""

    request_id: int
    account_ids: tuple[int, ...]


@dataclass(frozen=True)
class AccountsConcerned:
    """Something new is on the pages of these accounts; ``key`` names it, told once."""

    account_ids: tuple[int, ...]
    key: str


@dataclass(frozen=True)
class NeedForWork:
    """Somebody who is visited wants work and said yes to being called about it.

    ``resident_id`` is ``None`` for somebody outside the files, who then has ``name``, ``address``
    and perhaps ``phone``. ``words`` are what they want. Reactions add to ``told`` in whose hands
    it is now, in a sentence.
    """

    resident_id: int | None
    name: str
    address: str
    phone: str
    words: str
    told: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DutyCount:
    """How many things of one kind (``words``) a member answers for."""

    words: str
    count: int


@dataclass(frozen=True)
class MemberDutiesAsked:
    """All that a member of staff answers for is asked; reactions add what is theirs, if any."""

    account_id: int
    counts: list[DutyCount] = field(default_factory=list)

    def add(self, words: str, count: int) -> None:
        """Add a kind of things, unless there is none."""
        if count:
            self.counts.append(DutyCount(words, count))


@dataclass(frozen=True)
class MemberLeaves:
    """A member leaves: all that :class:`MemberDutiesAsked` names goes to ``successor_id``.

    The successor is of the same branch. Where two must answer for a thing and the successor was
    the other one already, ``spare_id`` is the other one from then on; it is ``None`` where the
    branch has nobody else. A reaction that cannot move something raises ``Refused`` with the
    reason, which undoes the whole step.
    """

    account_id: int
    successor_id: int
    spare_id: int | None = None


@dataclass(frozen=True)
class OpeningPublished:
    """An opening is public from now on."""

    opening: SQLModel


@dataclass(frozen=True)
class OpeningClosed:
    """An opening takes nobody any more."""

    opening_id: int


@dataclass(frozen=True)
class OpeningWordsAsked:
    """An opening's words are checked; reactions add theirs that are shown with it to ``texts``."""

    opening: SQLModel
    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class OpeningTakenBack:
    """A public opening breaks a rule and goes back to review, for this reason."""

    opening: SQLModel
    reason: str


@dataclass(frozen=True)
class OpeningReviewed:
    """An opening is about to be published; reactions add what stands in the way to ``faults``."""

    opening: SQLModel
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class FactsErased:
    """The sensitive facts of a resident were erased, or all that was kept of them."""

    resident_id: int


@dataclass(frozen=True)
class MatchMoved:
    """A step of a match was written; ``match`` and ``step`` are its rows."""

    match: SQLModel
    step: SQLModel


@dataclass(frozen=True)
class DecisionUndone:
    """A decision on a match was taken back: of its step ``step_id`` at ``decided_at`` no word goes.

    A reaction that finds somebody told already raises ``Conflict``, which undoes the taking back.
    """

    match_id: int
    step_id: int
    decided_at: datetime


@dataclass(frozen=True)
class ProbationAsked:
    """How long a probation of this match may be is asked; reactions add ``days`` worked before."""

    match_id: int
    days: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class HoursAsked:
    """What else a person has promised these hours to is asked; reactions add it in words."""

    resident_id: int
    spans: tuple[tuple[datetime, datetime], ...]
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DrawDone:
    """The order of a draw follows from its result; ``subject`` says what was drawn for."""

    draw_id: int
    subject: str


@dataclass(frozen=True)
class DrawCancelled:
    """A draw was called off before its result was known."""

    draw_id: int
    subject: str


@dataclass(frozen=True)
class PaymentDoubted:
    """A household says that settled pay did not come, or not whole; looked into by ``due_on``."""

    line_id: int
    household_id: int
    due_on: date


Event = TypeVar("Event")
Reaction = Callable[[Session, Actor, Any], int | None]

_reactions: dict[type, list[Reaction]] = defaultdict(list)


def on(kind: type[Event], reaction: Callable[[Session, Actor, Event], int | None]) -> None:
    """Have ``reaction`` called at every event of ``kind``; naming it twice changes nothing."""
    if reaction not in _reactions[kind]:
        _reactions[kind].append(reaction)


def announce(session: Session, actor: Actor, event: object) -> int:
    """Tell that ``event`` happened; return how many rows the reactions say they changed."""
    return sum(reaction(session, actor, event) or 0 for reaction in _reactions[type(event)])
