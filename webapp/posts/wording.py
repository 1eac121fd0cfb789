"""The words of posts: drafts of 140 characters, texts for a chat group, headlines. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

MOST = 140  # UTF-16 units, as telephones count: a picture character counts as two
HEADLINE = 30
# A figure with all that belongs to it: 「3,000–4,500 元/月」, 「12月24日」, 「8:30–16:30」.
_FIGURE = re.compile(r"[0-9０-９][0-9０-９.,:：/\-–—~～ 元月日天时点号%％件个万千百岁人块]*")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")
_SENTENCE = re.compile(r"[^。！？!?；\n]+[。！？!?]?")
_CLAUSE = re.compile("[，；：]")
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class OpeningFacts:
    """What is said of an opening; ``pay`` is empty where nobody has said it yet.

    ``pay_label`` names what ``pay`` is for this kind of opening: 工钱, 学费或补贴, 大概能挣.
    """

    kind: str
    title: str
    pay: str
    pay_label: str
    place: str = ""
    hours: str = ""
    places: str = ""
    until: str = ""
    employer: str = ""


def units(text: str) -> int:
    """Return the length in UTF-16 units.

    >>> units("工钱"), units("🐟")
    (2, 2)
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def readable(text: str) -> str:
    """Return ``text`` without what no feed can carry and no telephone shows; blanks become one.

    >>> readable("招 工\\x00\\n 两人")
    '招 工 两人'
    """
    return " ".join(xml_text(text).split())


def xml_text(text: str) -> str:
    """Return ``text`` without the characters that XML 1.0 forbids."""
    return _NOT_XML.sub("", text)


def pay_words(facts: OpeningFacts) -> str:
    """Return what is paid or paid for; that it is not settled where nobody has said it."""
    pay = readable(facts.pay)
    if not pay or pay == _("面议"):
        return _("%(what)s待定", what=facts.pay_label)
    return pay


def draft(facts: OpeningFacts) -> str:
    """Return the post about an opening: at most :data:`MOST` units, always with the pay.

    What does not fit whole is left out; only the title, or pay of many words, is ever shortened.
    """
    pay = shorten(pay_words(facts), 50)
    head = f"【{facts.kind}】"
    title = shorten(readable(facts.title), MOST - units(head + pay) - 2) or facts.kind
    said = f"{head}{title}，{pay}。"
    for part in (facts.place, facts.hours, facts.places, facts.until, facts.employer):
        more = readable(part)
        if more and units(said + more) < MOST:
            said += f"{more}。"
    closing = _("到社区富民支部报名，不收钱。")
    return said + closing if units(said + closing) <= MOST else said


def group_text(facts: OpeningFacts, *, url: str, branch: str, phone: str, office: str) -> str:
    """Return what is pasted into a chat group: a line for each fact, the address, whom to ask."""
    lines = [
        f"【华龙天空·{facts.kind}】{readable(facts.title)}",
        _("%(what)s：%(pay)s", what=facts.pay_label, pay=pay_words(facts)),
        _line(_("地点"), facts.place),
        _line(_("时间"), facts.hours),
        readable(facts.places),
        readable(facts.until),
        _line(_("单位"), facts.employer),
        _("点开看、报名：%(url)s", url=url),
        asked_at(branch, phone, office),
        _("找活路不收钱、不收押金、不扣证件。"),
    ]
    return "\n".join(line for line in lines if line)


def plain_group_text(text: str, *, url: str, branch: str, phone: str, office: str) -> str:
    """Return what is pasted into a chat group of a post about anything else."""
    return "\n".join(
        [
            "【华龙天空】",
            text.strip(),
            _("点开看：%(url)s", url=url),
            asked_at(branch, phone, office),
        ]
    )


def asked_at(branch: str, phone: str, office: str) -> str:
    """Return whom to ask, in one line."""
    return _("问：%(branch)s %(phone)s，%(office)s", branch=branch, phone=phone, office=office)


def split(text: str) -> tuple[str, str]:
    """Return the heading of a post and what stands below it.

    The heading is the first sentence; of a long one as many whole clauses as fit. A clause that
    is too long by itself is shortened, and then all of the text stands below.

    >>> split("周六上午修水电。自己带坏的东西来。")
    ('周六上午修水电。', '自己带坏的东西来。')
    """
    whole = text.strip()
    first = _SENTENCE.search(whole)
    if first is None:
        return shorten(readable(whole), HEADLINE), whole
    end = first.end()
    if units(readable(whole[:end])) <= HEADLINE:
        return readable(whole[:end]), whole[end:].strip()
    clauses = [
        found.start()
        for found in _CLAUSE.finditer(whole, 0, end)
        if units(readable(whole[: found.start()])) <= HEADLINE
    ]
    if not clauses:
        return shorten(readable(whole[:end]), HEADLINE), whole
    return readable(whole[: clauses[-1]]), whole[clauses[-1] + 1 :].strip()


def shorten(text: str, most: int) -> str:
    """Return ``text`` in at most ``most`` UTF-16 units, with … where something is left out.

    Never cut inside a figure, nor between a character and what modifies it.

    >>> shorten("工钱3,000–4,500元/月，包吃住", 9), shorten("十个字以内", 10)
    ('工钱…', '十个字以内')
    """
    if units(text) <= most:
        return text
    if most < 1:
        return ""
    end, used = 0, 1  # one for the dots
    for character in text:
        used += units(character)
        if used > most:
            break
        end += 1
    while end and not _may_end(text, end, _figures(text)):
        end -= 1
    return text[:end].rstrip(" ，、；") + "…"


def _figures(text: str) -> Sequence[tuple[int, int]]:
    return [found.span() for found in _FIGURE.finditer(text)]


def _may_end(text: str, end: int, figures: Sequence[tuple[int, int]]) -> bool:
    """Return whether the text may be cut before position ``end``."""
    if any(start < end < stop for start, stop in figures):
        return False
    following, last = text[end], text[end - 1]
    joined = (
        unicodedata.combining(following)
        or following in _JOINERS
        or last == "\u200d"
        or unicodedata.category(following) in {"Mn", "Me", "Sk"}
        or "\U0001f1e6" <= following <= "\U0001f1ff"  # flags are pairs
    )
    return not joined


def _line(name: str, value: str) -> str:
    words = readable(value)
    return f"{name}：{words}" if words else ""
