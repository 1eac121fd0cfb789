"""The model that makes suggestions: whether it beats first come, first served, and for whom."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.engine.models import ModelVersion, VersionState
from webapp.learning.queries.comparison import compare
from webapp.learning.services.switching import PRIOR
from webapp.oversight.figures import Figure, Gap, Period, Sum, Topic, Unit, Values

#: Attributes, their groups and the measures, as the gate of new versions compares them.
GROUPS = {
    "sex": {"female": "女", "male": "男"},
    "household": {"working": "家里有人上班的", "without_work": "家里没有人上班的"},
    "access": {"own": "自己用手机的", "assisted": "社区代办的"},
}
MEASURES = {"exposure": "排在前面的机会", "selection": "轮得到名额的人"}


def _fair(attribute: str, measure: str, group: str) -> str:
    return f"fair_{measure}_{attribute}_{group}"


def measure(session: Session, _period: Period) -> Values:
    """Return what is known of the version in use now."""
    current = session.execute(
        select(ModelVersion).where(col(ModelVersion.state) == VersionState.CURRENT)
    ).scalar_one_or_none()
    own = current is not None and current.name != PRIOR
    values: dict[str, int | None] = {"model_version": current.id if own and current else 0}
    values |= dict.fromkeys(one.id for one in TOPIC.figures if one.unit is Unit.PERMILLE)
    for row in current.fairness.get("figures", []) if current else []:
        id_ = _fair(row["attribute"], row["measure"], row["group"])
        if id_ in values and row["value"] is not None:  # groups of fewer than 5 have none
            values[id_] = _permille(row["value"])
    every = compare(session)
    if every:
        one = every[0]
        values |= {
            "decisions": one.decisions,
            "decisions_fit": one.confirmed,
            "decisions_aside": one.decisions - one.confirmed,
        }
        if one.is_told:
            values |= {
                "right_model": _permille(one.model),
                "right_first": _permille(one.first),
                "right_chance": _permille(one.chance),
            }
    else:
        values |= {"decisions": 0, "decisions_fit": 0, "decisions_aside": 0}
    return values


def _permille(share: Any) -> int:
    return round(1000 * float(share))


_DECIDED = "最近半年工作人员看过建议以后定的合适、不合适"
_LATEST = "现在用的排序，学成的时候在没学过的居民身上看的"


def _score(id_: str, name: str, meaning: str, source: str) -> Figure:
    return Figure(
        id_,
        name,
        meaning,
        Unit.PERMILLE,
        source=source,
        left_out="不满 5 个机会、不满 5 个人的组，不写",
    )


TOPIC = Topic(
    "suggestions",
    "系统的建议，准不准、偏不偏",
    measure,
    (
        Figure(
            "model_version",
            "用的是哪一版排序",
            "0 是程序自带的出厂排序，别的是第几次学习。",
            Unit.NUMBER,
            source="推荐模型的版本记录",
        ),
        Figure(
            "decisions",
            "定过的建议",
            "最近半年工作人员定过合适、不合适的建议。",
            Unit.TIMES,
            source=_DECIDED,
            keep=4,
        ),
        Figure(
            "decisions_fit",
            "定了合适的",
            "定过的建议里，定了合适的。",
            Unit.TIMES,
            source=_DECIDED,
            keep=2,
        ),
        Figure(
            "decisions_aside",
            "放在一边的",
            "定过的建议里，没有接着办的，不分是谁的缘故。",
            Unit.TIMES,
            source=_DECIDED,
        ),
        _score(
            "right_model",
            "照系统排的，挑得对",
            "每个机会，工作人员定了几个合适，就照系统排的挑几个人：挑对的占几成，各个机会平均。",
            _DECIDED,
        ),
        _score(
            "right_first",
            "先来先得，挑得对",
            "一样多的人，换成谁先登记就先挑谁：挑对的占几成，各个机会平均。",
            _DECIDED,
        ),
        _score(
            "right_chance",
            "抓阄，挑得对",
            "一样多的人，换成抓阄：挑对的占几成，各个机会平均。",
            _DECIDED,
        ),
        *(
            _score(
                _fair(attribute, measure_, group),
                f"{words}：{what}",
                f"{words}（{what}），每一组人的平均；几组差得太多的排序不会用。",
                _LATEST,
            )
            for attribute, groups in GROUPS.items()
            for measure_, words in MEASURES.items()
            for group, what in groups.items()
        ),
    ),
    (
        Gap(
            "gain_first",
            "比先来先得多挑对",
            "right_model",
            "right_first",
            "照系统排的挑对的，减先来先得挑对的，差几个百分点。",
        ),
    ),
    (Sum("decisions", ("decisions_fit", "decisions_aside")),),
)
