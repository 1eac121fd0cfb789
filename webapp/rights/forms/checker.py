"""Forms of rights: the checker's taps, the admin's word on a policy, a counter."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import Optional

from webapp.core.formfields import (
    ChecksField,
    KeyedForm,
    as_choices,
    at_most,
    choices,
    required,
    tidy,
)
from webapp.rights.lifecycle import Verdict
from webapp.rights.questions import ALL, DEFAULTS, FAMILY, Question


class CheckerForm(FlaskForm):
    """Questions answered by taps; each may stay open. Sent, answered, and kept nowhere."""

    family = ChecksField(
        _("下面这些，有哪样点哪样"),
        description=_("不想说的可以不点。只在这一页上用，不记下来"),
        choices=as_choices(FAMILY),
    )

    @property
    def answers(self) -> dict[str, str]:
        """What was tapped, question → option."""
        return {one.name: self[one.name].data or "" for one in ALL}

    @property
    def tapped(self) -> list[tuple[str, str]]:
        """All that was tapped as (field, value), to be sent along with the next page."""
        single = [(name, value) for name, value in self.answers.items() if value]
        return single + [(self.family.name, value) for value in self.family.data or []]


def _field(question: Question) -> RadioField:
    return RadioField(
        question.label,
        choices=as_choices((option.value, option.label) for option in question.options),
        default=DEFAULTS.get(question.name),
        validators=[Optional()],
    )


for _question in ALL:
    setattr(CheckerForm, _question.name, _field(_question))


class PolicyCheckForm(KeyedForm):
    """What the admin found of a policy's text."""

    digest = HiddenField(validators=[required()])
    verdict = RadioField(
        _("核对的结果"), choices=choices(Verdict), validators=[required(_("请选一样"))]
    )
    note = StringField(
        _("凭什么"),
        description=_("文件名、文号、网页。说不办了的一定要写"),
        filters=[tidy],
        validators=[at_most(200)],
    )


class CounterForm(KeyedForm):
    """Where a counter is and when it is open."""

    address = StringField(
        _("在哪里"), filters=[tidy], validators=[required(_("请填地址")), at_most(120)]
    )
    phone = StringField(_("电话"), filters=[tidy], validators=[at_most(20)])
    hours = StringField(
        _("什么时候开门"),
        description=_("像：周一至周五 9:00–12:00，13:30–17:30"),
        filters=[tidy],
        validators=[required(_("请填什么时候开门")), at_most(120)],
    )


def prefilled(form: CheckerForm, known: dict[str, Any]) -> CheckerForm:
    """Return the form with what is known already tapped, to be looked at and changed."""
    for name, value in known.items():
        form[name].data = value
    return form
