"""Form pieces of a resident's file: ages, windows of hours."""

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, Form, SelectField, ValidationError

from webapp import clock
from webapp.formatting import WEEKDAYS, age_on
from webapp.formfields import ChecksField
from webapp.words import as_choices

EARLIEST_BIRTH = date(1900, 1, 1)
YOUNGEST = 16  # 劳动法第十五条: nobody under 16 may be employed
HALF_HOURS = [f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in range(0, 24 * 60 + 1, 30)]


def is_birth_date(_form: FlaskForm, field: Field) -> None:
    """Validator: a possible day of birth of somebody who may work."""
    day = field.data
    if day is None:
        return
    if day > clock.today() or day < EARLIEST_BIRTH:
        raise ValidationError(gettext("出生日期不对，请再看看"))
    age = age_on(day, clock.today())
    if age is not None and age < YOUNGEST:
        raise ValidationError(gettext("不满 16 岁，法律不许上班，社区还不能登记"))


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
