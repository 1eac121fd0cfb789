"""What courses led to: who passed, and what they did so many days later, from employment spells.

Whoever passed is looked at on one day, the one that a dated rule says (90 days after the pass was
confirmed): in work is who is then in a verified spell of a job or a business. What rests on the
person's own word, and work that began later or had ended by then, does not count; piecework stands
beside it. Each person counts once for a course, by their first pass.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.suppression import FEW, few, told
from webapp.employment.lifecycle import WORK, SpellKind
from webapp.employment.models import EmploymentSpell
from webapp.rulebook.figures import rule
from webapp.training.lifecycle import EnrolmentState
from webapp.training.models.courses import CourseRun
from webapp.training.models.enrolments import Enrolment

_KINDS = (*(kind for kind in SpellKind if kind in WORK), SpellKind.PIECEWORK)


@dataclass(frozen=True)
class Outcome:
    """People counted: who passed long enough ago, and what they did on their day.

    ``kinds`` parts those in work by what they did; ``newly`` are those of them who were not in
    work on the day the course began; ``piecework`` did piecework and were not in work.
    """

    passed: int = 0
    kinds: Mapping[SpellKind, int] | None = None
    newly: int = 0
    piecework: int = 0

    @property
    def in_work(self) -> int:
        """How many were in work."""
        return sum((self.kinds or {}).values())


@dataclass(frozen=True)
class Told:
    """An outcome as it is shown, no count of one to four people in it or to be worked out of it.

    ``passed`` is ``None`` where so few passed that nothing is shown; ``in_work`` is ``None`` for a
    few, ``at_least`` says how many are sure where only a few were not. ``kinds`` are shown beside
    ``others``, the rest of those in work.
    """

    passed: int | None
    in_work: int | None
    at_least: int | None
    kinds: list[tuple[SpellKind, int]]
    others: int
    newly: int | None
    piecework: int | None

    @property
    def words(self) -> str:
        """The outcome in one sentence."""
        if self.passed is None:
            return _("学完满日子的还不到 %(n)d 个人，先不公布", n=FEW)
        if self.at_least is not None:
            return _(
                "学完满日子的 %(all)d 个人里，至少 %(n)d 个人那天有活干",
                all=self.passed, n=self.at_least,
            )  # fmt: skip
        return _(
            "学完满日子的 %(all)d 个人里，%(n)s 个人那天有活干",
            all=self.passed, n=told(self.in_work),
        )  # fmt: skip

    @property
    def lines(self) -> list[str]:
        """What of those in work may be said, each in words."""
        found = [f"{kind.label}{_('：')}{_('%(n)d 人', n=n)}" for kind, n in self.kinds]
        if self.others and self.kinds:
            found.append(_("别的活：%(n)d 人", n=self.others))
        if self.newly:
            found.append(_("其中开课那天还没有活干的：%(n)d 人", n=self.newly))
        if self.piecework:
            found.append(_("另外在家做手工活的：%(n)d 人", n=self.piecework))
        return found


def tell(outcome: Outcome) -> Told:
    """Return what of an outcome may be shown."""
    passed, in_work = outcome.passed, outcome.in_work
    if passed < FEW:
        return Told(None, None, None, [], 0, None, None)
    without = passed - in_work
    if few(in_work) is None or few(without) is None:
        # Parts of a count that is not told would tell it.
        sure = passed - FEW + 1 if few(without) is None else None
        return Told(passed, None, sure, [], 0, None, None)
    shown = sorted(
        ((kind, n) for kind, n in (outcome.kinds or {}).items() if n >= FEW),
        key=lambda one: -one[1],
    )
    rest = in_work - sum(n for _kind, n in shown)
    while 0 < rest < FEW and shown:  # else the rest would be worked out
        rest += shown.pop()[1]
    newly = outcome.newly
    safe = few(newly) is not None and few(in_work - newly) is not None
    piecework = outcome.piecework
    beside = few(piecework) is not None and few(without - piecework) is not None
    return Told(
        passed, in_work, None, shown, rest, newly if safe else None, piecework if beside else None
    )


def course_outcome(session: Session, course_id: int) -> Outcome:
    """Return what one course led to, of all who ever passed it; two queries."""
    return _count(session, col(Enrolment.course_id) == course_id)


def public_outcome(session: Session) -> Outcome:
    """Return what all courses led to, of who passed within the years that a rule says."""
    years = rule("training_outcome_years", on=clock.today())
    since = clock.now() - timedelta(days=365 * years)
    return _count(session, col(Enrolment.since) >= since)


def _count(session: Session, *conditions: Any) -> Outcome:
    days = timedelta(days=rule("training_outcome_days", on=clock.today()))
    rows = session.execute(
        select(
            col(Enrolment.course_id),
            col(Enrolment.resident_id),
            col(Enrolment.since),
            col(CourseRun.starts_at),
        )
        .join(CourseRun, col(CourseRun.id) == Enrolment.run_id)
        .where(
            col(Enrolment.state) == EnrolmentState.PASSED,
            col(Enrolment.since) < clock.end_of_day(clock.today() - days),
            *conditions,
        )
        .order_by(col(Enrolment.since), col(Enrolment.id))
    ).all()
    first = {(row.course_id, row.resident_id): row for row in reversed(rows)}
    spells = _spells(session, {row.resident_id for row in rows})
    kinds: Counter[SpellKind] = Counter()
    newly = piecework = 0
    for row in first.values():
        theirs = spells.get(row.resident_id, [])
        then = _at(theirs, clock.local(row.since).date() + days)
        if then is SpellKind.PIECEWORK:
            piecework += 1
        elif then is not None:
            kinds[then] += 1
            newly += _at(theirs, clock.local(row.starts_at).date()) not in WORK
    return Outcome(len(first), dict(kinds), newly, piecework)


def _spells(
    session: Session, resident_ids: Collection[int]
) -> dict[int, list[tuple[SpellKind, date, date | None]]]:
    found: dict[int, list[tuple[SpellKind, date, date | None]]] = defaultdict(list)
    rows = session.execute(
        select(
            col(EmploymentSpell.resident_id),
            col(EmploymentSpell.kind),
            col(EmploymentSpell.starts_on),
            col(EmploymentSpell.ends_on),
        ).where(
            col(EmploymentSpell.resident_id).in_(resident_ids),
            col(EmploymentSpell.kind).in_(_KINDS),
            col(EmploymentSpell.verified_at).is_not(None),
            col(EmploymentSpell.withdrawn_at).is_(None),
        )
    )
    for resident_id, kind, starts_on, ends_on in rows:
        found[resident_id].append((kind, starts_on, ends_on))
    return found


def _at(spells: list[tuple[SpellKind, date, date | None]], day: date) -> SpellKind | None:
    """Return what somebody did on a day; of several the first of :data:`_KINDS`."""
    kinds = {kind for kind, start, end in spells if start <= day and (end is None or end >= day)}
    return next((kind for kind in _KINDS if kind in kinds), None)
