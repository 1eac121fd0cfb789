"""What a newcomer is asked after the first yes: one question a screen, answered by taps.

Each question writes some columns of one section of the file; the whole section has a form of its
own (:mod:`webapp.residents.sections`).
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from webapp.residents.forms import questions as forms
from webapp.residents.models import Household, Resident

TABLE = Path(__file__).resolve().parents[2] / "data" / "common_answers.csv"


@dataclass(frozen=True)
class Question:
    """One question: ``form`` makes its form from the file, ``values`` reads it for the service.

    ``is_open`` says whether nothing is known yet.
    """

    section: str
    title: Any
    form: Callable[[Resident], FlaskForm]
    values: Callable[[Resident, Any], dict[str, Any]]
    is_open: Callable[[Resident, Household], bool]


@cache
def common_answers() -> dict[str, tuple[str, ...]]:
    """Return question → its commonest answers, in the order they are shown."""
    found: dict[str, list[str]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["question"], []).append(row["answer"])
    return {question: tuple(answers) for question, answers in found.items()}


def _phrases(section: str, title: Any, other: Any) -> Question:
    """Return a question whose answers are phrases: those tapped, and one's own words."""

    def own_words(resident: Resident) -> list[str]:
        known = common_answers()[section]
        return [phrase for phrase in getattr(resident, section) if phrase not in known]

    def form(resident: Resident) -> FlaskForm:
        answers = common_answers()[section]
        return forms.PhrasesForm(
            answers=answers,
            other=other,
            data={
                "chosen": [phrase for phrase in getattr(resident, section) if phrase in answers],
                "other": own_words(resident),
            },
        )

    return Question(
        section=section,
        title=title,
        form=form,
        values=lambda resident, form: {section: form.phrases},
        is_open=lambda resident, household: not getattr(resident, section),
    )


def _hours(resident: Resident) -> FlaskForm:
    return forms.HoursForm(data={"when": forms.When.of(resident.available)})


QUESTIONS: dict[str, Question] = {
    "wanted": _phrases("wanted", _("想做哪样？"), _("别的，自己写")),
    "hours": Question(
        section="hours",
        title=_("啥时候有空？"),
        form=_hours,
        values=lambda resident, form: {"available": form.when.data.windows},
        is_open=lambda resident, household: not resident.available,
    ),
    "reach": Question(
        section="reach",
        title=_("最远能到哪里做事？"),
        form=lambda resident: forms.ReachForm(data={"reach": resident.reach}),
        values=lambda resident, form: {"reach": form.reach.data},
        is_open=lambda resident, household: resident.reach is None,
    ),
    "skills": _phrases("skills", _("会做哪样？"), _("别的，自己写")),
    "birth": Question(
        section="basics",
        title=_("哪天出生的？"),
        form=lambda resident: forms.BirthForm(data={"birth_date": resident.birth_date}),
        values=lambda resident, form: {"birth_date": form.birth_date.data},
        is_open=lambda resident, household: resident.birth_date is None,
    ),
    "limits": Question(
        section="limits",
        title=_("哪些活不方便做？"),
        form=lambda resident: forms.LimitsForm(data={"limits": resident.limits}),
        values=lambda resident, form: {"limits": form.limits.data},
        is_open=lambda resident, household: not resident.limits,
    ),
    "certificates": _phrases("certificates", _("有哪些证？"), _("别的证，照证上写")),
    "address": Question(
        section="contact",
        title=_("住哪一户？"),
        form=lambda resident: forms.AddressForm(),
        values=lambda resident, form: {"unit_address": form.unit_address.data},
        is_open=lambda resident, household: not household.unit_address,
    ),
}
#: Free at any hour is an answer; of limits and certificates none is one too, so these are asked
#: once on the way and never again.
ASKED_ONCE = frozenset({"limits", "certificates"})


def next_open(resident: Resident, household: Household, *, after: str = "") -> str | None:
    """Return the next question that nothing is known of, ``None`` when there is none.

    ``after`` is the one just shown: those before it are not asked again on the way. At the
    beginning, what may well be none is no question that is still open.
    """
    keys = list(QUESTIONS)
    begin = keys.index(after) + 1 if after else 0
    for key in keys[begin:]:
        if QUESTIONS[key].is_open(resident, household) and (after or key not in ASKED_ONCE):
            return key
    return None
