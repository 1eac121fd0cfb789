"""Openings, hires, who is still there after 30 and 90 days, trial days."""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.vocabulary import Kind
from webapp.matches.lifecycle import HAD_WORK, MatchAction
from webapp.matches.models import Match, MatchEvent
from webapp.openings.models import Opening
from webapp.oversight.figures import Figure, Period, Share, Sum, Topic, Unit, Values
from webapp.trials.lifecycle import Outcome, TrialState
from webapp.trials.models import TrialDay

_KINDS = {
    Kind.VACANCY: "招聘",
    Kind.PIECEWORK: "手工活",
    Kind.COURSE: "培训",
    Kind.VENTURE: "摊位、创业",
}
_FOLLOW_UPS = ((30, MatchAction.FOLLOW_UP_30), (90, MatchAction.FOLLOW_UP_90))


def measure(session: Session, period: Period) -> Values:
    """Count what was published, who began, who stayed and who tried, in five queries."""
    return {
        **_openings(session, period),
        **_hires(session, period),
        **{
            name: number
            for days, _action in _FOLLOW_UPS
            for name, number in _stayed(session, period, days).items()
        },
        **_trials(session, period),
    }


def _openings(session: Session, period: Period) -> Values:
    rows = session.execute(
        select(col(Opening.kind), func.count())
        .where(col(Opening.published_at) >= period.start, col(Opening.published_at) < period.end)
        .group_by(col(Opening.kind))
    )
    found = {row[0]: row[1] for row in rows}
    return {
        "openings": sum(found.values()),
        **{f"openings_{kind.value}": found.get(kind, 0) for kind in Kind},
    }


def _hires(session: Session, period: Period) -> Values:
    began = col(Match.start_date).between(period.first, period.last)
    number = session.execute(
        select(func.count(col(Match.resident_id).distinct())).where(
            began, col(Match.state).in_(HAD_WORK)
        )
    ).scalar_one()
    return {"hired": number}


def _stayed(session: Session, period: Period, days: int) -> Values:
    """Count the hires whose day ``days`` at work fell into the month.

    Somebody was still there if a call of that day or a later one says so, or if they left later
    than that; nobody counts as still there because nobody asked.
    """
    after = timedelta(days=days)
    asked = [one.value for least, one in _FOLLOW_UPS if least >= days] + [MatchAction.RETAIN.value]
    of_match = col(MatchEvent.match_id) == col(Match.id)
    rows = session.execute(
        select(
            col(Match.start_date),
            exists().where(of_match, col(MatchEvent.action).in_(asked)).label("heard"),
            select(func.max(col(MatchEvent.at)))
            .where(of_match, col(MatchEvent.action) == MatchAction.LEAVE.value)
            .scalar_subquery()
            .label("left_at"),
        ).where(
            col(Match.state).in_(HAD_WORK),
            col(Match.start_date).between(period.first - after, period.until - after),
        )
    ).all()
    there = sum(
        one.heard
        or (one.left_at is not None and clock.local(one.left_at).date() >= one.start_date + after)
        for one in rows
    )
    unknown = sum(not one.heard and one.left_at is None for one in rows)
    return {
        f"day_{days}_due": len(rows),
        f"day_{days}_there": there,
        f"day_{days}_left": len(rows) - there - unknown,
        f"day_{days}_unknown": unknown,
    }


def _trials(session: Session, period: Period) -> Values:
    held = and_(
        col(TrialDay.state).in_((TrialState.AGREED, TrialState.DISPUTED, TrialState.SETTLED)),
        col(TrialDay.first_day).between(period.first, period.last),
    )
    outcome = func.coalesce(col(TrialDay.outcome), "")
    row = session.execute(
        select(
            func.count().label("all"),
            func.count().filter(outcome == Outcome.CAME_TO_JOB.value).label("jobs"),
            func.count().filter(outcome == Outcome.NOT_HELD.value).label("not_held"),
            func.count().filter(outcome == "").label("open"),
        ).where(held)
    ).one()
    return {
        "trials": row.all,
        "trials_job": row.jobs,
        "trials_not_held": row.not_held,
        "trials_open": row.open,
        "trials_other": row.all - row.jobs - row.not_held - row.open,
    }


def _flow(id_: str, name: str, meaning: str, unit: Unit = Unit.PEOPLE, **more: Any) -> Figure:
    return Figure(id_, name, meaning, unit, flow=True, **more)


_PUBLISHED = "社区审过、公布出来的机会"
_HIRED = "推荐记录，录用时填的上岗那天"
_ASKED = "上岗以后的回访"
_TRIED = "试岗协议和试完以后两边写的结果"


def _retention(days: int) -> tuple[Figure, ...]:
    return (
        _flow(
            f"day_{days}_due",
            f"到了第 {days} 天的",
            f"这个月里，上岗满 {days} 天的那一天到了的录用，已经不在岗的也算。",
            Unit.TIMES,
            source=_HIRED,
            left_out="记错撤销了的录用",
            keep=6,
        ),
        _flow(
            f"day_{days}_there",
            f"第 {days} 天还在岗的",
            f"到了第 {days} 天的里面，回访说还在岗的，或者过了那天才走的。",
            Unit.TIMES,
            source=_ASKED,
            left_out="还没问到的不算还在岗",
            keep=6,
        ),
        _flow(
            f"day_{days}_left",
            f"没到 {days} 天就走的",
            f"到了第 {days} 天的里面，没干满就离岗的。不分是谁的缘故。",
            Unit.TIMES,
            source=_ASKED,
        ),
        _flow(
            f"day_{days}_unknown",
            f"第 {days} 天还没问到的",
            f"到了第 {days} 天的里面，还没有回访到的。",
            Unit.TIMES,
            source=_ASKED,
        ),
    )


TOPIC = Topic(
    "jobs",
    "机会、上岗、留下来",
    measure,
    (
        _flow(
            "openings",
            "新公布的机会",
            "这个月公布的机会，四种都算。",
            Unit.OPENINGS,
            source=_PUBLISHED,
            left_out="草稿和没有通过的",
            keep=7,
        ),
        *(
            _flow(
                f"openings_{kind.value}",
                f"其中{words}",
                f"这个月公布的{words}。",
                Unit.OPENINGS,
                source=_PUBLISHED,
                keep=3,
            )
            for kind, words in _KINDS.items()
        ),
        _flow(
            "hired",
            "经社区上岗的人",
            "这个月经社区推荐上岗的人，一个人上了两处也只算一个。",
            source=_HIRED,
            left_out="自己找到的、记错撤销了的",
            keep=8,
        ),
        *_retention(30),
        *_retention(90),
        _flow(
            "trials",
            "说定了的试岗",
            "试岗第一天在这个月、两边都同意了的试岗。",
            Unit.TIMES,
            source=_TRIED,
            left_out="没有说定的、事先取消的",
            keep=6,
        ),
        _flow(
            "trials_job",
            "试完留下来的",
            "说定了的试岗里，试完上班了的。",
            Unit.TIMES,
            source=_TRIED,
            keep=6,
        ),
        _flow(
            "trials_other",
            "试完没有留的",
            "说定了的试岗里，试完没有留下来的，不分是谁的缘故。",
            Unit.TIMES,
            source=_TRIED,
        ),
        _flow(
            "trials_not_held",
            "没有去成的",
            "说定了的试岗里，最后没有去成的，不分是谁的缘故。",
            Unit.TIMES,
            source=_TRIED,
        ),
        _flow(
            "trials_open",
            "结果还没写的",
            "说定了的试岗里，结果还没有写、或者两边说的不一样还没问清的。",
            Unit.TIMES,
            source=_TRIED,
        ),
    ),
    (
        Share(
            "share_day_30",
            "满 30 天还在岗的",
            "day_30_there",
            "day_30_due",
            "第 30 天还在岗的 ÷ 到了第 30 天的。",
            "没问到的按不在岗算",
        ),
        Share(
            "share_day_90",
            "满 90 天还在岗的",
            "day_90_there",
            "day_90_due",
            "第 90 天还在岗的 ÷ 到了第 90 天的。",
            "没问到的按不在岗算",
        ),
        Share(
            "share_trials", "试岗留下来的", "trials_job", "trials", "试完留下来的 ÷ 说定了的试岗。"
        ),
    ),
    (
        Sum("openings", tuple(f"openings_{kind.value}" for kind in Kind)),
        *(
            Sum(
                f"day_{days}_due",
                tuple(f"day_{days}_{how}" for how in ("there", "left", "unknown")),
            )
            for days, _action in _FOLLOW_UPS
        ),
        Sum("trials", ("trials_job", "trials_other", "trials_not_held", "trials_open")),
    ),
    measure,
)
