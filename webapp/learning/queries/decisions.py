"""Read what staff decided, with what they had been shown and what came of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.employers.models import Employer
from webapp.engine import records, training
from webapp.matches.lifecycle import UNDO_WITHIN, MatchAction, MatchOrigin, MatchState
from webapp.matches.models import Match, MatchEvent
from webapp.matches.services.transitions import is_open_to_matches
from webapp.matches.suggestions.snapshot import OPENING_MET, PAST, read_openings, read_people
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState

# Older decisions no longer describe the community.
LEARNED_FROM = timedelta(days=730)
# Share of people decided on last, on whom versions are compared and none is trained.
HELD_BACK = 0.3

_A, _S = MatchAction, MatchState
_DECIDED = {
    _A.CONFIRM: "confirmed",
    _A.DISMISS: "dismissed",
    _A.SUGGEST_OWN: "confirmed",
    _A.SUGGEST_AGAIN: "confirmed",
    _A.APPLY_DIRECTLY: "confirmed",
}
_OUTCOMES = {
    _S.DECLINED: "declined",
    _S.NO_REPLY: "no_reply",
    _S.APPLIED: "applied",
    _S.SEEN: "applied",
    _S.INTERVIEW: "applied",
    _S.JOB_OFFER: "applied",
    _S.REFUSED: "refused",
    _S.HIRED: "hired",
    _S.DAY_30: "hired",
    _S.DAY_90: "retained",
    _S.RETAINED: "retained",
    _S.LEFT: "left",
}


@dataclass(frozen=True)
class Decided:
    """One pair somebody decided on; position, rank and propensity as shown, if it was."""

    resident_id: int
    opening_id: int
    at: datetime
    decision: str
    outcome: str | None
    position: int | None
    rank: int | None
    propensity: float | None
    score: float | None
    model_version: str


@dataclass
class Material:
    """All that training needs.

    ``learn`` and ``held_back`` are tasks for the library, parted in time. Groups name, by
    attribute, where the person of each held-back task and of the ``sample`` belongs; they stay
    apart from all records, so that no ranking can look at them.
    """

    learn: list[Any] = field(default_factory=list)
    held_back: list[Any] = field(default_factory=list)
    held_back_groups: dict[str, list[str]] = field(default_factory=dict)
    catalogue: list[Any] = field(default_factory=list)
    sample: list[Any] = field(default_factory=list)
    sample_groups: dict[str, list[str]] = field(default_factory=dict)
    sightings: list[training.Sighting] = field(default_factory=list)
    decisions: int = 0


def decided(session: Session, *, since: datetime | None = None) -> list[Decided]:
    """Return every pair that was decided on, by its latest decision, oldest first."""
    since = since or clock.now() - LEARNED_FROM
    rows = session.execute(
        select(
            col(Match.id),
            col(Match.resident_id),
            col(Match.opening_id),
            col(Match.state),
            col(MatchEvent.at),
            col(MatchEvent.action),
            col(MatchEvent.shown),
        )
        .join(Match, col(Match.id) == MatchEvent.match_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .where(
            # One that was taken back at once is no decision, and neither is taking it back.
            col(MatchEvent.action).in_(
                [*(action.value for action in _DECIDED), MatchAction.UNDO_DECISION.value]
            ),
            col(MatchEvent.at) >= since,
            col(Resident.state) != ResidentState.LEFT,
        )
        .order_by(col(MatchEvent.at), col(MatchEvent.id))
    )
    latest: dict[int, list[Row[Any]]] = {}
    for row in rows:
        of_match = latest.setdefault(row.id, [])
        if row.action != MatchAction.UNDO_DECISION.value:
            of_match.append(row)
        elif of_match and row.at - of_match[-1].at < 2 * UNDO_WITHIN:
            of_match.pop()  # an offer made once more and taken back leaves what was decided before
    standing = [steps[-1] for steps in latest.values() if steps]
    return sorted((_decided(row) for row in standing), key=lambda one: one.at)


def _decided(row: Row[Any]) -> Decided:
    decision = _DECIDED[MatchAction(row.action)]
    shown = row.shown or {}
    return Decided(
        resident_id=row.resident_id,
        opening_id=row.opening_id,
        at=row.at,
        decision=decision,
        outcome=_OUTCOMES.get(row.state) if decision == "confirmed" else None,
        position=shown.get("position"),
        rank=shown.get("rank"),
        propensity=shown.get("propensity"),
        score=shown.get("score"),
        model_version=shown.get("model_version", ""),
    )


def read_material(session: Session, *, sample: int) -> Material:
    """Return what to learn from, with up to ``sample`` people to compare versions on."""
    every = decided(session)
    if not every:
        return Material()
    # A person's decisions stay together, by the last of them: no one is learned from and tested on.
    last = {one.resident_id: one.at for one in every}
    order = sorted(last, key=lambda who: (last[who], who))
    latest = set(order[int(len(order) * (1 - HELD_BACK)) :])
    found = Material(decisions=len(every), sightings=sightings(session, every))
    seeking = session.execute(
        select(col(Resident.id)).where(col(Resident.state) == ResidentState.SEEKING)
    ).scalars()
    sampled = sorted(sorted(seeking, key=_scattered)[:sample])
    who = {one.resident_id for one in every}
    people = read_people(session, who | set(sampled))
    groups = _groups(session)
    known = read_openings(
        session,
        or_(is_open_to_matches(), col(Opening.id).in_({one.opening_id for one in every})),
    )
    openings = {int(opening.id): opening for opening in known}
    past = _past(session, who)
    tasks: dict[int, list[Decided]] = defaultdict(list)
    for one in every:
        tasks[one.resident_id].append(one)
    for resident_id, some in sorted(tasks.items()):
        for number, (known_then, sitting) in enumerate(_sittings(past[resident_id], some)):
            task = training.task(
                f"{resident_id}-{number}",
                people.record(resident_id, known_then),
                [openings[one.opening_id] for one in sitting],
                sitting,
            )
            (found.held_back if resident_id in latest else found.learn).append(task)
            if resident_id in latest:
                _join(found.held_back_groups, groups[resident_id])
    found.catalogue = known
    found.sample = [people.record(resident_id) for resident_id in sampled]
    for resident_id in sampled:
        _join(found.sample_groups, groups[resident_id])
    return found


def _scattered(number: int) -> int:
    """Return a pseudo-random sort key of an id (Knuth's multiplicative hash)."""
    return number * 2_654_435_761 % 2**32


def _join(groups: dict[str, list[str]], own: dict[str, str]) -> None:
    for attribute, group in own.items():
        groups.setdefault(attribute, []).append(group)


def _groups(session: Session) -> dict[int, dict[str, str]]:
    """Return each resident's groups by attribute, for looking back at what a model does."""
    at_work = set(
        session.execute(
            select(col(Resident.household_id)).where(col(Resident.state) == ResidentState.EMPLOYED)
        ).scalars()
    )
    rows = session.execute(
        select(
            col(Resident.id),
            col(Resident.household_id),
            col(Resident.sex),
            col(Resident.account_id),
        )
    )
    return {
        row.id: {
            "sex": str(row.sex or ""),
            "household": "working" if row.household_id in at_work else "without_work",
            "access": "assisted" if row.account_id is None else "own",
        }
        for row in rows
    }


def sightings(session: Session, every: Sequence[Decided]) -> list[training.Sighting]:
    """Count what was suggested at which place, and what of it was decided on."""
    counts: dict[tuple[int, int, float], list[int]] = defaultdict(lambda: [0, 0])
    standing = session.execute(
        select(col(Match.rank), col(Match.position), col(Match.propensity), func.count())
        .where(
            col(Match.state) == MatchState.SUGGESTED,
            col(Match.origin) == MatchOrigin.MODEL,
            col(Match.position).is_not(None),
            col(Match.rank).is_not(None),
            col(Match.propensity).is_not(None),
        )
        .group_by(col(Match.rank), col(Match.position), col(Match.propensity))
    )
    for rank, position, propensity, number in standing:
        counts[rank, position, propensity][0] += number
    for one in every:
        if one.position and one.rank and one.propensity:
            counts[one.rank, one.position, one.propensity][0] += 1
            counts[one.rank, one.position, one.propensity][1] += 1
    return [training.Sighting(*place, shown, acted) for place, (shown, acted) in counts.items()]


def _past(session: Session, resident_ids: set[int]) -> dict[int, list[dict[str, Any]]]:
    """Return what residents did about openings, each with its moment ``at``, oldest first."""
    rows = session.execute(
        select(
            col(MatchEvent.at),
            col(MatchEvent.to_state),
            col(Match.resident_id),
            *OPENING_MET,
        )
        .join(Match, col(Match.id) == MatchEvent.match_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(col(MatchEvent.to_state).in_([state.value for state in PAST]))
        .order_by(col(MatchEvent.at), col(MatchEvent.id))
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row.resident_id in resident_ids:
            action = PAST[MatchState(row.to_state)]
            record = records.past_record(row, action=action, employer=row.employer)
            found[row.resident_id].append({"at": row.at, **record})
    return found


def _sittings(
    past: list[dict[str, Any]], every: Sequence[Decided]
) -> list[tuple[list[dict[str, Any]], list[Decided]]]:
    """Part one person's decisions by what the person had done before each of them.

    With all of them in one task none would have a past: whatever somebody did about an opening
    began with a decision on it.
    """
    found: list[tuple[list[dict[str, Any]], list[Decided]]] = []
    for one in every:
        known = _before(past, one.at)
        if found and found[-1][0] == known:
            found[-1][1].append(one)
        else:
            found.append((known, [one]))
    return found


def _before(past: list[dict[str, Any]], moment: datetime) -> list[dict[str, Any]]:
    """Return what had been done before a moment, each opening with the latest action only."""
    latest = {row["id"]: row for row in past if row["at"] < moment}
    return [{key: value for key, value in row.items() if key != "at"} for row in latest.values()]
