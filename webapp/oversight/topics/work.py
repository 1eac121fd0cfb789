"""Who of those able to work has work: the 80% figure with everything it is made of."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.employment.lifecycle import NOT_ABLE
from webapp.figures.models import EmploymentMonth
from webapp.figures.queries.employment import BANDS, employment
from webapp.oversight.figures import Cover, Figure, Part, Period, Share, Sum, Topic, Values

_SOURCE = "居民档案和就业情况记录，看过凭据的才算"
EXCLUDED = ("too_young", "too_old", *(kind.value for kind in NOT_ABLE))
_WAYS = ("by_job", "by_business", "by_piecework")
_BAND_IDS = tuple(f"piecework_band_{number}" for number in range(len(BANDS)))


def measure(session: Session, period: Period) -> Values:
    """Return the figure at the end of a month, or of today; a frozen one as it was frozen."""
    frozen = session.execute(
        select(EmploymentMonth).where(col(EmploymentMonth.month) == period.first)
    ).scalar_one_or_none()
    return recount(session, period) if frozen is None else _values(frozen.model_dump())


def recount(session: Session, period: Period) -> Values:
    """Return the figure from what is on record now of the month's last day, or of today."""
    return _values(asdict(employment(session, on=period.until)))


def _values(found: dict[str, Any]) -> Values:
    bands = found["piecework_bands"] or [None] * len(_BAND_IDS)
    values = {one.id: found.get(one.id) for one in TOPIC.figures}
    values |= dict(zip(_BAND_IDS, bands, strict=True))
    values["without_work"] = found["able"] - found["working"]
    return values


def _figure(id_: str, name: str, meaning: str, *, left_out: str = "", keep: int = 1) -> Figure:
    return Figure(id_, name, meaning, source=_SOURCE, left_out=left_out, keep=keep)


_BANDS = ("不到 100 元", "100 到 500 元", "500 到 1,000 元", "1,000 元以上")
_REASONS = {
    "too_young": "没到干活的年龄",
    "too_old": "过了退休年龄",
    "retired": "已经退休",
    "studying": "在上学",
    "unable": "身体原因干不了",
    "away": "长期在外地",
}
TOPIC = Topic(
    "work",
    "能干活的人，多少有活干",
    measure,
    (
        _figure(
            "working",
            "有活干的",
            "月底那天，有看过凭据的工作、有在做的生意，或者最近 60 天有验收合格的手工活的人。"
            "一个人有几样也只算一个。",
            left_out="只有本人口头说的、正在学手艺的，不算在里面",
            keep=9,
        ),
        _figure(
            "able",
            "能干活的",
            "月底那天登记着的居民，去掉没到年龄、过了退休年龄和看过凭据的退休、上学、"
            "身体原因、长期在外地的。年龄不知道的也算能干活。",
            keep=9,
        ),
        _figure("without_work", "还没有活干的", "能干活的人里，不在“有活干的”里面的。", keep=5),
        _figure("by_job", "有工作的", "能干活的人里，有看过凭据的工作的。", keep=4),
        _figure(
            "by_business",
            "有摊位、生意的",
            "能干活的人里，有看过凭据的摊位、铺子或者生意的。",
            keep=4,
        ),
        _figure(
            "by_piecework",
            "做手工有收入的",
            "能干活的人里，最近 60 天名字写在验收合格的手工活上的。",
            keep=4,
        ),
        *(
            _figure(id_, f"手工分到{words}", f"做手工有收入的人里，60 天里分到{words}工钱的。")
            for id_, words in zip(_BAND_IDS, _BANDS, strict=True)
        ),
        _figure(
            "said_working",
            "只是本人说有活干的",
            "能干活、没有看过凭据的工作，可是本人说有活干的。放在旁边，不算进“有活干的”。",
        ),
        _figure(
            "in_training", "正在学手艺的", "能干活的人里，正在上课的。放在旁边，不算进“有活干的”。"
        ),
        *(
            _figure(
                id_,
                f"没算进来：{words}",
                f"登记着、因为“{words}”没有算进“能干活的”的人，一个人只算第一条理由。",
            )
            for id_, words in _REASONS.items()
        ),
        _figure(
            "recorded",
            "记了就业情况的",
            "登记着、档案里至少有一段就业情况的人。没记的按没有活干算。",
            keep=6,
        ),
        _figure("registered", "登记的居民", "月底那天登记着的居民，搬走、注销的不算。", keep=8),
    ),
    (
        Share(
            "share_working",
            "有活干的占能干活的",
            "working",
            "able",
            "社区的目标是 80%：有活干的 ÷ 能干活的。",
            "没有算进“能干活的”的人，每条理由有多少人，在下面列着",
        ),
        Share(
            "share_recorded",
            "记了就业情况的占登记的",
            "recorded",
            "registered",
            "记了就业情况的 ÷ 登记的居民。",
        ),
    ),
    (
        Sum("registered", ("able", *EXCLUDED)),
        Sum("able", ("working", "without_work")),
        Part("registered", "recorded"),
        *(Part("working", way) for way in _WAYS),
        Cover("working", _WAYS),
        Sum("by_piecework", _BAND_IDS),
        Part("without_work", "said_working"),
        Part("able", "in_training"),
    ),
    recount,
)
