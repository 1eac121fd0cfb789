"""Did the money arrive: what households said when they were called back."""

from collections import Counter

from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.oversight.figures import Figure, Period, Share, Sum, Topic, Unit, Values
from webapp.payment_checks.lifecycle import Answer, CheckState
from webapp.payment_checks.models import PaymentCheck, PaymentCheckLine


def measure(session: Session, period: Period) -> Values:
    """Count the answers of the checks that were closed in a month, in two queries."""
    closed = (
        col(PaymentCheck.state) == CheckState.DONE,
        col(PaymentCheck.closed_at) >= period.start,
        col(PaymentCheck.closed_at) < period.end,
    )
    settled = session.execute(
        select(func.coalesce(func.sum(col(PaymentCheck.settled)), 0)).where(*closed)
    ).scalar_one()
    rows = session.execute(
        select(col(PaymentCheckLine.answer), func.count())
        .join(PaymentCheck, col(PaymentCheck.id) == PaymentCheckLine.check_id)
        .where(col(PaymentCheckLine.selected), *closed)
        .group_by(col(PaymentCheckLine.answer))
    )
    said: Counter[Answer | None] = Counter({row[0]: row[1] for row in rows})
    sample = sum(said.values())
    not_reached = said[None] + said[Answer.NOT_REACHED]
    return {
        "check_settled": int(settled),
        "check_sample": sample,
        "check_reached": sample - not_reached,
        "check_not_reached": not_reached,
        "check_full": said[Answer.FULL],
        "check_late": said[Answer.LATE],
        "check_less": said[Answer.LESS],
        "check_not": said[Answer.NOT],
        "check_arrived": said[Answer.FULL] + said[Answer.LATE],
    }


_SOURCE = "工钱回访：抽中的一笔一笔打电话问，打电话的不是付钱的、验收的，也不是那家的人"


def _flow(id_: str, name: str, meaning: str, keep: int = 1) -> Figure:
    return Figure(id_, name, meaning, Unit.PAYMENTS, source=_SOURCE, flow=True, keep=keep)


TOPIC = Topic(
    "pay",
    "手工钱到没到",
    measure,
    (
        _flow("check_settled", "结了几笔", "这个月问完了的回访，抽的是多少笔工钱。", 7),
        _flow(
            "check_sample",
            "抽了几笔",
            "从里面抽出来打电话问的。名单先定、抽签在后，谁都能核对。",
            7,
        ),
        _flow("check_reached", "问到了几笔", "抽到的里面，家里人说了到没到的。", 6),
        _flow("check_not_reached", "没联系上的", "抽到的里面，一直没有联系上的。不算收到。", 2),
        _flow("check_arrived", "钱都到了的", "问到的里面，说钱全到了的，来得晚的也算。", 6),
        _flow("check_full", "按时全到的", "问到的里面，说收到了、数目对的。", 2),
        _flow("check_late", "到了、来得晚的", "问到的里面，说全收到了，可是来得晚的。"),
        _flow("check_less", "到了、少了的", "问到的里面，说收到的比单子上少的。每一笔都有人去查。"),
        _flow("check_not", "没有到的", "问到的里面，说没有收到的。每一笔都有人去查。"),
    ),
    (
        Share(
            "share_reached",
            "问到了的占",
            "check_reached",
            "check_sample",
            "问到了几笔 ÷ 抽了几笔。",
        ),
        Share(
            "share_arrived",
            "问到的里面，钱都到了的",
            "check_arrived",
            "check_reached",
            "钱都到了的 ÷ 问到了几笔。",
        ),
        Share(
            "share_surely_arrived",
            "抽到的里面，钱都到了的",
            "check_arrived",
            "check_sample",
            "钱都到了的 ÷ 抽了几笔；没联系上的都当没收到。",
        ),
    ),
    (
        Sum("check_sample", ("check_reached", "check_not_reached")),
        Sum("check_reached", ("check_arrived", "check_less", "check_not")),
        Sum("check_arrived", ("check_full", "check_late")),
    ),
    measure,
)
