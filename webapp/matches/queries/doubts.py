"""What speaks against handing a suggestion on, for who decides on several at once."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.formatting import yuan
from webapp.core.labels import label
from webapp.core.vocabulary import Kind
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.employment.lifecycle import SpellKind
from webapp.employment.models import EmploymentSpell
from webapp.engine import records
from webapp.matches.lifecycle import BUSY, PENDING, TAKEN
from webapp.matches.models import Match
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.pay_check import below_floor
from webapp.residents.models import Household, Resident, ResidentState

_GOES_WITH_LOOKING = frozenset({SpellKind.LOOKING, SpellKind.PIECEWORK})


@dataclass(frozen=True)
class Places:
    """How many people an opening still takes, and how many it is under way with."""

    left: int
    under_way: int

    @property
    def words(self) -> str:
        """Both in words for a line of a list."""
        if not self.under_way:
            return _("还要 %(n)d 人", n=self.left)
        return _("还要 %(n)d 人，在办 %(m)d 人", n=self.left, m=self.under_way)

    @property
    def full(self) -> bool:
        """Whether as many are under way as there are places."""
        return self.under_way >= self.left


def places_of(session: Session, opening_ids: Collection[int]) -> dict[int, Places]:
    """Return the places of some openings, in one query."""
    if not opening_ids:
        return {}
    under_way = (
        select(func.count())
        .where(col(Match.opening_id) == Opening.id, col(Match.state).in_(PENDING))
        .correlate(Opening)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            col(Opening.id),
            (col(Opening.headcount) - col(Opening.hired_count)).label("left"),
            under_way.label("under_way"),
        ).where(col(Opening.id).in_(opening_ids))
    )
    return {row.id: Places(max(row.left, 0), row.under_way) for row in rows}


def doubts_of(session: Session, match_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return for each match what its decider should look at first, in the order given.

    A line counts on those before it: the third of an opening with two places is one too many,
    the second of one person asks that person twice. Four queries.
    """
    rows = {
        row.Match.id: row
        for row in session.execute(
            select(
                Match,
                Resident,
                col(Household.place),
                Opening,
                col(Employer.state).label("employer_state"),
            )
            .join(Resident, col(Resident.id) == Match.resident_id)
            .join(Household, col(Household.id) == Resident.household_id)
            .join(Opening, col(Opening.id) == Match.opening_id)
            .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
            .where(col(Match.id).in_(match_ids))
            .order_by(col(Match.id))
        )
    }
    places = places_of(session, {row.Opening.id for row in rows.values()})
    busy = _busy(session, {row.Resident.id for row in rows.values()})
    said = _said(session, {row.Resident.id for row in rows.values()})
    asked: Counter[int] = Counter()
    people: set[int] = set()
    today = clock.today()
    found: dict[int, list[str]] = {}
    for id_ in dict.fromkeys(match_ids):
        row = rows.get(id_)
        if row is None:
            continue
        doubts = [*_of_the_opening(row, today), *_of_the_pair(row, today)]
        room = places[row.Opening.id]
        asked[row.Opening.id] += 1
        if room.under_way + asked[row.Opening.id] > room.left:
            doubts.append(
                _(
                    "名额超了：还要 %(n)d 人，加上这条就有 %(m)d 人在办",
                    n=room.left,
                    m=room.under_way + asked[row.Opening.id],
                )
            )
        if row.Resident.state is not ResidentState.SEEKING:
            doubts.append(_("本人现在没有在找：%(state)s", state=row.Resident.state.label))
        doubts += busy.get(row.Resident.id, [])
        if row.Resident.id in said:
            doubts.append(_("本人说现在是「%(what)s」，还没核实", what=said[row.Resident.id]))
        if row.Resident.id in people:
            doubts.append(_("这一批里这个人还有一条"))
        people.add(row.Resident.id)
        found[id_] = doubts
    return found


def _of_the_opening(row: Any, today: date) -> list[str]:
    doubts = []
    if row.employer_state is not None and row.employer_state is not EmployerState.VERIFIED:
        doubts.append(_("单位：%(state)s", state=row.employer_state.label))
    if row.Opening.state is not OpeningState.PUBLISHED or row.Opening.valid_until < today:
        doubts.append(_("这个机会现在不招人"))
    low = below_floor(row.Opening, on=today)
    if low is not None:
        doubts.append(low.says)
    return doubts


def _of_the_pair(row: Any, today: date) -> list[str]:
    """Return the conditions not met, and an age nobody knows: under sixteen nobody may work.

    Besides, what the ranking weighs and a person would stumble over: too little pay, a kind of
    work they did not ask for, a certificate they have.
    """
    seeker = records.seeker_record(row.Resident, home=row.place, today=today)
    broken = records.broken_rules(seeker, records.opening_record(row.Opening))
    doubts = [text for code, text in broken.items() if code in {*records.OWN_RULES, "kind"}]
    if seeker.age is None and "age" not in broken:
        doubts.append(_("不知道多大年纪，先问清"))
    most, least = row.Opening.pay_month_max_fen, row.Resident.min_pay_fen
    if most and least and most < least:
        doubts.append(
            _("一个月最多 %(most)s 元，本人至少要 %(least)s 元", most=yuan(most), least=yuan(least))
        )
    if row.Opening.kind is Kind.COURSE:
        has = [one for one in row.Opening.teaches if one in row.Resident.certificates]
        if has:
            doubts.append(_("这门课考的证本人已经有了：%(what)s", what="、".join(has)))
    return doubts


def _busy(session: Session, resident_ids: Collection[int]) -> dict[int, list[str]]:
    """Return by person, in words, the latest they have under way and the job they were hired for.

    Somebody at work does not stand in the queue; whoever was hired since it was looked at does.
    """
    hired = and_(col(Match.state).in_(TAKEN), col(Opening.kind) == Kind.VACANCY)
    rows = session.execute(
        select(col(Match.resident_id), col(Match.state), col(Opening.title))
        .join(Opening, col(Opening.id) == Match.opening_id)
        .where(col(Match.resident_id).in_(resident_ids), or_(col(Match.state).in_(BUSY), hired))
        .order_by(col(Match.since), col(Match.id))
    )
    found: dict[int, dict[bool, str]] = {}
    for row in rows:
        words = (
            _("别处已经录用了：%(title)s", title=row.title)
            if row.state in TAKEN
            else _("本人手上还有在办的：%(title)s", title=row.title)
        )
        found.setdefault(row.resident_id, {})[row.state in TAKEN] = words
    return {who: list(words.values()) for who, words in found.items()}


def _said(session: Session, resident_ids: Collection[int]) -> dict[int, str]:
    """Return by person what they said they do now that is not looking for work, unverified yet."""
    rows = session.execute(
        select(col(EmploymentSpell.resident_id), col(EmploymentSpell.kind))
        .where(
            col(EmploymentSpell.resident_id).in_(resident_ids),
            col(EmploymentSpell.verified_at).is_(None),
            col(EmploymentSpell.withdrawn_at).is_(None),
            or_(
                col(EmploymentSpell.ends_on).is_(None),
                col(EmploymentSpell.ends_on) >= clock.today(),
            ),
            col(EmploymentSpell.kind).not_in(_GOES_WITH_LOOKING),
        )
        .order_by(col(EmploymentSpell.starts_on), col(EmploymentSpell.id))
    )
    return {row.resident_id: str(label(row.kind)) for row in rows}
