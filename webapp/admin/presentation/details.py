"""Chinese labels for details of audit entries and for outcomes of scheduled jobs."""

from collections.abc import Mapping
from functools import cache
from string import digits
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from webapp.branches.lifecycle import Ending
from webapp.complaints.lifecycle import ComplaintOutcome
from webapp.core.labels import LabelledEnum, labels_of
from webapp.guides import licence_steps
from webapp.imports.models import ImportKind
from webapp.imports.readers.fields import FIELDS
from webapp.matches.lifecycle import MatchState
from webapp.matches.reason_codes import RemarkVerdict
from webapp.openings import pay_check
from webapp.openings.models import ExceptionAnswer
from webapp.payment_checks.lifecycle import Answer as PaymentAnswer
from webapp.payment_checks.lifecycle import Resolution
from webapp.piecework.models.money import PaymentMethod
from webapp.residents.forms.registration import REASONS
from webapp.residents.models import ConsentChannel
from webapp.residents.sections import SECTIONS
from webapp.rights import policies
from webapp.rights.lifecycle import CounterCode
from webapp.rights.lifecycle import Verdict as PolicyVerdict
from webapp.rulebook import figures
from webapp.rulebook import presentation as rule_words
from webapp.rulebook.models import WordingCode
from webapp.spot_checks.lifecycle import Finding
from webapp.tickets.long_case_lifecycle import StepKind
from webapp.ventures.lifecycle import Allocation

# Labels of the detail keys.
KEYS = {
    "about": _("关于"),
    "openings": _("做成的机会"),
    "resident": _("登记的居民"),
    "accepted": _("合格"),
    "finding": _("看下来"),
    "accept": _("算一户"),
    "account": _("账号"),
    "after": _("之后"),
    "amount": _("多少"),
    "answer": _("怎么答的"),
    "assisted": _("社区代办"),
    "attempts": _("试了几次"),
    "audience": _("给谁"),
    "before": _("之前"),
    "by": _("谁说的"),
    "by_phone": _("打电话念的"),
    "by_staff": _("社区说的"),
    "cause": _("缘由"),
    "channel": _("怎么说的"),
    "charge": _("扣多少"),
    "check_again": _("要重新核实"),
    "code": _("原因"),
    "count": _("几条"),
    "counter": _("哪个窗口"),
    "digest": _("文件指纹"),
    "done": _("办好了"),
    "ending": _("去哪里"),
    "employer": _("单位"),
    "evidence": _("凭据"),
    "enabled": _("打开"),
    "entries": _("名单上几个"),
    "fen": _("多少钱"),
    "fact": _("哪一条"),
    "field": _("哪一项"),
    "fields": _("哪几项"),
    "flags": _("查出的话"),
    "ground": _("依据"),
    "hidden": _("遮住了电话"),
    "households": _("几户"),
    "imported": _("进来几行"),
    "kept": _("留下的编号"),
    "kind": _("哪一种"),
    "known": _("早有这家"),
    "lines": _("几笔"),
    "looked": _("看了几件"),
    "lost": _("少了"),
    "lot": _("哪批料"),
    "member": _("哪位成员的账号"),
    "members": _("几个人做"),
    "line": _("哪一笔"),
    "method": _("怎么分"),
    "payment": _("怎么付"),
    "mode": _("怎么做"),
    "month": _("哪个月"),
    "marks": _("点名"),
    "n": _("几个"),
    "taps": _("手机上点的"),
    "name": _("哪个数目"),
    "new": _("新的一件"),
    "on": _("打开"),
    "placed": _("排到几个人"),
    "on_behalf": _("社区代办"),
    "order": _("订单"),
    "outcome": _("怎么办的"),
    "over": _("超出定量"),
    "people": _("请了几位"),
    "pieces": _("几件"),
    "places": _("几个位置"),
    "policy": _("哪项政策"),
    "purpose": _("用途"),
    "reached": _("联系上了"),
    "reason": _("原因"),
    "refused": _("没进来几行"),
    "rejected": _("不合格"),
    "repaid": _("还了"),
    "repeated": _("重复几行"),
    "replacement": _("补料"),
    "request": _("哪次申请"),
    "residents": _("看了几位居民"),
    "resolution": _("查下来"),
    "responsible": _("责任人账号"),
    "rework": _("返工"),
    "role": _("哪种账号"),
    "row": _("第几行"),
    "rows": _("几行"),
    "skipped": _("不当内容几行"),
    "spell": _("哪一段"),
    "section": _("哪一页"),
    "sensitive": _("带保密信息"),
    "since": _("从哪天起"),
    "step": _("哪一步"),
    "undone": _("撤回几行"),
    "until": _("到哪天"),
    "value": _("多少"),
    "verdict": _("结论"),
    "version": _("版本"),
    "wanted": _("要提醒"),
    "was": _("原来"),
    "wage": _("哪笔工资"),
    "way": _("怎么联系的"),
    "with_photo": _("有照片"),
    "word": _("哪个词"),
    "yes": _("答应了"),
}
_FIELDS = {
    "id_number": _("身份证号"),
    "disability": _("残疾证情况"),
    "allowance": _("低保情况"),
}
# Columns of a resident's file, where a spreadsheet's column is not called the same.
_COLUMNS = {
    "add": _("加一条"),
    "remove": _("删一条"),
    "birth_date": _("出生日期"),
    "contact_note": _("怎么联系"),
    "household_id": _("住哪一户"),
    "kinds": _("想要哪一种"),
    "min_pay_fen": _("最低工资"),
}
_MONEY = {"charge", "fen", "repaid"}
# Labels of values by key; values of ``_ENUM_KEYS`` are looked up among the labels of all enums.
_VALUES: dict[str, dict[str, Any]] = {
    "section": {key: section.title for key, section in SECTIONS.items()},
    "reason": {choice.value: choice.label for choice in REASONS},
    "field": _FIELDS,
    "fields": {
        **{
            one.key: one.label
            for kind in (ImportKind.VACANCIES, ImportKind.RESIDENTS)
            for one in FIELDS[kind].values()
        },
        **_COLUMNS,
        **_FIELDS,
    },
    "flags": {**labels_of(WordingCode), pay_check.CODE: _("工钱低于最低工资")},
    "code": labels_of(WordingCode),
    "name": rule_words.NAMES,
    "outcome": {
        **labels_of(ComplaintOutcome),
        **labels_of(ExceptionAnswer),
        **labels_of(RemarkVerdict),
    },
    "verdict": {
        "better": _("更准，换上"),
        "not_better": _("没有更准"),
        "unfair": _("对有的人不公平"),
        "too_few": _("决定太少"),
        "failed": _("没学成"),
        "hidden": _("遮掉"),
        "kept": _("留着"),
        **labels_of(PolicyVerdict),
    },
    "answer": labels_of(PaymentAnswer),
    "finding": labels_of(Finding),
    "ending": labels_of(Ending),
    "counter": labels_of(CounterCode),
    "method": labels_of(Allocation),
    "payment": labels_of(PaymentMethod),
    "policy": {one.code: one.name for one in policies.shipped()},
    "resolution": labels_of(Resolution),
    "step": {
        **{one.key: one.title for one in licence_steps.all_steps()},
        **labels_of(StepKind),
    },
    "channel": labels_of(ConsentChannel),
    "kind": {"vacancies": _("招聘"), "residents": _("居民")},
    "version": {"prior": _("出厂排序")},
}
_MATCH_STATES = labels_of(MatchState)
# Several enums share values; under these keys the state of a match is meant.
_STATES = {"before", "after"}
_ENUM_KEYS = {
    *(
        "about",
        "audience",
        "by",
        "cause",
        "channel",
        "code",
        "evidence",
        "kind",
        "mode",
        "outcome",
        "purpose",
    ),
    *("reason", "role", "verdict", "was", "way"),
}

# What the scheduled jobs report, with the number they begin with.
_OUTCOMES: dict[str, Any] = {
    "done": _("做完了"),
    "expired": _("%(n)s 个下架"),
    "taken back": _("%(n)s 个退回重审"),
    "timed out": _("%(n)s 条到期"),
    "silences noted": _("%(n)s 家没回话"),
    "lapsed": _("%(n)s 家过期"),
    "forgotten": _("%(n)s 家删去联系人"),
    "told": _("%(n)s 户告诉了"),
    "ended": _("%(n)s 件有了结果"),
    "pictures deleted": _("删掉 %(n)s 张没用处的照片"),
    "files deleted": _("删掉 %(n)s 份表格"),
    "of no import": _("另删 %(n)s 个没主的文件"),
    "opened": _("%(n)s 期开始报名"),
    "begun": _("%(n)s 期开课"),
    "services resumed": _("%(n)s 项上门服务接着去"),
    "visits missed": _("%(n)s 次上门没去成"),
    "rows backed up": _("备份了 %(n)s 行"),
    "matters noticed": _("新看到 %(n)s 件不对的"),
    "matters over": _("%(n)s 件好了"),
    "backups told": _("告诉了 %(n)s 位替补"),
    "secretaries told": _("告诉了 %(n)s 次书记"),
    "seats passed on": _("%(n)s 个座位问下一位"),
    "reminders": _("提醒了 %(n)s 次"),
    "invitations over": _("%(n)s 份邀请过了时候"),
    "places passed on": _("%(n)s 个摊位问下一位"),
    "milestones noted": _("记下 %(n)s 个摊位还在不在做"),
    "searches with something new": _("%(n)s 种要告诉"),
    "settlements to ask about": _("%(n)s 笔工钱要回访"),
    "tickets moved on": _("%(n)s 件民情往上催了、接着办了"),
    "to look at this quarter": _("这个季度抽查 %(n)s 件"),
    "given to somebody": _("%(n)s 件请了人看"),
    "checks closed": _("%(n)s 个月的回访结束"),
    "ways to learn": _("算出 %(n)s 条学了就能做的路"),
    "keys deleted": _("删掉 %(n)s 个表单号"),
    "old records deleted": _("删掉 %(n)s 份过了年限的凭据"),
    "called off": _("%(n)s 次试岗没说定"),
    "texts deleted": _("删掉 %(n)s 段文字"),
    "month kept": _("这个月的定下了"),
    "kept already": _("早已定下"),
    "months frozen": _("%(n)s 个月的公开数字定下了"),
    "figures counted": _("数了 %(n)s 个数字"),
    "shares settled": _("%(n)s 份结算"),
    "purged": _("清理了"),
    "suggestions": _("%(n)s 条推荐"),
    "suggestions picked": _("排进 %(n)s 条推荐"),
    "pairs": _("%(n)s 对"),
    "in work elsewhere": _("别处正在学"),
    "failed": _("没做成，详情在运行日志里"),
}


#: Keys whose number is the id of a row of this table.
IDS = {
    "account": "account",
    "employer": "employer",
    "member": "account",
    "order": "piecework_order",
    "resident": "resident",
    "responsible": "account",
}
Names = Mapping[tuple[str, int], str]


def ids_in(details: dict[str, Any]) -> set[tuple[str, int]]:
    """Return (table, id) of the rows that an entry's details name."""
    return {
        (IDS[key], value)
        for key, value in details.items()
        if key in IDS and isinstance(value, int) and not isinstance(value, bool)
    }


def detail_words(details: dict[str, Any], names: Names | None = None) -> str:
    """Return an entry's details as 「用途：…；单位：某某」; what is empty is left out.

    ``names`` holds what rows are called, by table and id.
    """
    parts = []
    for key, value in details.items():
        if value is None or value is False or value in ("", []):
            continue
        name = KEYS.get(key, key)
        if value is True:
            parts.append(str(name))
            continue
        values = value if isinstance(value, list) else [value]
        words = "、".join(
            (names or {}).get((IDS.get(key, ""), one)) or _value_words(key, one, details)
            for one in values
        )
        parts.append(gettext("%(name)s：%(words)s", name=name, words=words))
    return "；".join(parts)


def _value_words(key: str, value: Any, details: dict[str, Any]) -> str:
    if isinstance(value, int):
        return _number_words(key, value, details)
    value = str(value)
    if key in _STATES and value in _MATCH_STATES:
        return str(_MATCH_STATES[value])
    words = _VALUES.get(key, {}).get(value)
    if words is None and key in _ENUM_KEYS:
        words = _labels_of_all().get(value)
    return str(words or value)


def _number_words(key: str, value: int, details: dict[str, Any]) -> str:
    if key in _MONEY:
        return rule_words.value_words(value, "fen")
    units = {row.name: row.unit for row in figures.shipped()}
    if key == "value" and details.get("name") in units:
        return rule_words.value_words(value, units[details["name"]])
    return str(value)


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
