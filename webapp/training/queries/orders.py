"""Promises of employers as pages show them: what was said, who passed, who was taken on."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.formatting import date_words, pay_words
from webapp.core.suppression import FEW, few, told
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.employment.models import EmploymentSpell
from webapp.matches.models import Match
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.training.lifecycle import EnrolmentState, OrderState
from webapp.training.models.courses import Course
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.orders import TrainingOrder

_MOST = 200
_SETTLED = (OrderState.KEPT, OrderState.PARTLY, OrderState.NOT_KEPT)
_ENDED = frozenset(OrderState) - {OrderState.SIGNED}


@dataclass(frozen=True)
class OrderView:
    """One promise for a page; ``trouble`` is what staff have to look at, empty for nothing."""

    order: TrainingOrder
    course_title: str
    employer: str
    opening_title: str
    pay: str
    window: str
    passed: int
    hired: int
    trouble: str
    is_due: bool

    @property
    def counted(self) -> str:
        """How far it was kept, in words."""
        return _(
            "说好 %(n)d 人，学完 %(passed)d 人，招了 %(hired)d 人",
            n=self.order.people, passed=self.passed, hired=self.hired,
        )  # fmt: skip


@dataclass(frozen=True)
class Record:
    """How an employer kept the promises that are over; ``causes`` are those of unkept ones.

    ``outcomes`` counts promises by how they were settled, those withdrawn left out.
    """

    promised: int
    passed: int
    hired: int
    withdrawn: int
    outcomes: dict[OrderState, int]
    causes: list[str]

    @property
    def words(self) -> str:
        """The record in one sentence.

        Where only a few passed, what became of them would name them: then promises are counted,
        not people.
        """
        settled = "、".join(
            _("%(how)s %(n)d 次", how=state.label, n=n) for state, n in self.outcomes.items()
        )
        if self.passed >= FEW:
            said = _(
                "以前说好 %(n)d 人，学完 %(passed)d 人，招了 %(hired)s 人",
                n=self.promised, passed=self.passed, hired=told(few(self.hired)),
            )  # fmt: skip
        elif settled:
            said = _("以前说好 %(n)d 人，%(how)s", n=self.promised, how=settled)
        else:
            said = _("以前说好 %(n)d 人", n=self.promised)
        if self.withdrawn:
            said += _("；收回过 %(n)d 次", n=self.withdrawn)
        if self.causes:
            said += _("；没全做到，因为：%(why)s", why="、".join(self.causes))
        return said


def kept_counts(session: Session, orders: Sequence[TrainingOrder]) -> dict[int, tuple[int, int]]:
    """Return order → (who passed since it was signed, who of them works there); two queries.

    A hire is an employment spell that has begun and stands, written by the match of this person
    with the promised opening; whatever happens after an order ended does not change it.
    """
    if not orders:
        return {}
    ids = [order.id for order in orders]
    ended = func.coalesce(
        col(TrainingOrder.settled_at), col(TrainingOrder.withdrawn_at), clock.now()
    )
    passing = and_(
        col(Enrolment.course_id) == col(TrainingOrder.course_id),
        col(Enrolment.state) == EnrolmentState.PASSED,
        col(Enrolment.since) >= col(TrainingOrder.signed_at),
        col(Enrolment.since) <= ended,
    )
    people = func.count(col(Enrolment.resident_id).distinct())
    passed = session.execute(
        select(col(TrainingOrder.id), people)
        .join(Enrolment, passing)
        .where(col(TrainingOrder.id).in_(ids))
        .group_by(col(TrainingOrder.id))
    ).all()
    hires = session.execute(
        select(
            col(TrainingOrder.id),
            col(Enrolment.resident_id),
            col(EmploymentSpell.starts_on),
            col(TrainingOrder.settled_at),
            col(TrainingOrder.withdrawn_at),
        )
        .join(Enrolment, passing)
        .join(
            Match,
            and_(
                col(Match.opening_id) == col(TrainingOrder.opening_id),
                col(Match.resident_id) == col(Enrolment.resident_id),
            ),
        )
        .join(EmploymentSpell, col(EmploymentSpell.match_id) == col(Match.id))
        .where(
            col(TrainingOrder.id).in_(ids),
            col(EmploymentSpell.withdrawn_at).is_(None),
            col(EmploymentSpell.recorded_at) >= col(TrainingOrder.signed_at),
        )
    ).all()
    working: dict[int, set[int]] = defaultdict(set)
    for order_id, resident_id, starts_on, settled_at, withdrawn_at in hires:
        end = settled_at or withdrawn_at
        if starts_on <= (clock.local(end).date() if end else clock.today()):
            working[order_id].add(resident_id)
    counted = dict(passed)
    return {id_: (counted.get(id_, 0), len(working[id_])) for id_ in ids}


def records_of(session: Session, employer_ids: Collection[int]) -> dict[int, Record]:
    """Return employer → how they kept what they promised, of those with promises that are over."""
    orders = list(
        session.scalars(
            select(TrainingOrder)
            .where(
                col(TrainingOrder.employer_id).in_(employer_ids),
                col(TrainingOrder.state).in_(_ENDED),
            )
            .order_by(col(TrainingOrder.id))
        )
    )
    counts = kept_counts(session, orders)
    by_employer: dict[int, list[TrainingOrder]] = defaultdict(list)
    for order in orders:
        by_employer[order.employer_id].append(order)
    return {
        employer_id: Record(
            promised=sum(one.people for one in theirs),
            passed=sum(counts[one.id][0] for one in theirs),
            hired=sum(counts[one.id][1] for one in theirs),
            withdrawn=sum(one.state is OrderState.WITHDRAWN for one in theirs),
            outcomes=_outcomes(theirs),
            causes=list(dict.fromkeys(one.cause.label for one in theirs if one.cause)),
        )
        for employer_id, theirs in by_employer.items()
    }


def _outcomes(orders: Sequence[TrainingOrder]) -> dict[OrderState, int]:
    counts = Counter(one.state for one in orders)
    return {state: counts[state] for state in _SETTLED if counts[state]}


def public_orders(session: Session, course_id: int) -> list[OrderView]:
    """Return the promises to a course that stand: of employers checked, for openings shown."""
    return _views(
        session,
        col(TrainingOrder.course_id) == course_id,
        col(TrainingOrder.state) == OrderState.SIGNED,
        col(TrainingOrder.start_until) >= clock.today(),
        col(Employer.state) == EmployerState.VERIFIED,
        col(Opening.state) == OpeningState.PUBLISHED,
        col(Opening.valid_until) >= clock.today(),
    )


def course_orders(session: Session, course_id: int) -> list[OrderView]:
    """Return all promises to a course, those that stand first."""
    return _views(session, col(TrainingOrder.course_id) == course_id)


def employer_orders(session: Session, employer_id: int) -> list[OrderView]:
    """Return all promises of an employer, those that stand first."""
    return _views(session, col(TrainingOrder.employer_id) == employer_id)


def all_orders(session: Session) -> list[OrderView]:
    """Return the promises for staff: those to look at, those that stand, then what is over."""
    views = _views(session)
    return sorted(views, key=lambda one: (not one.trouble, not one.is_due))


def order_view(session: Session, order_id: int) -> OrderView:
    """Return one promise that exists."""
    return _views(session, col(TrainingOrder.id) == order_id)[0]


def count_to_look_at(session: Session) -> int:
    """Return how many promises wait for staff."""
    query = (
        _joined(select(func.count(col(TrainingOrder.id))))
        .where(col(TrainingOrder.state) == OrderState.SIGNED)
        .where(
            or_(
                col(TrainingOrder.start_until) < clock.today(),
                col(Employer.state) != EmployerState.VERIFIED,
                col(Opening.state) != OpeningState.PUBLISHED,
                col(Opening.valid_until) < clock.today(),
            )
        )
    )
    return session.execute(query).scalar_one()


def summary(views: Sequence[OrderView]) -> str:
    """Return how many employers promised how many places: 「3 家单位说好要 12 个人」."""
    employers = len({one.order.employer_id for one in views})
    people = sum(one.order.people for one in views)
    return _("%(n)d 家单位说好要 %(people)d 个人", n=employers, people=people)


def own_vacancies(session: Session, employer_id: int) -> list[tuple[int, str]]:
    """Return (id, title with pay) of the employer's openings that can be promised."""
    rows = session.scalars(
        select(Opening)
        .where(
            col(Opening.employer_id) == employer_id,
            col(Opening.kind) == "vacancy",
            col(Opening.state) == OpeningState.PUBLISHED,
            col(Opening.valid_until) >= clock.today(),
            col(Opening.hired_count) < col(Opening.headcount),
        )
        .order_by(col(Opening.id))
    )
    return [
        (one.id, f"{one.title}（{pay_words(one.pay_min_fen, one.pay_max_fen, one.pay_unit)}）")
        for one in rows
    ]


def _joined(query: Any) -> Any:
    return query.join(Employer, col(Employer.id) == TrainingOrder.employer_id).join(
        Opening, col(Opening.id) == TrainingOrder.opening_id
    )


def _views(session: Session, *conditions: Any) -> list[OrderView]:
    going = col(TrainingOrder.state) == OrderState.SIGNED
    rows = session.execute(
        _joined(select(TrainingOrder, Employer, Opening, col(Course.opening_id)))
        .join(Course, col(Course.id) == TrainingOrder.course_id)
        .where(*conditions)
        .order_by(going.desc(), col(TrainingOrder.id).desc())
        .limit(_MOST)
    ).all()
    titles = {
        row.id: row.title
        for row in session.execute(
            select(col(Opening.id), col(Opening.title)).where(
                col(Opening.id).in_({row[3] for row in rows})
            )
        )
    }
    counts = kept_counts(session, [row[0] for row in rows])
    return [
        OrderView(
            order=order,
            course_title=titles[course_opening_id],
            employer=employer.name,
            opening_title=opening.title,
            pay=pay_words(order.pay_fen, None, order.pay_unit),
            window=_(
                "%(first)s到%(last)s之间开始做",
                first=date_words(order.start_from), last=date_words(order.start_until),
            ),
            passed=counts[order.id][0],
            hired=counts[order.id][1],
            trouble=_trouble(order, employer, opening),
            is_due=order.state is OrderState.SIGNED,
        )
        for order, employer, opening, course_opening_id in rows
    ]  # fmt: skip


def _trouble(order: TrainingOrder, employer: Employer, opening: Opening) -> str:
    if order.state is not OrderState.SIGNED:
        return ""
    if employer.state is not EmployerState.VERIFIED:
        return _("单位现在是「%(state)s」", state=employer.state.label)
    shown = opening.state is OpeningState.PUBLISHED and opening.valid_until is not None
    if not shown or (opening.valid_until or clock.today()) < clock.today():
        return _("说好的招聘已经结束或者过期")
    if order.start_until < clock.today():
        return _("说好的日子过了，请结一下")
    return ""
