"""Forms of living together and of proving a number."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import Regexp

from webapp.core.formfields import at_most, clean, required, squeeze_digits
from webapp.residents.forms.registration import unit_address_field

NOTE = 200


def code_field() -> StringField:
    """Return the field for a code that was sent to a number."""
    return StringField(
        _("短信里的六位数字"),
        filters=[squeeze_digits],
        validators=[
            required(_("请填六位数字")),
            Regexp(r"[0-9]{6}\Z", message=_("验证码是六位数字")),
        ],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 10},
    )


class CodeForm(FlaskForm):
    """The six digits that were sent to a number."""

    code = code_field()


class AskToJoinForm(FlaskForm):
    """Whose household one asks to be counted to, by its address."""

    unit_address = unit_address_field()


class JoinDecisionForm(FlaskForm):
    """How staff know what they decide about living together."""

    note: Any = TextAreaField(
        _("怎么知道的"),
        description=_("像「两人当面都说了」「看了租房合同」，一两句"),
        filters=[clean],
        validators=[required(_("请写一句怎么知道的")), at_most(NOTE)],
    )
