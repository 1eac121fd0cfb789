"""Form pieces of a resident's file: ages, windows of hours."""

from datetime import date

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field, ValidationError

from webapp.core import clock
from webapp.core.formatting import age_on

EARLIEST_BIRTH = date(1900, 1, 1)
YOUNGEST = 16  # 劳动法第十五条: nobody under 16 may be employed


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
