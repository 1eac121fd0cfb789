"""The sections of a resident's file: each one page with one form and one line of summary."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from webapp.core.clock import today
from webapp.core.formatting import age_on, hours_words, yuan
from webapp.core.labels import label, labels_of
from webapp.core.vocabulary import ALWAYS, Demand, Kind
from webapp.residents.forms import profile as forms
from webapp.residents.models import Household, Resident

FEN = forms.FEN


@dataclass(frozen=True)
class Section:
    """One section: ``load`` fills its form, ``values`` reads it for the service.

    ``summary`` says in one line what is recorded, empty for nothing.
    """

    title: Any
    form: type[FlaskForm]
    load: Callable[[Resident, Household], dict[str, Any]]
    values: Callable[[Any], dict[str, Any]]
    summary: Callable[[Resident, Household], str]


def _columns(*names: str) -> dict[str, Callable[..., dict[str, Any]]]:
    """Return ``load`` and ``values`` of a form whose fields are columns."""
    return {
        "load": lambda resident, household: {name: getattr(resident, name) for name in names},
        "values": lambda form: {name: form[name].data for name in names},
    }


def _phrases(title: Any, form: type[FlaskForm], column: str) -> Section:
    return Section(
        title=title,
        form=form,
        summary=lambda resident, household: "、".join(getattr(resident, column)),
        **_columns(column),
    )


def _birth_words(day: date | None) -> str:
    # Without the day of the week that other dates carry.
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"


def _basics_summary(resident: Resident, household: Household) -> str:
    age = age_on(resident.birth_date, today())
    parts = [
        resident.name,
        label(resident.sex),
        _birth_words(resident.birth_date),
        gettext("%(n)d 岁", n=age) if age is not None else "",
        label(resident.education),
    ]
    return "，".join(part for part in parts if part)


def _contact_summary(resident: Resident, household: Household) -> str:
    parts = [household.unit_address, resident.phone or "", resident.contact_note]
    return "，".join(part for part in parts if part)


def _hours_summary(resident: Resident, household: Household) -> str:
    parts = [hours_words(resident.available), resident.situation]
    return "。".join(part for part in parts if part)


def _reach_summary(resident: Resident, household: Household) -> str:
    parts = [label(resident.reach)]
    if resident.min_pay_fen is not None:
        parts.append(gettext("每月至少 %(yuan)s 元", yuan=yuan(resident.min_pay_fen)))
    if resident.kinds:
        kinds = "、".join(str(labels_of(Kind).get(kind, kind)) for kind in resident.kinds)
        parts.append(gettext("只看：%(kinds)s", kinds=kinds))
    return "；".join(part for part in parts if part)


def _load_hours(resident: Resident, household: Household) -> dict[str, Any]:
    always = resident.available == ALWAYS
    told = [] if always else resident.available
    windows = [dict(window, days=list(window.get("days", ""))) for window in told]
    return {
        "always": always,
        "available": windows[: forms.WINDOWS],
        "situation": resident.situation,
    }


def _load_reach(resident: Resident, household: Household) -> dict[str, Any]:
    least = resident.min_pay_fen
    return {
        "reach": resident.reach,
        "min_pay": None if least is None else least // FEN,
        "kinds": resident.kinds,
    }


SECTIONS: dict[str, Section] = {
    "basics": Section(
        title=_("基本情况"),
        form=forms.BasicsForm,
        summary=_basics_summary,
        **_columns("name", "birth_date", "sex", "education"),
    ),
    "contact": Section(
        title=_("住址和联系"),
        form=forms.ContactForm,
        load=lambda resident, household: {
            "unit_address": household.unit_address,
            "phone": resident.phone,
            "contact_note": resident.contact_note,
        },
        values=lambda form: {
            "unit_address": form.unit_address.data,
            "phone": form.phone.data or None,
            "contact_note": form.contact_note.data or "",
        },
        summary=_contact_summary,
    ),
    "wanted": _phrases(_("想做啥"), forms.WantedForm, "wanted"),
    "skills": _phrases(_("会做啥"), forms.SkillsForm, "skills"),
    "hours": Section(
        title=_("啥时候有空"),
        form=forms.HoursForm,
        load=_load_hours,
        values=lambda form: {
            "available": form.windows,
            "situation": form.situation.data or "",
        },
        summary=_hours_summary,
    ),
    "reach": Section(
        title=_("能走多远、要挣多少"),
        form=forms.ReachForm,
        load=_load_reach,
        values=lambda form: {
            "reach": form.reach.data,
            "min_pay_fen": None if form.min_pay.data is None else form.min_pay.data * FEN,
            "kinds": form.kinds.data,
        },
        summary=_reach_summary,
    ),
    "certificates": _phrases(_("有哪些证"), forms.CertificatesForm, "certificates"),
    "limits": Section(
        title=_("做不了的活"),
        form=forms.LimitsForm,
        summary=lambda resident, household: "、".join(
            gettext("要%(what)s的活", what=labels_of(Demand).get(limit, limit))
            for limit in resident.limits
        ),
        **_columns("limits"),
    ),
}
# What the page of a resident lists as to be filled in, in order.
STEPS = ("wanted", "skills", "hours", "reach", "certificates")


# Those without which a fit is a guess; no certificate is an answer too.
NEEDED = frozenset({"wanted", "skills", "hours", "reach"})
# The column that tells whether a step has been answered, where its name is another.
_COLUMNS = {"hours": "available"}


def is_open(resident: Resident, section: str) -> bool:
    """Whether a needed step has not been answered."""
    return section in NEEDED and not getattr(resident, _COLUMNS.get(section, section))


def standing(resident: Resident, section: str) -> str:
    """Return in a word what has been answered to a step."""
    if is_open(resident, section):
        return gettext("还没填")
    if section == "hours" and resident.available == ALWAYS:
        return gettext("随时都行")
    if section == "certificates" and not resident.certificates:
        return gettext("没有证")
    return gettext("填了")
