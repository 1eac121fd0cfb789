"""Tickets: answered in time, solved and satisfied by those who were asked, and what drags on."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from webapp.oversight.figures import Figure, Period, Share, Sum, Topic, Unit, Values
from webapp.tickets.queries import figures


def measure(session: Session, period: Period) -> Values:
    """Return the month's figures with what is late at this moment."""
    late = sum(figures.overdue_now(session).values())
    return {**recount(session, period), "tickets_overdue": late}


def recount(session: Session, period: Period) -> Values:
    """Return the month's figures of all branches together."""
    found = figures.total(figures.month(session, period.start, period.end))
    return {
        "tickets_received": found.received,
        "tickets_due": found.due,
        "tickets_on_time": found.on_time,
        "tickets_late": found.due - found.on_time,
        "tickets_eligible": found.eligible,
        "tickets_reached": found.reached,
        "tickets_not_reached": found.eligible - found.reached,
        "tickets_satisfied": found.satisfied,
        "tickets_other": found.reached - found.satisfied,
        "tickets_no_contact": found.no_contact,
        "tickets_reopened": found.reopened,
        "tickets_extended": found.extended,
        "tickets_out_of_scope": found.out_of_scope,
        "tickets_replied": len(found.minutes),
        "tickets_median": found.median_minutes,
        "tickets_p90": found.p90_minutes,
    }


_SOURCE = "民情登记，每一步都有时间，改不了"
_CALLED = "答复以后的回访"


@dataclass(frozen=True)
class _Flow:
    """What all counts of this topic share."""

    source: str = _SOURCE

    def __call__(self, id_: str, name: str, meaning: str, keep: int = 1, **more: Any) -> Figure:
        return Figure(
            f"tickets_{id_}", name, meaning, Unit.MATTERS, self.source, flow=True, keep=keep, **more
        )


_filed, _asked = _Flow(), _Flow(_CALLED)


def _time(id_: str, name: str, meaning: str) -> Figure:
    return Figure(
        f"tickets_{id_}",
        name,
        meaning,
        Unit.MINUTES,
        _SOURCE,
        left_out="这个月答复的不满 5 件，就不写",
        rests_on="tickets_replied",
    )


TOPIC = Topic(
    "tickets",
    "民情，办得及时不及时",
    measure,
    (
        _filed("received", "收到的", "这个月收到的民情，道谢的也算。", 7),
        _filed(
            "due",
            "该答复的",
            "第一次答复的期限在这个月的民情。",
            7,
            left_out="道谢的、并到另一件的、停着等本人回话的",
        ),
        _filed("on_time", "按时答复的", "该答复的里面，期限以前第一次答复了的。", 6),
        _filed("late", "没有按时答复的", "该答复的里面，过了期限才答复、或者还没答复的。", 2),
        _asked(
            "eligible",
            "该回访的",
            "这个月答复了、本人留了联系办法的，答复一次算一件。",
            6,
            left_out="还没到回访日子的",
        ),
        _asked("reached", "回访到了的", "该回访的里面，听到本人怎么说的。", 6),
        _asked("not_reached", "没有回访到的", "该回访的里面，没有联系上本人、或者没有人打电话的。"),
        _asked("satisfied", "解决了、满意的", "回访到了的里面，本人说解决了、也满意的。", 5),
        _asked("other", "没有都说好的", "回访到了的里面，没有解决、只解决一部分，或者不满意的。"),
        _filed("no_contact", "没法回访的", "这个月答复了，可是本人没有留联系办法的。"),
        _filed("reopened", "重新办的", "这个月重新办的次数，本人要的和没解决自己打开的都算。"),
        _filed("extended", "延期的", "这个月延了期的，一件只能延一次，理由写明。"),
        _filed("out_of_scope", "不归社区管的", "这个月写明不归社区管、告诉了去哪里办的。"),
        _filed("replied", "第一次答复的", "这个月第一次答复的民情。", 3),
        _time("median", "一半的民情多久答复", "这个月第一次答复的里面，一半不超过这么久。"),
        _time("p90", "九成的民情多久答复", "这个月第一次答复的里面，九成不超过这么久。"),
        Figure(
            "tickets_overdue",
            "过期没办完的",
            "数的那天，过了期限还没办完的民情。",
            Unit.MATTERS,
            _SOURCE,
            keep=3,
        ),
    ),
    (
        Share(
            "share_tickets_on_time",
            "按时答复的占",
            "tickets_on_time",
            "tickets_due",
            "按时答复的 ÷ 该答复的。",
        ),
        Share(
            "share_tickets_satisfied",
            "解决了、满意的占",
            "tickets_satisfied",
            "tickets_reached",
            "解决了、满意的 ÷ 回访到了的。要和“回访到了的占”一起看。",
        ),
        Share(
            "share_tickets_reached",
            "回访到了的占",
            "tickets_reached",
            "tickets_eligible",
            "回访到了的 ÷ 该回访的。",
        ),
    ),
    (
        Sum("tickets_due", ("tickets_on_time", "tickets_late")),
        Sum("tickets_eligible", ("tickets_reached", "tickets_not_reached")),
        Sum("tickets_reached", ("tickets_satisfied", "tickets_other")),
    ),
    recount,
)
