"""The published openings in memory: one small query tells whether they have changed.

Lists and searches choose among the entries; what changed is read anew, the rest is kept with
its search keys and its drawn card. Each process has its own; none is ever stale, because
every list first asks the counter that each change of an opening raises in its transaction.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from threading import Lock
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.drawings import Drawing
from webapp.core.formatting import date_words
from webapp.core.labels import label
from webapp.core.models import ChangeCounter
from webapp.core.vocabulary import Education, Kind, PayUnit, ReservedFor
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.engine import meanings, records
from webapp.engine import search as engine
from webapp.openings import own_pages, pictured, presentation
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

_AT_ONCE = 500  # ids in one IN list
_MOST_DRAWN = 256


@dataclass(frozen=True)
class Entry:
    """One published opening: what lists filter by, and its card once it has been drawn.

    ``verified`` says that the community has seen the employer's papers, ``an_hour`` what an hour
    of piecework brings, ``samples`` are pictures of what is made.
    ``meant`` holds the meaning of its words once it has been read.
    """

    id: int
    updated_at: datetime
    hired_count: int
    kind: Kind
    title: str
    category: str
    description: str
    place: str
    at_home: bool
    education: Education | None
    reserved_for: ReservedFor | None
    address: str
    skills: list[str]
    certificates: list[str]
    teaches: list[str]
    hazardous: bool
    demands: list[str]
    hours: list[dict[str, str]]
    flexible: bool
    pay_text: str
    pay_min_fen: int | None
    pay_max_fen: int | None
    pay_unit: PayUnit | None
    pay_month_min_fen: int | None
    pay_month_max_fen: int | None
    headcount: int
    valid_until: date
    published_at: datetime
    employer: str
    verified: bool
    an_hour: str
    samples: tuple[own_pages.Sample, ...]
    drawn: dict[str, Markup] = field(default_factory=dict, compare=False, repr=False)
    meant: list[Any] = field(default_factory=list, compare=False, repr=False)

    @property
    def own_time(self) -> bool:
        """Whether the work keeps no fixed hours."""
        return self.flexible or not self.hours

    @property
    def month_pay_fen(self) -> int | None:
        """The most a month may bring, as far as the pay says."""
        return self.pay_month_max_fen or self.pay_month_min_fen

    @cached_property
    def place_parts(self) -> tuple[str, ...]:
        """The place from broad to narrow."""
        return records.place_parts(self.place)

    @cached_property
    def at_night(self) -> bool:
        """Whether some hours lie between 22:00 and 06:00."""
        return any(
            one["start"] < "06:00" or one["end"] > "22:00" or one["end"] <= one["start"]
            for one in self.hours
        )

    @cached_property
    def at_weekends(self) -> bool:
        """Whether some hours lie on a Saturday or Sunday."""
        return any(set("67") & set(one.get("days", "1234567")) for one in self.hours)

    @cached_property
    def drawing(self) -> Drawing:
        """What stands for its work where pictures are shown."""
        return pictured.drawing_of(self.kind, self.title, self.category)

    @cached_property
    def hours_drawing(self) -> str:
        """The name of the drawing for its hours."""
        return pictured.hours_drawing(self.hours, self.flexible)

    @cached_property
    def posting(self) -> Any:
        """The entry as a search looks at it."""
        note = _("专门留给%(who)s", who=label(self.reserved_for)) if self.reserved_for else ""
        return engine.posting(self, employer=self.employer, note=note)

    @cached_property
    def meaning_key(self) -> str:
        """The key under which the meaning of its words is kept."""
        return meanings.opening_key(self.posting.opening)

    @property
    def card(self) -> dict[str, Any]:
        """Return what a card shows."""
        return {
            "title": self.title,
            "kind_label": label(self.kind),
            "pay_label": presentation.pay_label(self.kind),
            "pay": presentation.pay_line(
                self.kind, self.pay_min_fen, self.pay_max_fen, self.pay_unit, self.pay_text
            ),
            "place": presentation.place_line(self.kind, self.place, self.at_home),
            "hours": presentation.hours_line(self.hours, self.flexible),
            "an_hour": self.an_hour,
            "sample": self.samples[0] if self.samples else None,
            "employer": self.employer,
            "verified": self.verified,
            "badges": self.welfare,
            "posted": _("%(day)s发布", day=date_words(clock.local(self.published_at).date())),
        }

    @cached_property
    def welfare(self) -> list[str]:
        """What comes with the work besides the pay, in a word each."""
        if self.kind is not Kind.VACANCY:
            return []
        met = engine.conditions_of(self.posting, list(presentation.WELFARE))
        return presentation.welfare_words(met)


_ASIDE = {"employer", "verified", "an_hour", "samples", "drawn", "meant"}
_KEPT = [name for name in Entry.__dataclass_fields__ if name not in _ASIDE]
_COLUMNS = [*(getattr(Opening, name) for name in _KEPT), col(Employer.name), col(Employer.state)]
_PUBLISHED = col(Opening.state) == OpeningState.PUBLISHED
_VERSION = select(col(ChangeCounter.value)).where(col(ChangeCounter.name) == "opening")


@dataclass(frozen=True)
class Shown:
    """What is open on one day as of one change, newest first, with the lists drawn from it.

    ``drawn`` keeps lists by what they depend on, ``indexes`` the newest index for searches; a
    change of any opening starts new ones.
    """

    key: Any = None
    entries: tuple[Entry, ...] = ()
    drawn: dict[Hashable, Markup] = field(default_factory=dict)
    indexes: list[Any] = field(default_factory=list)

    def draw_once(self, key: Hashable | None, draw: Callable[[], str]) -> Markup:
        """Return the list under ``key``, drawn at its first use; without a key, drawn anew."""
        if key is None:
            return Markup(draw())  # noqa: S704 - a rendered template
        found = self.drawn.get(key)
        if found is None:
            if len(self.drawn) >= _MOST_DRAWN:
                self.drawn.clear()
            found = self.drawn[key] = Markup(draw())  # noqa: S704 - a rendered template
        return found


class Catalogue:
    """The entries as of the last look, and which of them are shown today."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._version: Any = None
        self._day: date | None = None
        self._entries: dict[int, Entry] = {}
        self._shown = Shown()

    def shown(self, session: Session) -> Shown:
        """Return what is open today and has places left."""
        key = (session.execute(_VERSION).scalar_one_or_none(), clock.today())
        shown = self._shown
        if shown.key == key:
            return shown
        with self._lock:
            self._read(session, *key)
            entries = tuple(
                sorted(
                    (
                        entry
                        for entry in self._entries.values()
                        if entry.valid_until >= key[1] and entry.hired_count < entry.headcount
                    ),
                    key=lambda entry: (entry.published_at, entry.id),
                    reverse=True,
                )
            )
            self._shown = shown = Shown(key, entries)
        return shown

    def _read(self, session: Session, version: Any, day: date) -> None:
        """Read anew what is not as it was; the rest keeps its keys and cards.

        What an hour of piecework brings stands beside the minimum wage of the day.
        """
        if (version, day) == (self._version, self._day):
            return
        stamps = session.execute(
            select(col(Opening.id), col(Opening.updated_at), col(Opening.hired_count)).where(
                _PUBLISHED
            )
        ).all()
        kept = {
            entry.id: entry
            for entry in (self._entries.get(stamp[0]) for stamp in stamps)
            if entry is not None and (day == self._day or not entry.an_hour)
        }
        stale = [
            id_
            for id_, updated_at, hired in stamps
            if id_ not in kept
            or (kept[id_].updated_at, kept[id_].hired_count) != (updated_at, hired)
        ]
        for start in range(0, len(stale), _AT_ONCE):
            for entry in _load(session, stale[start : start + _AT_ONCE]):
                kept[entry.id] = entry
        self._entries, self._version, self._day = kept, version, day


def _load(session: Session, ids: Sequence[int]) -> list[Entry]:
    statement = (
        select(*_COLUMNS)
        .outerjoin(Employer, col(Employer.id) == col(Opening.employer_id))
        .where(col(Opening.id).in_(ids))
    )
    rows = session.execute(statement).all()
    pieces = [row.id for row in rows if row.kind is Kind.PIECEWORK]
    an_hour = own_pages.an_hour(session, Kind.PIECEWORK, pieces)
    samples = own_pages.samples(session, Kind.PIECEWORK, pieces)
    return [
        Entry(
            **dict(zip(_KEPT, row, strict=False)),
            employer=row[-2] or "",
            verified=row[-1] is EmployerState.VERIFIED,
            an_hour=an_hour.get(row.id, ""),
            samples=tuple(samples.get(row.id, ())),
        )
        for row in rows
    ]
