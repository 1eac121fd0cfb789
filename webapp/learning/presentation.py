"""What a model's figures say, in plain words."""

from typing import Any

from flask_babel import gettext as _

from webapp.engine.models import ModelVersion, VersionState
from webapp.learning.services.switching import PRIOR

_TONES = {
    VersionState.CURRENT: "good",
    VersionState.CANDIDATE: "neutral",
    VersionState.RETIRED: "neutral",
    VersionState.REQUESTED: "wait",
    VersionState.REFUSED: "warn",
}


def name(version: ModelVersion | None) -> str:
    """Return what a version is called."""
    if version is None or version.name == PRIOR:
        return _("出厂排序")
    return version.name or _("第 %(n)d 次学习", n=version.id)


def tone(version: ModelVersion) -> str:
    """Return the tone of the version's state."""
    return _TONES[version.state]


def percent(share: float) -> str:
    """Return a share as a percentage without decimals."""
    return f"{share * 100:.0f}%"


def points(interval: list[float] | None) -> str:
    """Return a mean with its interval as points of a hundred: 「71（64–78）」."""
    if not interval:
        return ""
    mean, low, high = (f"{value * 100:.0f}" for value in interval)
    return _("%(mean)s（%(low)s–%(high)s）", mean=mean, low=low, high=high)


def gain(interval: list[float] | None) -> str:
    """Return a difference with its interval in points: 「+7（+2–+12）」."""
    if not interval:
        return ""
    mean, low, high = (f"{value * 100:+.0f}" for value in interval)
    return _("%(mean)s（%(low)s 到 %(high)s）", mean=mean, low=low, high=high)


def verdict(version: ModelVersion) -> str:
    """Return why a version is in use or not, as one sentence."""
    report = version.report
    reason = report.get("reason")
    if version.name == PRIOR:
        return _("程序自带，不用学就能排。")
    if version.state is VersionState.REQUESTED:
        return _("正在学，一两分钟就好。")
    if reason == "better":
        return _(
            "在留着没学的 %(n)d 位居民身上比当时用的好 %(gain)s 分，不像是碰巧。",
            n=report["n"],
            gain=f"{report['gain'][0] * 100:.0f}",
        )
    if reason == "not_better" and report["gain"][2] < 0:
        return _("在留着没学的 %(n)d 位居民身上，还不如当时用的，系统没有自己换上。", n=report["n"])
    if reason == "not_better":
        return _(
            "在留着没学的 %(n)d 位居民身上，看不出比当时用的好，系统没有自己换上。", n=report["n"]
        )
    if reason == "unfair":
        return _("排得准一些，可是对有的人不公平，系统没有换上。")
    if reason == "too_few":
        return _too_few(report)
    return _("学的时候出了错，没有学成。详情在运行日志里。")


def _too_few(report: dict[str, Any]) -> str:
    if report["learned"] < report["least_decisions"]:
        return _(
            "决定太少：要 %(need)d 条，现在 %(have)d 条。接着用现在的版本。",
            need=report["least_decisions"],
            have=report["learned"],
        )
    if report["fewest"] < report["least_of_each"]:
        return _(
            "“合适”和“不合适”各要 %(need)d 条，少的一种现在 %(have)d 条。接着用现在的版本。",
            need=report["least_of_each"],
            have=report["fewest"],
        )
    return _(
        "留着做比较的居民太少：要 %(need)d 位，现在 %(have)d 位。接着用现在的版本。",
        need=report["least_tasks"],
        have=report["n"],
    )


# Attributes and groups of webapp.learning.queries.decisions, and the library's measures.
_ATTRIBUTES = {
    "sex": "性别",
    "household": "家里有没有人上班",
    "access": "谁在用手机",
}
_GROUPS = {
    "female": "女",
    "male": "男",
    "working": "有人上班",
    "without_work": "没有人上班",
    "own": "本人用",
    "assisted": "社区代办",
}
_MEASURES = {
    "exposure": "排在前面的机会",
    "selection": "轮得到名额的人",
    "ndcg@10": "排得准不准",
    "told_apart": "分得清合不合适",
}


def file_fault(code: str) -> str:
    """Return why the file of the version in use cannot serve."""
    faults = {
        "unreadable": _("文件找不到，或者打不开"),
        "damaged": _("文件坏了，读不出来"),
        "changed": _("文件被改过，跟学好的时候不一样"),
        "format": _("是旧版程序存的格式，现在的程序不认，要重新学一次"),
        "versions": _("学的时候用的软件版本跟现在的不一样，要重新学一次"),
        "foreign": _("文件里有不该有的东西"),
    }
    return faults[code]


def breach(row: dict[str, Any]) -> str:
    """Return a broken bound in words, its groups named as on this page."""
    return _(
        "按“%(by)s”看，“%(what)s”最低的是“%(lowest)s”，只有“%(highest)s”的%(share)s，不像是碰巧",
        by=_ATTRIBUTES.get(row["attribute"], row["attribute"]),
        what=_MEASURES.get(row["measure"], row["measure"]),
        lowest=_GROUPS.get(row["lowest"], row["lowest"]),
        highest=_GROUPS.get(row["highest"], row["highest"]),
        share=percent(row["ratio"]),
    )


def fairness_rows(version: ModelVersion) -> list[tuple[str, str, str, str, str]]:
    """Return (what, by what, groups with figures, lowest of highest, verdict) a comparison."""
    figures = version.fairness.get("figures", [])
    rows = []
    for one in version.fairness.get("comparisons", []):
        groups = [
            f"{_GROUPS.get(row['group'], row['group'])} {row['value']:.2f}"
            for row in figures
            if (row["attribute"], row["measure"]) == (one["attribute"], one["measure"])
            and row["value"] is not None
        ]
        broken = any(
            (row["attribute"], row["measure"]) == (one["attribute"], one["measure"])
            for row in version.report.get("breaches", [])
        )
        rows.append(
            (
                _MEASURES.get(one["measure"], one["measure"]),
                _ATTRIBUTES.get(one["attribute"], one["attribute"]),
                "，".join(groups),
                percent(one["ratio"]) if one["ratio"] is not None else "",
                _("差得太多") if broken else _("在范围内"),
            )
        )
    return rows
