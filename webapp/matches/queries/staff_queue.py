"""What staff work through: the queue of suggestions, and what is under way."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, bindparam, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.paging import SIZE, Page
from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer
from webapp.matches.lifecycle import BUSY, ENDS_AT_INTEREST, PENDING, MatchState, Pick
from webapp.matches.models import Match, RefusalRemark
from webapp.matches.queries.match_detail import ACTED_ON, LINE, joined
from webapp.matches.services.transitions import goes_on_elsewhere, is_open_to_matches
from webapp.openings.models import Opening
from webapp.residents.models import Household, Resident, ResidentState

S = MatchState


@dataclass(frozen=True)
class Filters:
    """What the queue is narrowed to.

    Unless ``every`` is asked for, or one opening, only what the community's plan picks stands in
    it (``Match.pick``): staff decide for people, not on twenty thousand rows.
    """

    kind: Kind | None = None
    branch_id: int | None = None
    mine: bool = False
    assisted: bool = False
    opening_id: int | None = None
    every: bool = False

    @property
    def wide(self) -> bool:
        """Whether every suggestion is asked for, not those of the plan alone."""
        return self.every or self.opening_id is not None

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters as parameters of an address, unset ones left out."""
        values = {
            "kind": self.kind.value if self.kind else None,
            "branch": self.branch_id,
            "mine": 1 if self.mine else None,
            "assisted": 1 if self.assisted else None,
            "opening": self.opening_id,
            "every": 1 if self.every else None,
        }
        return {name: value for name, value in values.items() if value is not None}


MOST_REMARKS = 20
MOST = 100  # counted and paged no further: what stands behind comes up as these are decided


def read_queue(
    session: Session, actor: Actor, filters: Filters, *, number: int = 1, size: int = SIZE
) -> Page:
    """Return a page of :class:`Line`, the last one at most; ``total`` counts up to one over MOST.

    What the plan gives people comes before what it gives them besides. In each households without
    any work come first, then whom an employer asked for, then the higher score. Of every
    suggestion people's best come first. Each group is read in the order of its index, no further
    than is counted, so that twenty thousand suggestions cost what a hundred do, and what was
    read for the page is not asked for once more to be counted.
    """
    account_id = actor.account_id if filters.mine else None
    most = max(MOST, number * size if size > SIZE else 0) + 1  # a file has all of them
    found: list[tuple[int, bool]] = []
    for statement in _statements(filters, account_id, clock.today()):
        if len(found) < most:
            rows = session.execute(statement, {"few": most - len(found)}).all()
            in_turn = sorted(rows, key=lambda row: row.turn)  # each group keeps its own order
            found.extend((row.id, row.turn % 2 == 0) for row in in_turn)
    del found[most:]
    pages = max(-(-min(len(found), most - 1) // size), 1)
    number = min(number, pages)
    end = number * size
    return Page(_in_lines(session, found[end - size : end]), number, pages, len(found))


def counted(total: int) -> str:
    """Return how many wait as words: beyond what is counted, more than that."""
    return _("%(n)d 多", n=MOST) if total > MOST else str(total) if total else ""


@lru_cache(maxsize=128)  # building them took longer than running them
def _statements(filters: Filters, account_id: int | None, today: date) -> tuple[Any, Any]:
    """Return the statement of the first group's ids, which mostly is enough, and of the others'.

    ``turn`` numbers the groups; in those of even number nobody of the household is at work.
    """
    waiting = _waiting(filters, account_id, today)
    best, others = col(Match.position) == 1, col(Match.position) > 1
    picked = [col(Match.pick) >= Pick.FIRST, col(Match.pick) == Pick.BESIDES]
    turns = [
        (
            select(col(Match.id), literal(turn).label("turn"))
            .where(waiting, group, ~without_work() if turn % 2 else without_work())
            .order_by(
                *([] if filters.wide else [col(Match.pick).desc()]),
                col(Match.score).desc(),
                col(Match.resident_id).desc(),
                col(Match.opening_id).desc(),
            )
            .limit(bindparam("few"))
        )
        for turn, group in enumerate(
            [group for group in ([best, others] if filters.wide else picked) for _ in range(2)]
        )
    ]
    limited = [one.subquery() for one in turns[1:]]
    return turns[0], union_all(*(select(one.c.id, one.c.turn) for one in limited))


def count_behind(session: Session) -> int:
    """Count suggestions that the plan did not pick, up to one over :data:`MOST`.

    They stay behind the person and the opening, for whoever looks there.
    """
    return int(session.execute(_behind(clock.today())).scalar_one())


@lru_cache(maxsize=2)
def _behind(today: date) -> Any:
    waiting = _waiting(Filters(every=True), None, today)
    behind = select(col(Match.id)).where(waiting, col(Match.pick).is_(None)).limit(MOST + 1)
    return select(func.count()).select_from(behind.subquery())


def _waiting(filters: Filters, account_id: int | None, today: date) -> Any:
    """Return the condition of a suggestion to decide on today.

    Person and opening are asked for by EXISTS, never joined: a planner that starts from them
    leaves the order of the index, and a queue of 24,000 took half a second longer.
    """
    return and_(
        col(Match.state) == S.SUGGESTED,
        col(Match.position) >= 1 if filters.wide else _in_the_plan(),
        or_(col(Match.postponed_until).is_(None), col(Match.postponed_until) <= today),
        _looks_for_work(filters, account_id),
        _takes_people(filters),
    )


def _in_the_plan() -> Any:
    """Return the condition that the plan picks it and nothing has come between.

    Who is talked with about another opening waits for what becomes of it, and an opening takes
    no more people than it has places. What an employer asked for is there in any case.
    """
    other, theirs, asked = aliased(Match), aliased(Opening), aliased(Match)
    talked_with = exists().where(
        col(other.resident_id) == Match.resident_id,
        col(other.state).in_(sorted(BUSY)),
        col(theirs.id) == other.opening_id,
        or_(col(other.state) != S.INTERESTED, col(theirs.kind).not_in(ENDS_AT_INTEREST)),
    )
    under_way = (
        select(func.count())
        .where(col(asked.opening_id) == Match.opening_id, col(asked.state).in_(sorted(PENDING)))
        .correlate(Match)
        .scalar_subquery()
    )
    has_room = exists().where(
        col(Opening.id) == Match.opening_id,
        col(Opening.headcount) - col(Opening.hired_count) > under_way,
    )
    return or_(
        col(Match.pick) == Pick.ASKED, and_(col(Match.pick) < Pick.ASKED, ~talked_with, has_room)
    )


def without_work() -> Any:
    """Return the condition that nobody of the person's household is at work."""
    member, at_work = aliased(Resident), aliased(Resident)
    return ~exists().where(
        col(member.id) == Match.resident_id,
        col(at_work.household_id) == member.household_id,
        col(at_work.state) == ResidentState.EMPLOYED,
    )


def _looks_for_work(filters: Filters, account_id: int | None) -> Any:
    person = exists().where(
        col(Resident.id) == Match.resident_id, col(Resident.state) == ResidentState.SEEKING
    )
    if filters.branch_id:
        person = person.where(col(Resident.branch_id) == filters.branch_id)
    if filters.mine:
        person = person.where(
            col(Household.id) == Resident.household_id,
            col(Household.responsible_id) == account_id,
        )
    if filters.assisted:
        person = person.where(col(Resident.account_id).is_(None))
    return person


def _takes_people(filters: Filters) -> Any:
    opening = (
        select(col(Opening.id))
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(col(Opening.id) == Match.opening_id, is_open_to_matches())
        .correlate(Match)
    )
    if filters.kind:
        opening = opening.where(col(Opening.kind) == filters.kind)
    if filters.opening_id:
        opening = opening.where(col(Opening.id) == filters.opening_id)
    return opening.exists()


@dataclass(frozen=True)
class Line:
    """One suggestion of the queue in a line."""

    id: int
    opening_id: int
    name: str
    title: str
    kind: Kind
    employer: str
    position: int
    assisted: bool
    phone: str | None
    without_work: bool


def read_lines(session: Session, match_ids: list[int]) -> list[Line]:
    """Return those of the suggestions that still wait, in the order given, for a preview."""
    still = set(
        session.execute(
            select(col(Match.id)).where(
                col(Match.id).in_(match_ids), col(Match.state) == S.SUGGESTED
            )
        ).scalars()
    )
    return _in_lines(session, [(one, False) for one in dict.fromkeys(match_ids) if one in still])


_LINES = joined(*LINE).where(col(Match.id).in_(bindparam("ids", expanding=True)))


def _in_lines(session: Session, wanted: list[tuple[int, bool]]) -> list[Line]:
    """Return suggestions, given as (id, household without work), in full, in their order."""
    if not wanted:
        return []
    rows = session.execute(_LINES, {"ids": [id_ for id_, _ in wanted]})
    found = {row.id: row for row in rows}
    return [
        Line(
            id=id_,
            opening_id=found[id_].opening_id,
            name=found[id_].name,
            title=found[id_].title,
            kind=found[id_].kind,
            employer=found[id_].employer or "",
            position=found[id_].position,
            assisted=bool(found[id_].assisted),
            phone=found[id_].phone,
            without_work=without_work,
        )
        for id_, without_work in wanted
    ]


def under_way(state: MatchState | None) -> Any:
    """Return the statement of matches beyond suggestion, the longest waiting first."""
    wanted = [state] if state else sorted(UNDER_WAY)
    return (
        joined(*LINE)
        .where(ACTED_ON, col(Match.state).in_(wanted), ~goes_on_elsewhere())
        .order_by(col(Match.since), col(Match.id))
    )


UNDER_WAY = frozenset(
    {
        S.CONFIRMED,
        S.OFFERED,
        S.NO_REPLY,
        S.INTERESTED,
        S.SHARED,
        S.APPLIED,
        S.SEEN,
        S.INTERVIEW,
        S.JOB_OFFER,
        S.HIRED,
        S.DAY_30,
        S.DAY_90,
    }
)


def state_counts(session: Session) -> dict[MatchState, int]:
    """Return how many matches stand in each state under way."""
    rows = session.execute(
        select(col(Match.state), func.count())
        .where(ACTED_ON, col(Match.state).in_(UNDER_WAY), ~goes_on_elsewhere())
        .group_by(col(Match.state))
    )
    return {row[0]: row[1] for row in rows}


def unread_remarks(session: Session) -> list[Any]:
    """Return (match id, resident's name, opening's title) of remarks that staff have to read."""
    return list(
        session.execute(
            select(col(Match.id), col(Resident.name), col(Opening.title))
            .join(RefusalRemark, col(RefusalRemark.match_id) == Match.id)
            .join(Resident, col(Resident.id) == Match.resident_id)
            .join(Opening, col(Opening.id) == Match.opening_id)
            .where(col(RefusalRemark.verdict).is_(None))
            .order_by(col(RefusalRemark.id))
            .limit(MOST_REMARKS)
        )
    )
