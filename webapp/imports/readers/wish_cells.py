"""Read the cells on what somebody wants, can and cannot do, and on what they live on."""

import re
import unicodedata

from flask_babel import gettext as _

from webapp.core.spreadsheets.rows import Value
from webapp.core.vocabulary import ALWAYS, Demand, PayUnit, Reach
from webapp.engine import extraction
from webapp.imports.readers import cells
from webapp.imports.readers.cells import Reading, Unreadable, line, not_understood
from webapp.imports.readers.hours import read_hours

_NO = re.compile(r"否|不是|没|无|没有|0|×|x|n|no|不享受|非低保|健全|未享受", re.IGNORECASE)
_FIGURE = re.compile(r"[\d〇零一二两三四五六七八九十百千万kK]")
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_SPLIT = re.compile(r"[、,;/┋|+。\s]+")
_LEAD = re.compile(r"^(?:会(?![计议展员])|想(?:做|找|干|当|去|要)?(?:个|点)?|有(?=..))")
_NOTHING = re.compile(r"(?:暂?无|没有?|没得|不会|啥都不会)(?:特长|技能|证|证书|要求)?|[-—]+")
_NO_JOB = re.compile(
    r"(?:暂?无|没有?|不限|随便|都行|都可以|啥都行|什么都行|均可|其他)(?:意向|工种|要求|岗位)?"
    r"|.*(?:就行|都行|都可以|就可以|不挑|安排)|不(?:用|做|想|找|考虑|需要|愿).*|专心.*|[-—]+"
)
_NOT_HELD = re.compile(r"过期|失效|作废|吊销|[没未]|在考|在学|正在|准备|待发|拟考|想考")
_HELD = re.compile(r"^(?:持有?|有)(?=..)|(?<=证)有$")
# The nearest named counts: 「小区里，最远到华岩」 is not read at all.
_REACH = (
    (re.compile(r"只?能?在?家(?:里|中)?(?:做|干|加工)?|不出门|居家"), Reach.HOME),
    (re.compile(r"(?:就在)?(?:本)?小区(?:里|内|附近)?|社区(?:里|内)?|家门口|楼下"), Reach.ESTATE),
    (
        re.compile(
            r"(?:华岩)?(?:本)?(?:镇|街道)(?:内|上|一带)?|华岩一?带?|附近|离家近|就近"
            r"|(?:走路|步行)(?:能|可以|可)?(?:到|达)?"
        ),
        Reach.STREET,
    ),
    (re.compile(r"(?:九龙坡)?(?:本)?区(?:内|里)?|九龙坡"), Reach.DISTRICT),
    (re.compile(r"(?:重庆)?(?:市内|主城区?|全市|市区|本市|重庆市?)"), Reach.CITY),
    (re.compile(r"不限|外地(?:也行|可以|都行)?|哪里都行|都可以|全国|都行"), Reach.ANYWHERE),
)
# What people say they cannot do, as demands of work; an illness is never taken over.
_LIMITS = (
    (re.compile(r"久站|长时间站|站久|站立"), Demand.STANDING),
    (re.compile(r"走远|走多|走很多|走路|久走"), Demand.WALKING),
    (re.compile(r"搬|重物|重活|负重|体力活|抬"), Demand.LIFTING),
    (re.compile(r"楼梯|爬楼|上楼"), Demand.STAIRS),
    (re.compile(r"户外|室外|日晒|雨淋|晒太阳"), Demand.OUTDOORS),
    (re.compile(r"登高|高空|恐高|爬高"), Demand.HEIGHTS),
    (re.compile(r"夜班|熬夜|晚班|通宵"), Demand.NIGHT),
    (re.compile(r"精细|细活|手指"), Demand.FINE_HAND),
    (re.compile(r"双手|两只手|单手"), Demand.TWO_HANDS),
    (re.compile(r"眼力|看小|看不清|用眼"), Demand.EYESIGHT),
    (re.compile(r"听力|听不清|耳朵"), Demand.HEARING),
    (re.compile(r"说话|开口|讲话"), Demand.SPEECH),
    (re.compile(r"认字|识字|读写|写字|看书"), Demand.READING),
    (re.compile(r"智能手机|手机|电脑"), Demand.SMARTPHONE),
    (re.compile(r"顾客|客户|接待|见人|打交道"), Demand.CUSTOMER_CONTACT),
)


def limits(value: Value, reading: Reading) -> list[str]:
    """Return the demands somebody cannot meet; other words are left out, with a note.

    They may name an illness, which is not kept: staff ask what the person cannot do.
    """
    found: dict[str, None] = {}
    for piece in cells.phrases(value, reading):
        known = [demand.value for sign, demand in _LIMITS if sign.search(piece)]
        found |= dict.fromkeys(known)
        if not known:
            reading.note(_("“不能做的”有看不懂的话，没有录入，请和本人核对"))
    return list(found)


def reach(value: Value, reading: Reading) -> Reach | None:
    """Return how far somebody can go; other words are left out, with a note."""
    text = line(value)
    if cells.is_empty(text):
        return None
    told = known_reach(text) or extraction.read_remark(text).reach
    if told is None:
        reading.note(_("“能走多远”看不懂，没有录入，请和本人核对"))
    return told


def known_reach(text: str) -> Reach | None:
    """Return how far words that say nothing else reach: 街道内, 在家.

    >>> known_reach("在家"), known_reach("在家带娃")
    (<Reach.HOME: 'home'>, None)
    """
    return next((found for sign, found in _REACH if sign.fullmatch(text)), None)


def available(value: Value, reading: Reading) -> tuple[str, list[dict[str, str]]]:
    """Return the windows of free time, and the words instead where they are not clear."""
    text: str = cells.short(150)(value, reading)
    if cells.is_empty(text):
        return "", []
    windows = read_hours(text)
    if windows is None:
        reading.note(_("“空闲时间”读不成钟点，原话记在情况里"))
        return text, []
    return "", windows or ALWAYS


def min_pay(value: Value, reading: Reading) -> int | None:
    """Return the least pay wanted, in fen a month; pay by the day or hour says none."""
    text = line(value)
    if cells.is_empty(text) or not _FIGURE.search(text):
        return None
    read = cells.pay(text)
    figures = (read.month_min_fen, read.month_max_fen)
    found = next((fen for fen in figures if fen is not None), None)
    if found is None or not cells.pay_fits(read):
        raise not_understood(text)
    if read.unit is not None and read.unit is not PayUnit.MONTH:
        reading.note(_("最低工资不是按月写的，没有录入，请和本人核对"))
        return None
    return found


def jobs(value: Value, reading: Reading) -> list[str]:
    """Return the work somebody wishes for, one phrase a job; 不限 and a refusal name none."""
    return _told(value, _NO_JOB)


def abilities(value: Value, reading: Reading) -> list[str]:
    """Return what somebody can do, one phrase each."""
    return _told(value, _NOTHING)


def certificates(value: Value, reading: Reading) -> list[str]:
    """Return the certificates somebody holds; those that ran out or are to come don't count."""
    found = []
    for piece in _SPLIT.split(_outside_brackets(value, _NOT_HELD)):
        name = _HELD.sub("", piece)
        if name and not _NOTHING.fullmatch(name) and not _NOT_HELD.search(piece):
            found.append(name)
    return _bounded(found)


def _told(value: Value, nothing: re.Pattern[str]) -> list[str]:
    pieces = (_LEAD.sub("", piece) for piece in _SPLIT.split(_outside_brackets(value)))
    return _bounded([one for one in pieces if one and not nothing.fullmatch(one)])


def _outside_brackets(value: Value, drop: re.Pattern[str] | None = None) -> str:
    """Return a text without its brackets, and without what they say does not hold."""
    text = unicodedata.normalize("NFKC", cells.words(value))
    if drop is not None:
        text = re.sub(rf"[^、,;/\s]*\([^()]*(?:{drop.pattern})[^()]*\)", "", text)
    return _IN_BRACKETS.sub(" ", text)


def _bounded(phrases: list[str]) -> list[str]:
    found = list(dict.fromkeys(one for one in phrases if not cells.is_empty(one)))
    if len(found) > 30 or any(len(one) > 60 for one in found):
        raise Unreadable(_("太长了：最多 30 条，每条 60 个字，用顿号隔开"))
    return found


def fact(value: Value, reading: Reading) -> str | None:
    """Return a sensitive fact in its own words; empty for 否, ``None`` where nothing is said.

    Never shown in a message.
    """
    text = line(value)
    if not text:
        return None
    if cells.is_empty(text) or _NO.fullmatch(text):
        return ""
    if len(text) > 200:
        raise Unreadable(_("太长了，最多 %(n)d 个字", n=200))
    return text
