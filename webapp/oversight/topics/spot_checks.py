"""What members of other branches found when they looked at a random part of what was done."""

from sqlmodel import Session

from webapp.oversight.figures import Figure, Period, Share, Sum, Topic, Unit, Values
from webapp.spot_checks.lifecycle import Finding
from webapp.spot_checks.queries.results import found_between


def measure(session: Session, period: Period) -> Values:
    """Count what was found in a month, in one query."""
    found = found_between(session, period.start, period.end)
    return {
        "spot_checks": sum(found.values()),
        **{f"spot_checks_{one.value}": found[one] for one in Finding},
    }


_SOURCE = "抽查：每季度从录用和办结的民情里抽，抽哪些由公开的开奖定，别的支部的人来看"


def _flow(id_: str, name: str, meaning: str, keep: int = 1) -> Figure:
    return Figure(id_, name, meaning, Unit.MATTERS, source=_SOURCE, flow=True, keep=keep)


TOPIC = Topic(
    "spot_checks",
    "抽查办得对不对",
    measure,
    (
        _flow("spot_checks", "这个月看完的", "抽到的录用和民情里，别的支部的人这个月看完的。", 7),
        _flow("spot_checks_as_it_should", "办得对的", "看完的里面，看的人说办得对的。", 6),
        _flow("spot_checks_partly", "有的地方不到位的", "看完的里面，有的步骤没做到的。"),
        _flow("spot_checks_not", "没有办到位的", "看完的里面，没有办到位的；支部要写怎么改。", 2),
        _flow("spot_checks_unclear", "看不出来的", "看完的里面，凭能看到的判断不了的。"),
    ),
    (
        Share(
            "share_spot_checks",
            "办得对的占",
            "spot_checks_as_it_should",
            "spot_checks",
            "办得对的 ÷ 这个月看完的。",
        ),
    ),
    (Sum("spot_checks", tuple(f"spot_checks_{one.value}" for one in Finding)),),
    measure,
)
