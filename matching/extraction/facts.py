"""Facts of a posting beside title and pay: hours, schooling, certificates, welfare."""

import re
from dataclasses import dataclass
from functools import cache

from matching.extraction.message import Span, as_written
from matching.extraction.terms import any_of, coded

# 高中或中专: both end the same years of school.
_RANKS = {
    "none": 0,
    "primary": 1,
    "junior_high": 2,
    "senior_high": 3,
    "vocational": 3,
    "college": 4,
    "bachelor": 5,
}
_SENTENCE_SIGNS = re.compile(r"[,。;!?\n]")
_CERTIFICATE = re.compile(
    r"(?:(?:驾照|驾驶证)[A-FM][1-3]?(?![A-Za-z\d])|(?P<class>[A-FMNPa-f][1-6]?(?:及?以上|证?及以上)?(?:的)?)(?P<lic>驾驶证|驾照"
    r"|驾驶执照|驾驶本|照|本|证)(?:及?以上)?"
    r"|(?<![A-Za-z\d])(?P<bare>[ABC][123])(?=[,。、;\s还]|$)"
    r"|(?P<name>[一-龥]{1,9}?)(?P<noun>资格证书|资格证|操作证|上岗证|从业证|等级证"
    r"|证书|驾驶证(?![A-F]\d)|驾照(?![A-F]\d)|行驶证|证(?![一-龥]*件|明|据|实|书|券|照)))"
)


@cache
def _hours() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(any_of("hours_atom")), re.compile(any_of("hours_join"))


def hours_spans(text: str) -> list[Span]:
    """Return the stretches on times of day, shifts and days off; neighbours are one stretch."""
    atom, join = _hours()
    found: list[Span] = []
    for match in atom.finditer(text):
        if not match[0].strip():
            continue
        last = found[-1] if found else None
        if last is not None and join.fullmatch(text, last.end, match.start()):
            end = match.end() + text.startswith(")", match.end())
            found[-1] = Span(last.start, end, text[last.start : end])
        else:
            found.append(Span(match.start(), match.end(), match[0]))
    return found


def hours_words(spans: list[Span]) -> str | None:
    """Return the words of the stretches joined by `` | ``, one within another left out."""
    words: list[str] = []
    for span in spans:
        phrase = as_written(span.text)
        if phrase and not any(phrase in other for other in words):
            words = [other for other in words if other not in phrase] + [phrase]
    return " | ".join(words) or None


def education(text: str) -> str | None:
    """Return the code of the least schooling asked for, of two alike the one first named."""
    found = [
        (_RANKS[code], match.start(), code)
        for code, pattern in coded("education")
        for match in pattern.finditer(text)
    ]
    return min(found)[2] if found else None


@cache
def _certificate_words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(any_of("certificate_not")),
        re.compile(any_of("certificate_later")),
        re.compile(rf"^.*(?:{any_of('certificate_verb')})"),
    )


# 会的加分，没有也可以: the clause behind says that one may do without.
_WITHOUT = re.compile(r"[没无][^,。;莫别不]{0,5}(?:也|可以|办|带你)")


# 健康证必须有,没有的自己去办: one may not do without.
_MUST = re.compile(r"必须|一定|务必")


@dataclass(frozen=True)
class CertificateMention:
    """A certificate named at ``start``, with its clause around it and the next clause."""

    start: int
    name: str
    before: str
    behind: str
    following: str


def certificate_mentions(text: str) -> list[CertificateMention]:
    """Return every certificate a clean text names."""
    not_one, _later, verb = _certificate_words()
    found: list[CertificateMention] = []
    for match in _CERTIFICATE.finditer(text):
        whole, start = match[0], match.start()
        if match["name"] is not None:
            cut = verb.match(match["name"])
            if cut and cut.end() == len(match["name"]) and match["noun"] in ("证", "证书"):
                continue
            shift = cut.end() if cut else 0
            whole, start = whole[shift:], start + shift
        name = as_written(whole)
        if len(name) < 2 or not_one.search(name):
            continue
        behind = _SENTENCE_SIGNS.split(text[match.end() : match.end() + 14])
        before = _SENTENCE_SIGNS.split(text[max(0, start - 6) : start])[-1]
        following = behind[1] if len(behind) > 1 else ""
        found.append(CertificateMention(start, name, before, behind[0], following))
    return found


def certificates(text: str) -> list[tuple[int, str]]:
    """Return position and name of each certificate that must be held at the start."""
    later = _certificate_words()[1]
    return [
        (one.start, one.name)
        for one in certificate_mentions(text)
        if not later.search(one.before + one.name + one.behind)
        and (_MUST.search(one.before + one.behind) or not _WITHOUT.match(one.following))
    ]


@cache
def _welfare() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(any_of("welfare")), re.compile(any_of("welfare_not"))


_LISTED = re.compile(r"福利(?:待遇|有)?[:：]\s?(?P<rest>[^。\n]+)")


def welfare(text: str) -> list[tuple[int, str]]:
    """Return position and words of what is given beside the pay."""
    pattern, denied = _welfare()
    found: dict[int, str] = {}
    for match in pattern.finditer(text):
        before = _SENTENCE_SIGNS.split(text[max(0, match.start() - 6) : match.start()])[-1]
        if denied.search(before) or not match[0].strip():
            continue
        words = as_written(match[0])
        if words:
            found[match.start()] = words
    for match in _LISTED.finditer(text):
        at = match.start("rest")
        for part in re.split(r"[,、;+]", match["rest"]):
            inside = [start for start in found if at <= start < at + len(part)]
            if not inside and 1 < len(part.strip()) <= 12:
                found[at] = as_written(part)
            at += len(part) + 1
    return sorted(found.items())
