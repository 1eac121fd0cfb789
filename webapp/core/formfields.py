"""Form pieces shared by all parts: names and phones, days and numbers, phrases, the form's key."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DecimalField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.core import passwords, posting, request_keys
from webapp.core.converters import LARGEST_ID
from webapp.core.errors import BadField, Incomplete
from webapp.core.formatting import WEEKDAYS
from webapp.core.labels import LabelledEnum, labels_of

MOBILE = re.compile(r"1[3-9][0-9]{9}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
FURTHEST = timedelta(days=366)  # how far from today a day may be that is typed in
PHRASE_BREAK = re.compile(r"[\n,，;；、|]+")


def choices(kind: type[LabelledEnum], *, empty: Any = None) -> list[SelectChoice]:
    """Return a form field's choices, with a first empty one if worded."""
    pairs: list[tuple[str, Any]] = list(labels_of(kind).items())
    return as_choices([("", empty), *pairs] if empty is not None else pairs)


def as_choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Return (value, label) pairs as WTForms wants them."""
    return [SelectChoice(value, words) for value, words in pairs]


def clean(value: Any) -> Any:
    """Filter: full-width to half-width and no spaces around, for short fields."""
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value


def tidy(value: Any) -> Any:
    """Filter: no control characters and no spaces around; punctuation stays as written."""
    return CONTROL.sub("", value).strip() if isinstance(value, str) else value


def squeeze_digits(value: Any) -> Any:
    """Filter: a phone number without spaces, dashes and the country code."""
    if not isinstance(value, str):
        return value
    digits = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", value))
    return digits.removeprefix("+86")


def is_mobile(_form: FlaskForm, field: Field) -> None:
    """Validator: a Chinese mobile number of 11 digits."""
    if not MOBILE.fullmatch(field.data or ""):
        raise ValidationError(gettext("请填 11 位手机号"))


def is_good_password(form: FlaskForm, field: Field) -> None:
    """Validator: long enough and not easily guessed."""
    phone = form["phone"].data if "phone" in form else ""
    fault = passwords.fault(field.data or "", phone or "")
    if fault:
        raise ValidationError(fault)


class _FilledIn(InputRequired):
    """Something was sent, and not blanks alone."""

    def __call__(self, form: Any, field: Field) -> None:
        super().__call__(form, field)
        if isinstance(field.data, str) and not field.data.strip():
            field.errors[:] = []
            raise StopValidation(self.message)


def required(message: Any = None) -> InputRequired:
    """Validator: must be filled in."""
    return _FilledIn(message or _("这一项要填"))


def at_most(n: int) -> Length:
    """Validator: no more than ``n`` characters."""
    return Length(max=n, message=_("最多 %(max)d 个字"))


class EmptyForm(FlaskForm):
    """A button: nothing but the CSRF token."""


def name_field(*, own: bool = False) -> StringField:
    """Return the field for a person's name; a browser may offer the reader's ``own`` only."""
    return StringField(
        _("姓名"),
        filters=[clean],
        validators=[
            required(_("请填姓名")),
            Length(min=2, max=40, message=_("姓名要 2 到 40 个字")),
        ],
        render_kw={"autocomplete": "name" if own else "off", "maxlength": 40},
    )


def phone_field(label: Any = None) -> StringField:
    """Return the usual phone field."""
    return StringField(
        label or _("手机号"),
        filters=[squeeze_digits],
        validators=[required(_("请填手机号")), is_mobile],
        render_kw={"inputmode": "tel", "autocomplete": "username", "maxlength": 20},
    )


def new_password_field(label: Any = None) -> PasswordField:
    """Return a field for a new password."""
    return PasswordField(
        label or _("设一个密码"),
        validators=[required(_("请设一个密码")), is_good_password],
        render_kw={"autocomplete": "new-password", "maxlength": 128},
    )


class PhrasesField(TextAreaField):
    """A list of short phrases, one a line or parted by commas; ``data`` is a list of str."""

    def __init__(self, *args: Any, most: int = 30, longest: int = 60, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most, self.longest = most, longest

    def _value(self) -> str:
        return "\n".join(self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        """Split what was typed; empty and repeated phrases fall away."""
        text = unicodedata.normalize("NFKC", valuelist[0]) if valuelist else ""
        phrases = (part.strip() for part in PHRASE_BREAK.split(text))
        self.data = list(dict.fromkeys(part for part in phrases if part))

    def pre_validate(self, form: Any) -> None:
        """Refuse too many or too long phrases."""
        if len(self.data or []) > self.most:
            raise ValidationError(gettext("最多填 %(n)d 条", n=self.most))
        if any(len(phrase) > self.longest for phrase in self.data or []):
            raise ValidationError(gettext("每条最多 %(n)d 个字", n=self.longest))


class DayField(DateField):
    """A calendar day; validation messages in Chinese."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Parse the day; text that is none stays in the field."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("日期不对，请像 1975-03-08 这样填")) from error


class YuanField(DecimalField):
    """An amount in yuan; validation messages in Chinese."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Parse the amount; an empty field is ``None``."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("请填数字，单位是元")) from error


class WholeNumberField(IntegerField):
    """A whole number; validation messages in Chinese."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Parse the number; an empty field is ``None``."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("请填整数，只填数字")) from error


class ChecksField(SelectMultipleField):
    """A list of checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def some_ids(nothing: Any, too_many: Any, *, most: int = 100) -> Any:
    """Return a validator of ticked ids: at least one, at most ``most``, each one a row may have."""

    def check(_form: FlaskForm, field: Field) -> None:
        if not field.data:
            raise ValidationError(nothing)
        if len(field.data) > most or any(not 0 < one <= LARGEST_ID for one in field.data):
            raise ValidationError(too_many)

    return check


class KeyedForm(FlaskForm):
    """A form whose page has a key, so that sent twice it is carried out once.

    Its view writes by :func:`webapp.core.posting.write_and_redirect`.
    """

    idempotency_key = HiddenField(
        validators=[Regexp(r"[0-9a-f]{32}\Z", message=_("请刷新页面再填"))],
        render_kw={"id": False},  # a page may hold several such forms
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.idempotency_key.raw_data is None:  # shown, not sent
            self.idempotency_key.data = request_keys.fresh()

    @property
    def own_key(self) -> str:
        """The key as services keep it: the same key sent by somebody else is another one."""
        return posting.own_key(self.idempotency_key.data)


HALF_HOURS = [f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in range(0, 24 * 60 + 1, 30)]


class WindowForm(Form):
    """One window of free hours; all empty means none."""

    days = ChecksField(
        _("哪几天"),
        choices=as_choices((str(n + 1), f"周{day}") for n, day in enumerate(WEEKDAYS)),
    )
    start = SelectField(_("从几点"), validate_choice=False, choices=[])
    end = SelectField(_("到几点"), validate_choice=False, choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.start, self.end):
            # A time between the half hours (from a spreadsheet) stays choosable.
            known = set(HALF_HOURS)
            extra = [field.data] if field.data and field.data not in known else []
            times = sorted(HALF_HOURS + extra)
            field.choices = as_choices([("", gettext("请选")), *((time, time) for time in times)])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return not (self.days.data or self.start.data or self.end.data)

    def fault(self) -> str | None:
        """Return what is wrong with the window, ``None`` for nothing."""
        if not self.days.data:
            return gettext("请选哪几天")
        if not is_time(self.start.data) or not is_time(self.end.data):
            return gettext("请选从几点到几点")
        if self.start.data == self.end.data:
            return gettext("开始和结束不能一样；全天有空就选「随时都行」")
        return None


def is_time(text: str | None) -> bool:
    """Return whether ``text`` is a time of day, ``24:00`` included.

    >>> is_time("08:30"), is_time("24:00"), is_time("24:30"), is_time("8:3")
    (True, True, False, False)
    """
    if text == "24:00":
        return True
    hour, colon, minute = (text or "").partition(":")
    digits = hour + minute
    if len(hour) != 2 or len(minute) != 2 or not digits.isascii() or not digits.isdigit():
        return False
    return bool(colon) and int(hour) < 24 and int(minute) < 60


def show_faults(form: Any, error: BadField | Incomplete, names: Mapping[str, str]) -> None:
    """Put what a service found wrong beside the fields; what has none goes on top.

    ``names`` tells where the form calls a field of the service otherwise.
    """
    faults = (
        [(error.field, error.message)]
        if isinstance(error, BadField)
        else [(fault.field, fault.message) for fault in error.faults]
    )
    for name, message in faults:
        name = names.get(name, name)
        if name in form:
            form[name].errors = [*form[name].errors, message]
        else:
            form.form_errors.append(message)
