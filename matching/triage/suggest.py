"""Suggestions for a ticket from its words: a person decides.

Danger is looked for by rules first. Of the rest, kind and urgency are chosen together, since not
every kind may have every urgency; what the form of a text says clearly is added to what its words
make likely.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple

import numpy as np
from scipy import sparse

from matching.text.sentence_vectors import remember_vectors
from matching.triage.ask_back import ask_back
from matching.triage.classifier import MAX_CHARS, Odds, all_said, classifier
from matching.triage.danger import Danger, find_dangers
from matching.triage.matters import Matter
from matching.triage.plain import in_plain_words
from matching.triage.signs import signs_of
from matching.utils.array_types import FloatArray

#: Which urgencies each kind may have, danger apart: any may be danger but thanks and advertising.
URGENCIES: Final = {
    "request": ("ordinary", "utilities", "complex"),
    "complaint": ("complex", "utilities"),
    "help": ("ordinary", "utilities", "complex"),
    "question": ("question", "utilities"),
    "thanks": ("ordinary",),
    "not_for_us": ("ordinary", "question"),
}
# Log odds that the form of a text adds to a kind, by the signs it shows and those it must lack.
_NUDGES: Final = (
    ("question", 3.0, {"asks_whether"}, {"demands", "blames"}),
    ("question", 1.0, {"asks"}, {"asks_to_do", "blames", "demands"}),
    ("request", 1.0, {"asks_to_do"}, {"blames"}),
    ("thanks", 4.0, {"praises"}, {"blames", "asks_to_do"}),
    ("not_for_us", 1.5, {"city"}, {"on_work"}),
    ("help", 1.0, {"owed", "employer"}, set[str]()),
    ("help", 1.0, {"injury", "employer"}, set[str]()),
)
# A plight is ordinary where care is asked for; a mere request is rarely complex.
_UNLIKELY: Final = 2.0
# Another branch is named too from this probability on.
_ALSO: Final = 0.3
# Danger without a sign of the table: from this likelihood on, from the second where an outage
# explains the words. Chosen for recall; measured by cross-validation in data/README.md.
_LIKELY_DANGER: Final = 0.5
_LIKELY_DANGER_IN_OUTAGE: Final = 0.8
# More than the likeness of any two texts.
_FITS: Final = 100.0
_AT_ONCE: Final = 512
_OTHERS: Final = ("富民", "便民", "安民", "乐民")


@dataclass(frozen=True)
class Suggestion:
    """What is suggested for a ticket.

    Attributes
    ----------
    branch : str
        First choice.
    also : list of str
        Other branches to be asked, most likely first.
    urgency, kind : str
        As in the command's output.
    missing : list of str
        What a clerk has to ask back, at most four.
    external : str or None
        The outside number that comes first.
    private, about_staff : bool
    dangers : list of Danger
        The signs of danger found; first what leads.
    """

    branch: str
    also: list[str]
    urgency: str
    kind: str
    missing: list[str]
    external: str | None
    private: bool
    about_staff: bool
    dangers: list[Danger] = field(default_factory=list)

    def as_row(self) -> dict[str, Any]:
        """Return the fields of a line of the command's output."""
        row = asdict(self)
        row["dangers"] = [danger.words or danger.label for danger in self.dangers]
        return row


def suggest(texts: Sequence[str]) -> list[Suggestion]:
    """Return what is suggested for each text; one does not depend on the others."""
    rows = classifier().space.rows(texts)
    phrases = _phrases()
    alike = (phrases.rows @ rows.T).toarray().T if texts else []
    return [
        _decide(text, odds, own, phrases.owners)
        for text, odds, own in zip(texts, classifier().odds(rows), alike, strict=True)
    ]


def suggest_lines(texts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the line of the command's output for each text."""
    waiting = iter(texts)
    while some := list(islice(waiting, _AT_ONCE)):
        remember_vectors([in_plain_words(text[:MAX_CHARS]) for text in some])
        yield from (one.as_row() for one in suggest(some))


def _decide(text: str, odds: Odds, alike: FloatArray, owners: Sequence[Matter]) -> Suggestion:
    signs, dangers = signs_of(text[:MAX_CHARS]), find_dangers(text)
    if not dangers and _is_likely_danger(odds, signs):
        dangers = [_likely_danger(odds)]
    kind, urgency = _kind_and_urgency(odds, signs, dangers)
    branch = dangers[0].lead if dangers else _best(odds["branch"])
    fits = np.array([(one.branch == branch) + (one.kind == kind) for one in owners])
    # Of the branch and kind if there is one, else of either.
    matter = owners[int(np.argmax(alike + _FITS * fits))]
    about_staff = odds["about_staff"]["yes"] > odds["about_staff"]["no"]
    private = odds["private"]["yes"] > odds["private"]["no"]
    if about_staff and kind != "thanks":
        private = True
    external = dangers[0].external if dangers else (_best(odds["external"]) or None)
    return Suggestion(
        branch,
        _also(branch, matter, odds, dangers),
        urgency,
        kind,
        ask_back(text, matter, kind, urgency),
        external,
        private,
        about_staff,
        dangers,
    )


def _is_likely_danger(odds: Odds, signs: frozenset[str]) -> bool:
    least = _LIKELY_DANGER_IN_OUTAGE if "out" in signs else _LIKELY_DANGER
    return bool(np.exp(odds["danger"]["yes"]) >= least)


def _likely_danger(odds: Odds) -> Danger:
    """Return a danger that no sign tells of, with the number that is likeliest."""
    number = max(("110", "119", "120"), key=lambda one: odds["external"][one])
    return Danger("likely", "像是有危险", "", "便民" if number == "120" else "安民", number)


def _best(answers: dict[str, float]) -> str:
    return max(answers, key=lambda answer: answers[answer])


def _kind_and_urgency(
    odds: Odds, signs: frozenset[str], dangers: Sequence[Danger]
) -> tuple[str, str]:
    if dangers:
        return ("request" if dangers[0].sign == "falling" else "help"), "danger"
    kinds = dict(odds["kind"])
    for kind, weight, shown, lacking in _NUDGES:
        if shown <= signs and not lacking & signs:
            kinds[kind] += weight
    out = "out" in signs and "not_out" not in signs
    scores = {
        (kind, urgency): kinds[kind] + odds["urgency"][urgency] - _unlikely(kind, urgency, signs)
        for kind, urgencies in URGENCIES.items()
        for urgency in urgencies
        if (urgency == "utilities" or not out) and (urgency != "utilities" or "out" in signs)
    }
    return max(scores, key=lambda one: scores[one])


def _unlikely(kind: str, urgency: str, signs: frozenset[str]) -> float:
    complex_request = kind == "request" and urgency == "complex"
    simple_plight = kind == "help" and urgency == "ordinary" and "care" not in signs
    return _UNLIKELY if complex_request or simple_plight else 0.0


def _also(branch: str, matter: Matter, odds: Odds, dangers: Sequence[Danger]) -> list[str]:
    if dangers:
        return ["便民" if branch == "安民" else "安民"]
    likely = sorted(_OTHERS, key=lambda other: -odds["branch"][other])
    near = set(matter.also) if matter.branch == branch else set[str]()
    return [
        other
        for other in likely
        if other != branch and (other in near or np.exp(odds["branch"][other]) >= _ALSO)
    ]


class _Phrases(NamedTuple):
    """The features of every way of saying, of length 1, and its matter."""

    rows: sparse.csr_array
    owners: list[Matter]


@lru_cache(maxsize=1)
def _phrases() -> _Phrases:
    said = all_said()
    rows = classifier().space.rows([one.text for one in said])
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    scaled = sparse.csr_array(sparse.diags_array(1 / lengths) @ rows)
    return _Phrases(scaled, [one.matter for one in said])
