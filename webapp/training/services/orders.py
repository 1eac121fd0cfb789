"""Promises of employers to take on who passes a course: sign, withdraw, settle (订单培训)."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.core.formatting import pay_words
from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer
from webapp.matches.services.transitions import lock_opening, takes_people
from webapp.openings.models import Opening
from webapp.rulebook import lint
from webapp.training import policy
from webapp.training.lifecycle import LIVE, PUBLIC_RUNS, EnrolmentState, NewsKind, OrderCause
from webapp.training.lifecycle import OrderState as S
from webapp.training.models.courses import Course, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.orders import TrainingOrder
from webapp.training.queries.orders import kept_counts
from webapp.training.services import promised
from webapp.training.services.transitions import lock_course, tell

# A promise for a day further off is none that a learner can plan with.
LONGEST_DAYS = 366


@dataclass(frozen=True)
class OrderTerms:
    """What an employer promises; ``pay_fen`` is the least, by the opening's unit of pay."""

    opening_id: int
    people: int
    pay_fen: int
    start_from: date
    start_until: date
    conditions: str = ""


def sign(session: Session, actor: Actor, *, course_id: int, terms: OrderTerms) -> TrainingOrder:
    """Promise places of one of the actor's openings to those who pass a course.

    Raises :class:`NotFound` for a course never shown or somebody else's opening,
    :class:`BadField` for what cannot stand, :class:`Conflict` for an opening that is promised
    to this course already.
    """
    if actor.employer_id is None or not policy.can_sign(actor, employer_id=actor.employer_id):
        raise Forbidden
    course, shown = lock_course(session, course_id)
    if shown.published_at is None:
        raise NotFound
    opening = lock_opening(session, terms.opening_id, to_write=True)
    if opening is None or opening.employer_id != actor.employer_id:
        raise NotFound
    if opening.kind is not Kind.VACANCY or not takes_people(session, opening.id):
        raise BadField("opening_id", _("这个岗位现在不招人：没有发布、已过期，或者名额已满"))
    if opening.pay_unit is None:
        raise BadField("opening_id", _("这个岗位没写清一个月、一天或一小时多少，先去改招聘"))
    if opening.pay_min_fen is not None and terms.pay_fen < opening.pay_min_fen:
        least = pay_words(opening.pay_min_fen, None, opening.pay_unit)
        raise BadField("pay", _("招聘上写的是%(pay)s，不能说得更低", pay=least))
    _check_places(session, opening, terms.people)
    _check_window(session, course, terms)
    _check_words("conditions", terms.conditions)
    order = TrainingOrder(
        course_id=course.id,
        employer_id=actor.employer_id,
        opening_id=opening.id,
        people=terms.people,
        pay_fen=terms.pay_fen,
        pay_unit=opening.pay_unit,
        start_from=terms.start_from,
        start_until=terms.start_until,
        conditions=terms.conditions,
        state=S.SIGNED,
        signed_at=clock.now(),
        signed_by_id=actor.account_id or 0,
    )
    try:
        with session.begin_nested():
            session.add(order)
    except IntegrityError as error:
        raise Conflict(_("这个岗位已经给这门课说好了。要改，先收回再重新说。")) from error
    audit.record(session, "training_order.sign", order)
    return order


def withdraw(session: Session, actor: Actor, *, order_id: int, reason: str) -> TrainingOrder:
    """Take a promise back, by its employer or by staff; the course's people are told why."""
    order = get_order(session, actor, order_id)
    _check_words("reason", reason)
    _end(
        session,
        order,
        S.WITHDRAWN,
        withdrawn_at=clock.now(),
        withdrawn_by_id=actor.account_id,
        withdraw_reason=reason,
    )
    promised.forget(session, order)
    audit.record(session, "training_order.withdraw", order)
    words = _(
        "「%(course)s」：%(employer)s收回了说好的 %(n)d 个人，因为：%(why)s。课照上。",
        n=order.people,
        why=reason.rstrip("。"),
        **_names(session, order),
    )
    _tell_course(session, order, words, f"order:{order.id}:withdrawn")
    return order


def settle(
    session: Session, actor: Actor, *, order_id: int, cause: OrderCause | None = None
) -> TrainingOrder:
    """End a promise by what was counted: kept, partly or not kept; the latter two need a cause.

    Kept is who took on all that were promised, or all that passed when those were fewer.
    Raises :class:`Conflict` while people may still be taken on.
    """
    if not policy.can_manage(actor):
        raise Forbidden
    order = get_order(session, actor, order_id)
    if order.state is not S.SIGNED:
        raise Conflict(_("这一条已经了结了。"))
    outcome = outcome_of(session, order)
    if is_too_early(order, outcome):
        raise Conflict(_("说好的日子还没有过，过了再结。"))
    if outcome is S.KEPT:
        cause = None
    elif cause is None:
        raise BadField("cause", _("没有全做到，请选一个原因"))
    _end(
        session,
        order,
        outcome,
        settled_at=clock.now(),
        settled_by_id=actor.account_id,
        cause=cause,
    )
    promised.forget(session, order)
    audit.record(session, "training_order.settle", order)
    return order


def outcome_of(session: Session, order: TrainingOrder) -> S:
    """Return what a promise comes to by what is counted now."""
    passed, hired = kept_counts(session, [order])[order.id]
    due = min(order.people, passed)
    if due and hired >= due:
        return S.KEPT
    return S.PARTLY if hired else S.NOT_KEPT


def is_too_early(order: TrainingOrder, outcome: S) -> bool:
    """Whether people may still be taken on, so that the promise cannot be called unkept yet."""
    return outcome is not S.KEPT and order.start_until >= clock.today()


def note_trouble(
    session: Session, *, employer_id: int | None = None, opening_id: int | None = None
) -> int:
    """Tell the people of a course that who signed for it cannot hire now; return how many orders.

    The promise stands until staff have spoken with the employer: it is first on their list.
    """
    query = select(TrainingOrder).where(TrainingOrder.state == S.SIGNED)
    if employer_id is not None:
        query = query.where(TrainingOrder.employer_id == employer_id)
    if opening_id is not None:
        query = query.where(TrainingOrder.opening_id == opening_id)
    orders = session.exec(query.order_by(col(TrainingOrder.id))).all()
    for order in orders:
        words = _(
            "「%(course)s」：%(employer)s说好要 %(n)d 个人，现在招不了人。社区正在问，问到告诉您。",
            n=order.people,
            **_names(session, order),
        )
        key = f"order:{order.id}:{clock.today().isoformat()}"
        _tell_course(session, order, words, key)
    return len(orders)


def get_order(session: Session, actor: Actor, order_id: int) -> TrainingOrder:
    """Return a promise the actor may answer for; another's is 404."""
    order = session.get(TrainingOrder, order_id)
    if order is None or not (
        policy.can_manage(actor) or policy.can_sign(actor, employer_id=order.employer_id)
    ):
        raise NotFound
    return order


def _end(session: Session, order: TrainingOrder, target: S, **values: object) -> None:
    done = session.exec(
        update(TrainingOrder)
        .where(col(TrainingOrder.id) == order.id, col(TrainingOrder.state) == S.SIGNED)
        .values(state=target, **values)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("这一条已经了结了。"))
    session.refresh(order)


def _check_places(session: Session, opening: Opening, people: int) -> None:
    given = session.exec(
        select(func.coalesce(func.sum(col(TrainingOrder.people)), 0)).where(
            TrainingOrder.opening_id == opening.id, TrainingOrder.state == S.SIGNED
        )
    ).one()
    left = opening.places_left - int(given)
    if people > left:
        words = _("这个岗位还能说给 %(n)d 个人（别的课说好的已经算在里面）", n=max(left, 0))
        raise BadField("people", words)


def _check_window(session: Session, course: Course, terms: OrderTerms) -> None:
    if terms.start_from < clock.today():
        raise BadField("start_from", _("这一天已经过了"))
    if terms.start_until < terms.start_from:
        raise BadField("start_until", _("要在前面那天以后"))
    if terms.start_until > clock.today() + timedelta(days=LONGEST_DAYS):
        raise BadField("start_until", _("太远了，最多说到一年以后"))
    ends = session.exec(
        select(func.min(CourseRun.ends_at)).where(
            CourseRun.course_id == course.id,
            col(CourseRun.state).in_(PUBLIC_RUNS),
            col(CourseRun.ends_at) > clock.now(),
        )
    ).one()
    if ends is not None and terms.start_until < clock.local(ends).date():
        raise BadField("start_until", _("课要到 %(day)s 才上完", day=clock.local(ends).date()))


def _check_words(name: str, words: str) -> None:
    blocked = next((one for one in lint.check([words]) if one.blocks), None)
    if blocked is not None:
        raise BadField(name, f"{blocked.says}：“{blocked.sentence}”")


def _names(session: Session, order: TrainingOrder) -> dict[str, str]:
    course = session.get_one(Course, order.course_id)
    return {
        "course": session.get_one(Opening, course.opening_id).title,
        "employer": session.get_one(Employer, order.employer_id).name,
    }


def _tell_course(session: Session, order: TrainingOrder, words: str, key: str) -> None:
    concerned = session.exec(
        select(Enrolment)
        .where(
            Enrolment.course_id == order.course_id,
            col(Enrolment.state).in_(LIVE | {EnrolmentState.PASSED}),
        )
        .order_by(col(Enrolment.id))
    ).all()
    for enrolment in concerned:
        tell(session, enrolment, NewsKind.ORDER, words, key=key)
