"""Who may do what with an opening, and what it lacks before it may be published. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from flask_babel import gettext as _

from webapp.core.access import Actor, Permission
from webapp.core.errors import Fault
from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer
from webapp.employers.policy import is_checked
from webapp.openings import pay_check
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.rulebook import lint

# Fewer characters cannot name what was looked at.
LEAST_NOTE = 10
EDITABLE = frozenset(OpeningState) - {OpeningState.CLOSED}
# A stall has its rent and a course its price; only work may never cost the worker anything.
_MAY_COST = frozenset({Kind.COURSE, Kind.VENTURE})
_COSTS = frozenset({"fee", "deposit"})


def can_review(actor: Actor) -> bool:
    """Whether the actor reviews openings of everybody."""
    return actor.may(Permission.OPENING_REVIEW)


def can_edit(actor: Actor, opening: Opening) -> bool:
    """Whether the actor may change, hand in and close this opening."""
    own = actor.employer_id is not None and actor.employer_id == opening.employer_id
    return can_review(actor) or (actor.may(Permission.OPENING_SUBMIT) and own)


def is_paused(opening: Opening, *, on: date) -> bool:
    """Whether it waits on that day for its employer's papers to be checked again."""
    valid = opening.valid_until is not None and opening.valid_until >= on
    return opening.state is OpeningState.PAUSED and valid


def is_open(opening: Opening, *, on: date) -> bool:
    """Whether the public sees it on that day: published and still valid."""
    valid = opening.valid_until is not None and opening.valid_until >= on
    return opening.state is OpeningState.PUBLISHED and valid


def faults(opening: Opening, *, on: date, longest: int) -> list[Fault]:
    """Return what the law requires and the opening lacks, in the order of the form.

    ``longest`` is how many days ahead it may be valid. Source: 人力资源市场暂行条例 asks a
    vacancy for employer, headcount, conditions, duties, place, base pay and validity.
    """
    work = opening.kind in {Kind.VACANCY, Kind.PIECEWORK}
    vacancy = opening.kind is Kind.VACANCY
    conditions = (
        opening.education is not None or opening.skills or opening.certificates or opening.demands
    )
    paid = opening.pay_min_fen is not None or opening.pay_max_fen is not None
    lacks = [
        (vacancy and opening.employer_id is None, "employer", _("没写是哪家单位")),
        (not opening.description.strip(), "description", _("没写清楚做些什么")),
        (not (opening.place or opening.at_home), "town", _("没写在哪里")),
        (vacancy and not conditions, "education", _("没写要什么条件；都不要求就选“不限学历”")),
        (work and not paid, "pay_text", _("没写钱怎么算，或者看不出数目")),
        (opening.headcount < 1, "headcount", _("没写要几个人")),
    ]
    found = [Fault(field, message) for lacking, field, message in lacks if lacking]
    validity = _validity_fault(opening.valid_until, on=on, longest=longest)
    return [*found, Fault("valid_until", validity)] if validity else found


def _validity_fault(until: date | None, *, on: date, longest: int) -> str | None:
    if until is None:
        return _("没写招到哪一天")
    if until < on:
        return _("招到的日子已经过了，请改一个")
    if until > on + timedelta(days=longest):
        return _("最多只能招 %(n)d 天，请改近一点", n=longest)
    return None


def employer_fault(employer: Employer | None, *, on: date, days: int) -> Fault | None:
    """Return why this employer's openings cannot be published, ``None`` when they can."""
    if employer is None or is_checked(employer, on=on, days=days):
        return None
    return Fault("employer", _("单位还没核实，或者上次核实已超过 %(n)d 天，先去核实", n=days))


def findings(opening: Opening, more: Iterable[str] = (), *, on: date) -> list[lint.Finding]:
    """Return what in an opening is blocked or needs a reviewer's note: words, and low pay.

    ``more`` are words of other parts shown with it, such as those of a piecework order.
    """
    found = check_words(opening.kind, texts(opening, more))
    if opening.kind in _MAY_COST:
        return found
    low = pay_check.below_floor(opening, on=on)
    return [*found, low] if low else found


def check_words(kind: Kind, words: Iterable[str]) -> list[lint.Finding]:
    """Return what in the words of an opening of this kind is blocked or needs a note."""
    found = lint.check(words)
    if kind in _MAY_COST:
        return [replace(one, severity="flag") if one.code in _COSTS else one for one in found]
    return found


def texts(opening: Opening, more: Iterable[str] = ()) -> list[str]:
    """Return all words of an opening that people read."""
    return [
        opening.title,
        opening.category,
        opening.description,
        opening.pay_text,
        opening.place,
        opening.address,
        *opening.demands,
        *opening.skills,
        *opening.certificates,
        *opening.teaches,
        *more,
    ]


def note_fault(note: str) -> str | None:
    """Return why a reviewer's note does not say enough, ``None`` when it does."""
    if len(note.strip()) < LEAST_NOTE:
        return _("写明依据是什么、您怎么核实的，至少 %(n)d 个字", n=LEAST_NOTE)
    return None
