"""The checker's findings in the person's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session

from webapp.rights import queries
from webapp.rights.conditions import Facts, Term, check
from webapp.rights.lifecycle import Answer
from webapp.rights.questions import ALL, UNCLEAR_WORDS, question_words
from webapp.rulebook.figures import units

TONES = {Answer.LIKELY: "good", Answer.LACKING: "warn", Answer.UNSURE: "wait", Answer.NO: "neutral"}


@dataclass(frozen=True)
class Told:
    """One policy with its answer and the sentences that say why."""

    view: queries.PolicyView
    answer: Answer
    sentences: tuple[str, ...]

    @property
    def tone(self) -> str:
        """The colour of its answer."""
        return TONES[self.answer]


def told(session: Session, facts: Facts) -> list[Told]:
    """Return the policies with their answers, the likeliest first; those that are over left out."""
    found = [_told(view, facts) for view in queries.views(session) if not view.gone]
    order = list(Answer)
    return sorted(found, key=lambda one: order.index(one.answer))


def _told(view: queries.PolicyView, facts: Facts) -> Told:
    finding = check(view.policy.code, facts, queries.figure)
    sentences: list[Any] = [*finding.why_not]
    if finding.answer is not Answer.NO:
        sentences += [_("还差：%(what)s", what=one) for one in finding.lacking]
        sentences += finding.to_ask
        sentences += [UNCLEAR_WORDS[fact] for fact in finding.unclear]
        questions = list(dict.fromkeys(filter(None, map(question_words, finding.unanswered))))
        if questions:
            sentences.append(_("这几样没有说，要看：%(what)s", what="；".join(questions)))
        if view.policy.look_at:
            sentences.append(_("窗口还要看：%(what)s", what=view.policy.look_at))
    words = tuple(dict.fromkeys(queries.with_figures(str(one)) for one in sentences))
    return Told(view, finding.answer, words)


def to_take_along(all_told: Sequence[Told]) -> list[Told]:
    """Return what a paper for the counter lists."""
    return [one for one in all_told if one.answer is not Answer.NO]


_OPS = {
    "at_least": _l("至少 %(value)s"),
    "at_most": _l("最多 %(value)s"),
    "below": _l("少于 %(value)s"),
    "between": _l("%(value)s"),
    "in": _l("%(value)s"),
    "not": _l("不能是：%(value)s"),
}
_IF_NOT = {"no": _l("办不到"), "lacking": _l("说还差这样"), "ask": _l("请到窗口问")}


def condition_words(terms: Sequence[Term]) -> list[tuple[str, str, str]]:
    """Return (what is asked, what it must be, what else is said), for the admin to compare."""
    found = []
    for term in terms:
        parts = (_option_words(term.fact, one) for one in term.value)
        value = (_("到") if term.op == "between" else _("或")).join(parts)
        alternative = _("（几样里有一样就行）") if term.group else ""
        told = [str(_IF_NOT[term.if_not]), queries.with_figures(term.words)]
        found.append(
            (
                question_words(term.fact) + alternative,
                str(_OPS[term.op]) % {"value": value},
                "：".join(filter(None, told)),
            )
        )
    return found


def _option_words(fact: str, value: str) -> str:
    """Return a value of a term as people say it: an option, a figure with its number, a number."""
    if value in units():
        line = queries.figure_line(value)
        return line.words or _("（还没有这个数：%(what)s）", what=line.label)
    for question in ALL:
        for option in question.options:
            if option.facts.get(fact) == value:
                return str(option.label)
    return {"yes": _("是"), "no": _("不是")}.get(value, value)
