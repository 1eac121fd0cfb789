"""Who finished a course, and whether employers kept what they had promised before it."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.oversight.figures import Figure, Period, Share, Sum, Topic, Unit, Values
from webapp.training.lifecycle import EnrolmentState, OrderState
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.orders import TrainingOrder
from webapp.training.queries.orders import kept_counts

_OVER = (OrderState.KEPT, OrderState.PARTLY, OrderState.NOT_KEPT)


def measure(session: Session, period: Period) -> Values:
    """Count certificates and the promises settled in a month, in four queries."""
    passed = session.execute(
        select(func.count()).where(
            col(Enrolment.state) == EnrolmentState.PASSED,
            col(Enrolment.since) >= period.start,
            col(Enrolment.since) < period.end,
        )
    ).scalar_one()
    orders = list(
        session.scalars(
            select(TrainingOrder).where(
                col(TrainingOrder.state).in_(_OVER),
                col(TrainingOrder.settled_at) >= period.start,
                col(TrainingOrder.settled_at) < period.end,
            )
        )
    )
    counts = kept_counts(session, orders).values()
    learned, hired = sum(one for one, _ in counts), sum(one for _, one in counts)
    return {
        "passed": passed,
        "orders": len(orders),
        **{f"orders_{how.value}": sum(one.state is how for one in orders) for how in _OVER},
        "order_passed": learned,
        "order_hired": hired,
        "order_waiting": learned - hired,
    }


_ORDERS = "单位开班前签的招人约定，结的时候按结业和上岗记录数"


def _flow(id_: str, name: str, meaning: str, unit: Unit = Unit.TIMES, keep: int = 1) -> Figure:
    return Figure(id_, name, meaning, unit, source=_ORDERS, flow=True, keep=keep)


TOPIC = Topic(
    "courses",
    "学手艺，说好的招人",
    measure,
    (
        Figure(
            "passed",
            "结业的",
            "这个月考核通过、拿到结业证的，一个人过了两门算两次。",
            Unit.TIMES,
            source="培训班的考核结果",
            flow=True,
            keep=6,
        ),
        _flow(
            "orders",
            "到期结了的招人约定",
            "这个月结的约定：单位说过，学完就招多少人。收回的不算。",
            keep=6,
        ),
        _flow("orders_kept", "全做到的约定", "到期结了的约定里，说好的人数全招了的。", keep=6),
        _flow("orders_partly", "做到一部分的约定", "到期结了的约定里，招了一部分人的。"),
        _flow("orders_not_kept", "没做到的约定", "到期结了的约定里，一个人也没招的。"),
        _flow(
            "order_passed",
            "约定的班结业的人",
            "到期结了的约定里，约定以后学完的人。",
            Unit.PEOPLE,
            5,
        ),
        _flow(
            "order_hired",
            "照约定招了的人",
            "到期结了的约定里，学完以后在那家上岗的人。",
            Unit.PEOPLE,
            5,
        ),
        _flow(
            "order_waiting",
            "学完还没招的人",
            "到期结了的约定里，学完了没有在那家上岗的人，不分是谁的缘故。",
            Unit.PEOPLE,
        ),
    ),
    (
        Share(
            "share_orders",
            "全做到的约定占",
            "orders_kept",
            "orders",
            "全做到的约定 ÷ 到期结了的约定。",
            "单位收回的约定",
        ),
        Share(
            "share_order_hired",
            "学完就招了的占",
            "order_hired",
            "order_passed",
            "照约定招了的人 ÷ 约定的班结业的人。",
        ),
    ),
    (
        Sum("orders", tuple(f"orders_{how.value}" for how in _OVER)),
        Sum("order_passed", ("order_hired", "order_waiting")),
    ),
    measure,
)
