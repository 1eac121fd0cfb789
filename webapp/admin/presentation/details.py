"""Chinese labels for details of audit entries and for outcomes of scheduled jobs."""

from functools import cache
from string import digits
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from webapp.core.labels import LabelledEnum, labels_of
from webapp.matches.lifecycle import MatchState
from webapp.residents.forms.registration import REASONS
from webapp.residents.models import ConsentChannel
from webapp.residents.sections import SECTIONS

# Labels of the detail keys.
KEYS = {
    "about": _("关于"),
    "accepted": _("合格"),
    "account": _("账号"),
    "after": _("之后"),
    "amount": _("多少"),
    "assisted": _("社区代办"),
    "audience": _("给谁"),
    "before": _("之前"),
    "by_phone": _("打电话念的"),
    "cause": _("缘由"),
    "channel": _("怎么说的"),
    "charge": _("扣的分"),
    "check_again": _("要重新核实"),
    "code": _("原因"),
    "count": _("几条"),
    "digest": _("文件指纹"),
    "employer": _("单位"),
    "enabled": _("打开"),
    "fen": _("多少分钱"),
    "field": _("哪一项"),
    "fields": _("哪几项"),
    "flags": _("查出的话"),
    "hidden": _("遮住了电话"),
    "households": _("几户"),
    "kept": _("留下的编号"),
    "kind": _("哪一种"),
    "known": _("早有这家"),
    "lines": _("几笔"),
    "looked": _("看了几件"),
    "lost": _("少了"),
    "lot": _("哪批料"),
    "members": _("几个人做"),
    "mode": _("怎么做"),
    "n": _("几个"),
    "name": _("哪个数目"),
    "on": _("打开"),
    "on_behalf": _("社区代办"),
    "order": _("订单"),
    "outcome": _("怎么办的"),
    "over": _("超出定量"),
    "pieces": _("几件"),
    "purpose": _("用途"),
    "reached": _("找到了本人"),
    "reason": _("原因"),
    "rejected": _("不合格"),
    "repaid": _("还了"),
    "replacement": _("补料"),
    "responsible": _("责任人账号"),
    "rework": _("返工"),
    "role": _("哪种账号"),
    "rows": _("几行"),
    "section": _("哪一页"),
    "since": _("从哪天起"),
    "until": _("到哪天"),
    "value": _("多少"),
    "verdict": _("结论"),
    "version": _("版本"),
    "wanted": _("要提醒"),
    "was": _("原来"),
    "way": _("怎么联系的"),
}
_FIELDS = {
    "id_number": _("身份证号"),
    "disability": _("残疾证情况"),
    "allowance": _("低保情况"),
}
# Labels of values by key; values of ``_ENUM_KEYS`` are looked up among the labels of all enums.
_VALUES: dict[str, dict[str, Any]] = {
    "section": {key: section.title for key, section in SECTIONS.items()},
    "reason": {choice.value: choice.label for choice in REASONS},
    "field": _FIELDS,
    "fields": _FIELDS,
    "verdict": {
        "better": _("更准，换上"),
        "not_better": _("没有更准"),
        "unfair": _("对有的人不公平"),
        "too_few": _("决定太少"),
        "failed": _("没学成"),
    },
    "channel": labels_of(ConsentChannel),
    "version": {"prior": _("出厂排序")},
}
_MATCH_STATES = labels_of(MatchState)
# Several enums share values; under these keys the state of a match is meant.
_STATES = {"before", "after"}
_ENUM_KEYS = {
    *("about", "audience", "cause", "channel", "code", "kind", "mode", "outcome", "purpose"),
    *("reason", "role", "verdict", "was", "way"),
}

# What the scheduled jobs report, with the number they begin with.
_OUTCOMES: dict[str, Any] = {
    "done": _("做完了"),
    "expired": _("%(n)s 个下架"),
    "timed out": _("%(n)s 条到期"),
    "silences noted": _("%(n)s 家没回话"),
    "lapsed": _("%(n)s 家过期"),
    "forgotten": _("%(n)s 家删去联系人"),
    "month kept": _("这个月的定下了"),
    "kept already": _("早已定下"),
    "shares settled": _("%(n)s 份结算"),
    "purged": _("清理了"),
    "suggestions": _("%(n)s 条推荐"),
    "pairs": _("%(n)s 对"),
    "in work elsewhere": _("别处正在学"),
    "failed": _("没做成，详情在运行日志里"),
}


def detail_words(details: dict[str, Any]) -> str:
    """Return an entry's details as 「用途：…；单位：3」; what is empty is left out."""
    parts = []
    for key, value in details.items():
        if value is None or value is False or value in ("", []):
            continue
        name = KEYS.get(key, key)
        if value is True:
            parts.append(str(name))
            continue
        values = value if isinstance(value, list) else [value]
        words = "、".join(_value_words(key, str(one)) for one in values)
        parts.append(gettext("%(name)s：%(words)s", name=name, words=words))
    return "；".join(parts)


def _value_words(key: str, value: str) -> str:
    if key in _STATES and value in _MATCH_STATES:
        return str(_MATCH_STATES[value])
    words = _VALUES.get(key, {}).get(value)
    if words is None and key in _ENUM_KEYS:
        words = _labels_of_all().get(value)
    return str(words or value)


@cache
def _labels_of_all() -> dict[str, str]:
    # Built at the first use, when the enums of all parts are loaded.
    return {member.value: member.label for kind in LabelledEnum.__subclasses__() for member in kind}


def outcome_words(outcome: str | None) -> str:
    """Return what a job reports, as 「3 个下架」; several numbers are joined."""
    return "，".join(_outcome_part(part) for part in (outcome or "").split(", ") if part)


def _outcome_part(part: str) -> str:
    words = part.lstrip(digits).strip()
    number = part.removesuffix(words).strip()
    known = _OUTCOMES.get(words) or _VALUES["verdict"].get(words)
    return str(known) % {"n": number} if known else part
