"""Standing services of the branches: the visits that were due in a month, made or not."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.oversight.figures import Figure, Period, Share, Sum, Topic, Unit, Values
from webapp.standing_services.lifecycle import VisitOutcome
from webapp.standing_services.models import StandingVisit


def measure(session: Session, period: Period) -> Values:
    """Count the visits of a month by what came of them, in one query."""
    made = col(StandingVisit.outcome) == VisitOutcome.VISITED
    missed = col(StandingVisit.outcome) == VisitOutcome.MISSED
    row = session.execute(
        select(
            func.count().filter(made).label("made"),
            func.count().filter(missed).label("missed"),
            func.count(col(StandingVisit.service_id).distinct()).filter(made).label("people"),
        ).where(col(StandingVisit.due_on).between(period.first, period.until))
    ).one()
    return {
        "visits": row.made + row.missed,
        "visits_made": row.made,
        "visits_missed": row.missed,
        "visited_people": row.people,
    }


_SOURCE = "结对帮扶、居家养老、康复训练、健康跟踪的上门记录"


def _flow(id_: str, name: str, meaning: str, unit: Unit = Unit.TIMES, keep: int = 1) -> Figure:
    return Figure(id_, name, meaning, unit, source=_SOURCE, flow=True, keep=keep)


TOPIC = Topic(
    "visits",
    "常年上门的服务",
    measure,
    (
        _flow(
            "visits", "该去的", "日子在这个月、已经有结果的上门。改天再去的，等去了再算。", keep=7
        ),
        _flow("visits_made", "去了的", "该去的里面，去到了的。", keep=6),
        _flow(
            "visits_missed",
            "没去成的",
            "该去的里面，那一轮过了也没有人去的；当时就告诉了后备的人。",
        ),
        _flow(
            "visited_people",
            "上门看了的人",
            "这个月有人去看过的人，去了几次也只算一个。",
            Unit.PEOPLE,
            3,
        ),
    ),
    (Share("share_visits", "去了的占", "visits_made", "visits", "去了的 ÷ 该去的。"),),
    (Sum("visits", ("visits_made", "visits_missed")),),
    measure,
)
