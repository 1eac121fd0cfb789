"""The Chinese words for every value of every enum, and the template filters that use them.

One table, long because it is whole: who words a new value finds all the words beside it.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _
from wtforms.fields import SelectChoice

from webapp import formatting
from webapp.access import Role
from webapp.caseload.models import ContactWay, FilteredList
from webapp.duplicates.models import DuplicateKind, PairState
from webapp.employers.lifecycle import (
    ComplaintKind,
    ComplaintOutcome,
    ComplaintState,
    EmployerState,
)
from webapp.learning.lifecycle import VersionState
from webapp.matches.lifecycle import MatchAction, MatchOrigin, MatchState
from webapp.matches.reasons import (
    Channel,
    DeclineReason,
    DismissReason,
    FollowUpBasis,
    FollowUpSource,
    LeaveReason,
    RefuseReason,
)
from webapp.messages.models import ReportReason, Side
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import OpeningSource
from webapp.outbox import Audience
from webapp.piecework.lifecycle import AssignmentHold, AssignmentState, OrderHold, OrderState
from webapp.piecework.models import Acceptance, MaterialUnit, Mode
from webapp.piecework.models_ledger import PassbookKind
from webapp.piecework.models_money import (
    CompanyPaymentState,
    CompensationCause,
    PaymentMethod,
    TrancheState,
)
from webapp.piecework.models_work import DisputeAbout
from webapp.residents.models import ConsentPurpose, ResidentState
from webapp.rulebook.models import Severity, WordingCode
from webapp.vocabulary import Demand, Education, Hours, Kind, PayUnit, Reach, Sex

WORDS: dict[type[StrEnum], dict[str, Any]] = {
    Role: {
        "resident": _("居民"),
        "employer": _("用人单位"),
        "staff": _("社区工作人员"),
        "admin": _("管理员"),
    },
    Kind: {
        "vacancy": _("招聘岗位"),
        "piecework": _("手工活"),
        "course": _("学手艺"),
        "venture": _("摆摊创业"),
    },
    ContactWay: {"phone": _("打电话"), "visit": _("上门"), "office": _("来社区")},
    FilteredList: {"queue": _("推荐待确认"), "residents": _("居民名单")},
    DuplicateKind: {"opening": _("机会"), "resident": _("居民")},
    PairState: {"open": _("待定"), "apart": _("不是同一个"), "merged": _("已合并")},
    Education: {
        "none": _("没上过学"),
        "primary": _("小学"),
        "junior_high": _("初中"),
        "senior_high": _("高中"),
        "vocational": _("中专、技校、职高"),
        "college": _("大专"),
        "bachelor": _("本科及以上"),
    },
    Reach: {
        "home": _("只能在家做"),
        "estate": _("小区里面"),
        "street": _("华岩镇一带"),
        "district": _("九龙坡区内"),
        "city": _("重庆市内"),
        "anywhere": _("外地也行"),
    },
    Demand: {
        "standing": _("长时间站"),
        "walking": _("走很多路"),
        "lifting": _("搬重东西"),
        "stairs": _("爬楼梯"),
        "outdoors": _("日晒雨淋"),
        "heights": _("登高"),
        "night": _("上夜班"),
        "fine_hand": _("手指灵活"),
        "two_hands": _("双手都要用"),
        "eyesight": _("眼力好"),
        "hearing": _("听力好"),
        "speech": _("开口说话"),
        "reading": _("认字读写"),
        "smartphone": _("用智能手机"),
        "customer_contact": _("跟顾客打交道"),
    },
    PayUnit: {"month": _("月"), "day": _("天"), "hour": _("小时"), "piece": _("件")},
    Hours: {
        "daytime": _("不上夜班"),
        "own_time": _("时间自己安排"),
        "weekdays": _("周末不上班"),
    },
    Sex: {"female": _("女"), "male": _("男")},
    Side: {"resident": _("居民"), "employer": _("单位"), "staff": _("社区")},
    ReportReason: {
        "money": _("要钱、要押金"),
        "papers": _("要身份证、银行卡"),
        "rude": _("骂人、欺负人"),
        "false": _("说的不是真的"),
        "other": _("别的"),
    },
    Audience: {"staff": _("社区工作群"), "people": _("居民和单位（经短信、公众号网关）")},
    ResidentState: {
        "seeking": _("正在找活路"),
        "paused": _("暂时不找"),
        "employed": _("已有工作"),
        "left": _("已搬走"),
    },
    ConsentPurpose: {
        "service": _("使用就业服务"),
        "sensitive": _("记录残疾、低保、身份证信息"),
        "employer": _("把我的情况给用人单位看"),
        "assisted": _("由社区代办"),
    },
    EmployerState: {
        "pending": _("等社区核实"),
        "verified": _("已核实"),
        "lapsed": _("核实过期"),
        "suspended": _("已暂停"),
        "refused": _("核实没通过"),
        "closed": _("已注销"),
    },
    ComplaintKind: {
        "fee": _("收钱、收押金"),
        "id_retention": _("扣证件"),
        "false_offer": _("说的和做的不一样"),
        "unpaid": _("拖欠工钱"),
        "discrimination": _("挑人不公道"),
        "treatment": _("待人不好、不安全"),
        "other": _("别的事"),
    },
    ComplaintState: {"open": _("还在办"), "handled": _("办完了")},
    ComplaintOutcome: {
        "upheld": _("属实，已处理"),
        "settled": _("双方说好了"),
        "unfounded": _("查了，不属实"),
        "referred": _("转给劳动监察等部门"),
    },
    OpeningState: {
        "draft": _("草稿"),
        "submitted": _("等社区审核"),
        "returned": _("退回修改"),
        "published": _("正在招"),
        "paused": _("暂停，等单位再核实"),
        "expired": _("已过期"),
        "closed": _("已结束"),
    },
    WordingCode: {
        "deposit": _("押金、保证金"),
        "fee": _("向求职的人收费"),
        "id_retention": _("扣证件"),
        "sex": _("挑性别"),
        "marriage": _("挑婚姻生育"),
        "ethnicity": _("挑民族"),
        "disability": _("把残疾人关在门外"),
        "looks": _("挑长相身高"),
        "disease": _("挑有没有病"),
        "hukou": _("挑户口"),
        "age": _("有年龄门槛"),
        "bait": _("夸大收入"),
    },
    Severity: {"block": _("不准发布"), "flag": _("审核的人写明理由才能发布")},
    OpeningSource: {"employer": _("单位提交"), "staff": _("社区录入"), "import": _("表格导入")},
    MatchOrigin: {
        "model": _("系统建议"),
        "staff": _("社区推荐"),
        "resident": _("本人报名"),
        "employer": _("单位邀请"),
    },
    MatchState: {
        "suggested": _("待确认"),
        "confirmed": _("已确认，待通知"),
        "dismissed": _("不合适"),
        "offered": _("已推荐，等回话"),
        "interested": _("有意愿"),
        "declined": _("选了别的"),
        "no_reply": _("还没回话"),
        "shared": _("已同意给单位看"),
        "applied": _("已报名"),
        "seen": _("单位已看"),
        "interview": _("约了面试"),
        "job_offer": _("单位想要"),
        "hired": _("已上岗"),
        "day_30": _("上岗满30天"),
        "day_90": _("上岗满90天"),
        "retained": _("稳定就业"),
        "left": _("已离岗"),
        "refused": _("单位没要"),
        "withdrawn": _("本人撤回"),
        "hired_elsewhere": _("已在别处上岗"),
        "opening_closed": _("机会已结束"),
    },
    MatchAction: {
        "apply": _("报名交给单位"),
        "ask_oneself": _("本人想要这个机会"),
        "chase": _("催单位回话"),
        "close_opening": _("机会结束"),
        "confirm": _("确认合适"),
        "decline": _("本人选了别的"),
        "dismiss": _("放在一边"),
        "employer_asks": _("单位想请这个人"),
        "follow_up_30": _("满30天回访，还在岗"),
        "follow_up_90": _("满90天回访，还在岗"),
        "hear_employer": _("单位说还在岗"),
        "hear_resident": _("本人说还在岗"),
        "hire": _("录用上岗"),
        "hire_elsewhere": _("在别处上岗，先放下"),
        "invite_interview": _("约面试"),
        "leave": _("离岗"),
        "offer": _("推荐给居民"),
        "offer_job": _("单位想要"),
        "postpone": _("以后再看"),
        "refuse": _("单位没要"),
        "restore": _("接着办"),
        "retain": _("满半年回访，还在岗"),
        "say_interested": _("本人愿意"),
        "say_why": _("本人说了为什么"),
        "see": _("单位看过"),
        "share": _("本人同意给单位看"),
        "suggest_again": _("再推荐一次"),
        "suggest_own": _("社区自己推荐"),
        "tell_silent": _("告诉本人：雇主未回复"),
        "time_out": _("到期没有回话"),
        "undo_hire": _("记错了，撤销录用"),
        "withdraw": _("撤回"),
    },
    Channel: {"网页": _("手机页面"), "电话": _("电话"), "当面": _("当面")},
    VersionState: {
        "requested": _("等着学"),
        "candidate": _("学好了，没有用"),
        "current": _("正在用"),
        "retired": _("用过，换下了"),
        "refused": _("没有学成"),
    },
    DismissReason: {
        "too_far": _("太远"),
        "hours": _("时间不合"),
        "too_hard": _("身体吃不消"),
        "pay": _("工钱不合"),
        "known_unfit": _("情况有变，不合适"),
        "other": _("别的原因"),
    },
    DeclineReason: {
        "too_far": _("太远了"),
        "hours": _("时间不合适"),
        "pay": _("工钱不合适"),
        "health": _("身体不方便"),
        "family": _("家里走不开"),
        "other": _("别的原因"),
    },
    RefuseReason: {
        "filled": _("已经招满"),
        "experience": _("经验不太对"),
        "hours": _("时间对不上"),
        "not_reached": _("联系不上"),
        "other": _("别的原因"),
    },
    Mode: {
        "supplied": _("来料加工"),
        "own_material": _("订单（自备料）"),
        "company_family": _("公司+家庭"),
    },
    Acceptance: {"each": _("一件件验"), "sample": _("抽样验"), "company": _("单位到社区来验")},
    MaterialUnit: {
        "piece": _("个"),
        "gram": _("克"),
        "centimetre": _("厘米"),
        "millilitre": _("毫升"),
    },
    OrderState: {
        "draft": _("草稿"),
        "safety_review": _("等安全检查"),
        "sample_sealed": _("已封样"),
        "published": _("可以领活"),
        "material_in": _("材料到了"),
        "in_production": _("正在做"),
        "part_delivered": _("交了一部分"),
        "company_accepted": _("单位已验收"),
        "paid": _("钱已付清"),
        "closed": _("已结清"),
        "cancelled": _("已取消"),
    },
    OrderHold: {
        "paused": _("暂停"),
        "requirement_changed": _("单位要改要求"),
        "disputed": _("有争议"),
    },
    AssignmentState: {
        "claimed": _("已领活，等试做"),
        "trial_passed": _("试做过了，等领料"),
        "issued": _("已领料"),
        "working": _("正在做"),
        "submitted": _("交了货，等验收"),
        "inspected": _("验过了"),
        "accepted": _("验收合格，等结算"),
        "rework": _("要返工"),
        "rejected_final": _("没有合格"),
        "settled": _("已结算"),
        "closed": _("已结清"),
        "withdrawn": _("已退回"),
    },
    AssignmentHold: {"material_short": _("缺材料"), "disputed": _("有争议")},
    DisputeAbout: {
        "count": _("件数不对"),
        "quality": _("质量说法不一样"),
        "pay": _("工钱不对"),
        "material": _("材料不对"),
        "other": _("别的事"),
    },
    TrancheState: {
        "offered": _("等单位验收"),
        "taken": _("单位收下，等提货"),
        "refused": _("单位没收"),
        "released": _("已提货"),
    },
    CompanyPaymentState: {
        "declared": _("单位说付了，等核对"),
        "received": _("已收到"),
        "not_found": _("没有查到"),
    },
    CompensationCause: {"change": _("改了要求"), "cancel": _("取消了订单")},
    PaymentMethod: {"bank": _("银行卡"), "cash": _("现金"), "wechat": _("微信")},
    PassbookKind: {
        "claim": _("领活"),
        "change": _("改件数"),
        "trial": _("试做"),
        "issue": _("领料"),
        "return": _("退料"),
        "spoil": _("损坏丢失"),
        "submit": _("交货"),
        "inspect": _("验收"),
        "finding": _("损耗认定"),
        "waive": _("免收"),
        "advance": _("预支"),
        "compensate": _("补偿"),
        "settle": _("结算"),
        "pay_out": _("付钱"),
        "withdraw": _("退回"),
        "correct": _("更正"),
    },
    LeaveReason: {
        "contract_ended": _("合同到期"),
        "resigned": _("自己辞的"),
        "dismissed": _("单位辞的"),
        "family": _("家里有事"),
        "other": _("别的原因"),
    },
    FollowUpSource: {"resident": _("本人"), "employer": _("单位")},
    FollowUpBasis: {
        "both": _("本人和单位都这样说"),
        "resident_only": _("只问到本人"),
        "employer_only": _("只问到单位"),
    },
}


def label(value: StrEnum | None) -> str:
    """Return the Chinese for an enum member; nothing for nothing."""
    return "" if value is None else str(WORDS[type(value)][value.value])


def choices(kind: type[StrEnum], *, empty: Any = None) -> list[SelectChoice]:
    """Return a form field's choices, with a first empty one if worded."""
    pairs = list(WORDS[kind].items())
    return as_choices([("", empty), *pairs] if empty is not None else pairs)


def as_choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Return (value, words) pairs as WTForms wants them."""
    return [SelectChoice(value, words) for value, words in pairs]


def register(app: Flask) -> None:
    """Give templates the words and the formats."""
    app.jinja_env.filters.update(
        label=label,
        date=formatting.date_words,
        moment=formatting.moment_words,
        yuan=formatting.yuan,
        phone=formatting.mask_phone,
    )
