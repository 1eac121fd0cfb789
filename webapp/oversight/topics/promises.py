"""What the branches promised for a month, and what became of it: all branches together."""

from sqlmodel import Session

from webapp.branches.queries.promises import promises_kept
from webapp.oversight.figures import Figure, Period, Share, Sum, Topic, Unit, Values

_ENDS = ("in_time", "late", "missed", "cancelled", "open")


def measure(session: Session, period: Period) -> Values:
    """Count the promises due in a month, in one query."""
    of_month = [one for one in promises_kept(session) if one.month == f"{period.first:%Y-%m}"]
    kept = sum(one.kept for one in of_month)
    late = sum(one.late for one in of_month)
    ends = {
        "promises_in_time": kept - late,
        "promises_late": late,
        "promises_missed": sum(one.missed for one in of_month),
        "promises_cancelled": sum(one.cancelled for one in of_month),
        "promises_open": sum(one.open for one in of_month),
    }
    return {"promises": sum(ends.values()), **ends}


_SOURCE = "各支部记下的承诺，每一件有责任人、日子和凭据"


def _flow(id_: str, name: str, meaning: str, keep: int = 1) -> Figure:
    return Figure(id_, name, meaning, Unit.MATTERS, source=_SOURCE, flow=True, keep=keep)


TOPIC = Topic(
    "promises",
    "支部答应的事，做到没有",
    measure,
    (
        _flow("promises", "说好这个月做到的", "四个支部说好、日子在这个月的承诺。", 7),
        _flow(
            "promises_in_time", "按时做到的", "说好这个月做到的里面，到日子以前做到、有凭据的。", 6
        ),
        _flow("promises_late", "晚了才做到的", "说好这个月做到的里面，过了日子才做到的。"),
        _flow("promises_missed", "没做到的", "说好这个月做到的里面，写明了没做到的。", 2),
        _flow("promises_cancelled", "不办了的", "说好这个月做到的里面，后来写明不办了的。"),
        _flow("promises_open", "还没有结果的", "说好这个月做到的里面，还没有写结果的。"),
    ),
    (
        Share(
            "share_promises",
            "按时做到的占",
            "promises_in_time",
            "promises",
            "按时做到的 ÷ 说好这个月做到的。",
        ),
    ),
    (Sum("promises", tuple(f"promises_{how}" for how in _ENDS)),),
    measure,
)
