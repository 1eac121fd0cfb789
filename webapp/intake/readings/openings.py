"""The jobs of a pasted message → draft openings, each beside the words it was read from."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask_babel import gettext as _

from webapp.core.formatting import hours_words
from webapp.core.labels import label
from webapp.core.place_names import read_place
from webapp.core.vocabulary import Education, PayUnit
from webapp.engine import extraction, records
from webapp.engine.extraction import ReadOpening
from webapp.imports.readers.hours import read_hours
from webapp.intake.readings.facts import Fact, fact, fact_at
from webapp.openings.fields import OpeningFields
from webapp.rulebook import lint
from webapp.rulebook.models import WordingCode

MOST_PEOPLE = 9999
_MOST_MONTH_FEN = 100_000_000  # a larger figure is a number that is no pay
_WINDOWS = 3  # as many as the form of an opening shows
_TITLE, _ADDRESS, _PHRASE, _PHRASES, _DESCRIPTION = 80, 120, 60, 30, 4000
_AT_HOME = re.compile(r"在家|居家|屋头|屋里|带回家|拿回家")


@dataclass(frozen=True)
class Draft:
    """One job: ``key`` names this very reading, ``fields`` make its draft, ``facts`` its page."""

    key: str
    fields: OpeningFields
    facts: list[Fact]

    @property
    def doubts(self) -> int:
        """How many facts somebody has to look at."""
        return sum(bool(one.doubt) for one in self.facts)


def read_drafts(text: str) -> list[Draft]:
    """Return a draft for each job of a message, in its order."""
    jobs = extraction.read_openings(text)
    found = lint.check([text])
    return [_draft(text, job, _kept(job, jobs, found)) for job in jobs]


def employer_of(text: str) -> str:
    """Return the employer a message names, empty for none."""
    return next((job.employer for job in extraction.read_openings(text) if job.employer), "")


def _kept(
    job: ReadOpening, jobs: Sequence[ReadOpening], found: Sequence[lint.Finding]
) -> list[lint.Finding]:
    """Return the findings that concern this job: what the library gives to others alone is not."""
    others = {code for one in jobs if one is not job for code in one.illegal}
    return [one for one in found if one.code in job.illegal or one.code not in others]


def _draft(text: str, job: ReadOpening, found: Sequence[lint.Finding]) -> Draft:
    pay_text = _pay_text(job)
    windows = read_hours((job.hours_words or "").replace(extraction.APART, "，")) or []
    windows = windows if len(windows) <= _WINDOWS else []
    at_home = bool(_AT_HOME.search(job.place_words or ""))
    place = read_place(job.place_words or "") if not at_home else read_place("")
    fields = OpeningFields(
        title=(job.title or _("请补岗位名称"))[:_TITLE],
        description=_description(job, "" if windows else job.hours_words or "", found),
        place=place.path,
        address="" if at_home else (job.place_words or "")[:_ADDRESS],
        at_home=at_home,
        certificates=[one[:_PHRASE] for one in job.certificates[:_PHRASES]],
        education=job.education,
        hours=windows,
        pay_text=pay_text,
        headcount=min(job.headcount or 1, MOST_PEOPLE),
    )
    facts = [
        fact(
            text,
            _("岗位"),
            job.title or "",
            phrases=[job.title or ""],
            doubt="" if job.title else _("没读出来，请补"),
        ),
        _headcount(text, job),
        _pay(text, job, pay_text),
        _place(text, job, place.path, at_home=at_home),
        _hours(text, job, windows),
        _education(text, job),
        fact(text, _("必须有的证"), "、".join(job.certificates), phrases=job.certificates),
        fact(text, _("待遇"), "、".join(job.welfare), phrases=job.welfare),
        _barred(job),
        Fact(_("做些什么"), "", doubt=_("没有单独读，存好以后请补：一天做哪些事")),
        Fact(_("招到哪一天"), "", doubt=_("存好以后请定一个日子")),
    ]
    return Draft(_key(job), fields, [one for one in facts if one.words or one.doubt])


def _key(job: ReadOpening) -> str:
    content = json.dumps(asdict(job), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _pay_text(job: ReadOpening) -> str:
    """Return pay in the usual way of writing; empty where the portal would not read it back."""
    if job.pay_min is None and job.pay_max is None:
        return ""
    low, high = job.pay_min, job.pay_max
    unit = label(job.pay_unit) if job.pay_unit else ""
    figures = [f"{figure:g}" for figure in dict.fromkeys((low, high)) if figure is not None]
    text = "-".join(figures) + _("元") + (f"/{unit}" if unit else "")
    text += _("起") if high is None else ""
    read = records.read_pay(text)
    months = [fen for fen in (read.month_min_fen, read.month_max_fen) if fen is not None]
    same = read.unit == job.pay_unit and read.min_fen is not None
    return text if same and all(fen <= _MOST_MONTH_FEN for fen in months) else ""


def _description(job: ReadOpening, hours: str, found: Sequence[lint.Finding]) -> str:
    """Return what has no field of its own, and the sentences that may not stand as they are.

    Those are kept on purpose: who mends the draft and who reviews it must see that they were
    said; leaving them out would make a clean opening of one that asks for a deposit.
    """
    lines = [
        (_("时间"), hours),
        (_("待遇"), "、".join(job.welfare)),
        *((_("原话"), extraction.without_phones(one.sentence)) for one in found),
    ]
    told = dict.fromkeys(f"{title}：{words}" for title, words in lines if words)
    return "\n".join(told)[:_DESCRIPTION]


def _headcount(text: str, job: ReadOpening) -> Fact:
    if job.headcount is None:
        return Fact(_("人数"), _("1 人"), doubt=_("没说要几个，先按 1 人"))
    words = _("%(n)d 人", n=min(job.headcount, MOST_PEOPLE))
    return fact(text, _("人数"), words, phrases=[f"{job.headcount}{unit}" for unit in "人名位个"])


def _pay(text: str, job: ReadOpening, pay_text: str) -> Fact:
    spans = extraction.pay_spans(text, job)
    doubt = ""
    if not pay_text:
        doubt = _("没读出数目，请补")
    elif not spans:
        doubt = _("请和原话对一遍")
    elif job.pay_unit is PayUnit.PIECE:
        doubt = _("按件的，请核对一件是什么")
    return fact_at(text, _("工钱"), pay_text, spans, doubt=doubt)


def _place(text: str, job: ReadOpening, path: str, *, at_home: bool) -> Fact:
    words = _("可以拿回家做") if at_home else (job.place_words or "")
    doubt = ""
    if not words:
        doubt = _("没说在哪里，请补")
    elif not path and not at_home:
        doubt = _("只有这几个字，请补区县和镇街")
    return fact(text, _("地点"), words, phrases=[job.place_words or ""], doubt=doubt)


def _hours(text: str, job: ReadOpening, windows: list[dict[str, str]]) -> Fact:
    said = job.hours_words or ""
    if not said:
        return Fact(_("时间"), "", doubt=_("没说几点上班，请补"))
    if windows:
        return fact(text, _("时间"), hours_words(windows), phrases=[said])
    doubt = _("读不成钟点，原话放在“做些什么”里")
    return fact(text, _("时间"), said.replace(extraction.APART, "，"), phrases=[said], doubt=doubt)


def _education(text: str, job: ReadOpening) -> Fact:
    if job.education is None:
        return Fact(_("学历"), "", doubt=_("没说要什么学历，请选"))
    words = _("不限") if job.education is Education.NONE else label(job.education)
    return fact(text, _("学历"), words, phrases=[words])


def _barred(job: ReadOpening) -> Fact:
    known = set(WordingCode)
    words = "、".join(label(WordingCode(code)) for code in job.illegal if code in known)
    doubt = _("法律不让这样招，请看上面标出的话") if words else ""
    return Fact(_("挑人、收钱的话"), words, doubt=doubt)
