"""Forms of contacts, caseloads and saved filters."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, Optional

from webapp.accounts.models import FilteredList
from webapp.contacts.models import ContactWay
from webapp.contacts.presentation import tomorrow
from webapp.contacts.service import Said
from webapp.core import clock
from webapp.core.formfields import (
    FURTHEST,
    DayField,
    KeyedForm,
    as_choices,
    at_most,
    choices,
    required,
    some_ids,
    tidy,
)

LONGEST = 300


def is_later(field: Any) -> None:
    """Refuse a day that is not from tomorrow on, within a year."""
    if field.data and not clock.today() < field.data <= clock.today() + FURTHEST:
        raise ValidationError(gettext("请填明天以后、一年以内的日子"))


class ContactForm(KeyedForm):
    """What came of a call or a visit."""

    way = RadioField(_("怎么联系的"), choices=choices(ContactWay), default=ContactWay.PHONE.value)
    reached = RadioField(
        _("联系上了吗"),
        choices=as_choices([("yes", _("联系上了")), ("no", _("没联系上"))]),
        default="yes",
    )
    words = TextAreaField(
        _("说了什么"),
        filters=[tidy],
        validators=[
            required(_("请写一句说了什么")),
            at_most(LONGEST),
        ],
    )
    next_on = DayField(_("哪天再问"), validators=[Optional()])

    def validate_next_on(self, field: Any) -> None:
        """A day from tomorrow on, within a year."""
        is_later(field)


class CallLogForm(KeyedForm):
    """What came of a call, in a line: who was not reached is called again, tomorrow if not said."""

    came = HiddenField()
    words = StringField(
        _("说了什么"),
        filters=[tidy],
        validators=[at_most(LONGEST)],
        render_kw={"maxlength": LONGEST},
    )
    next_on = DayField(_("哪天再打"), validators=[Optional()])

    @property
    def reached(self) -> bool:
        """Whether somebody answered: the button that was pressed."""
        return bool(self.came.data == "yes")

    def said(self) -> Said:
        """Return what goes on record."""
        if self.reached:
            return Said(ContactWay.PHONE, True, self.words.data, self.next_on.data)
        again = self.next_on.data or tomorrow()
        return Said(ContactWay.PHONE, False, self.words.data or gettext("没打通"), again)

    def validate_came(self, field: Any) -> None:
        """One of the two buttons."""
        if field.data not in {"yes", "no"}:
            raise ValidationError(gettext("请点打通了没有"))

    def validate_words(self, field: Any) -> None:
        """Whoever answered said something."""
        if self.reached and not field.data:
            raise ValidationError(gettext("请写一句说了什么"))

    def validate_next_on(self, field: Any) -> None:
        """A day from tomorrow on, within a year."""
        is_later(field)


class CallForm(KeyedForm):
    """Whether somebody without a file was reached; nothing else is kept of the call."""

    reached = RadioField(
        _("联系上了吗"),
        choices=as_choices(
            [("yes", _("说好了，愿意的已经登记")), ("no", _("没联系上"))],
        ),
        default="yes",
    )


class ShareOutForm(FlaskForm):
    """Assign households to a member of staff; without ``sure`` the page shows a preview."""

    ids = SelectMultipleField(
        _("选中的户"),
        coerce=int,
        validate_choice=False,
        validators=[some_ids(_("请先勾选几户"), _("一次最多 100 户"))],
    )
    member = SelectField(_("责任人"), coerce=int)
    sure = HiddenField()


class FilterForm(FlaskForm):
    """The name under which a list's filter is kept."""

    name = StringField(
        _("起个名字"),
        filters=[tidy],
        validators=[
            required(_("请起个名字")),
            at_most(20),
        ],
    )
    list = SelectField(choices=choices(FilteredList))
    query = HiddenField(validators=[Length(max=300, message=_("筛选太长了，存不下"))])


class BrokerForm(KeyedForm):
    """Which labour broker looks after an employer; the view sets who can be chosen."""

    broker = SelectField(_("谁去跑"), validators=[Optional()])
