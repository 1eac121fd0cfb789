"""Forms of residents: a no, a reason told afterwards, another time of an interview."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectMultipleField, ValidationError
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.core.formfields import as_choices, choices, required
from webapp.matches import half_days
from webapp.matches.reason_codes import DeclineReason


class DeclineForm(FlaskForm):
    """A resident's own no; a reason only if they like."""

    why = RadioField(
        _("愿意说说为什么吗"),
        choices=[*choices(DeclineReason), *as_choices([("", _("不想说"))])],
        default="",
        validators=[Optional()],
    )


class WhyForm(FlaskForm):
    """Why something else was chosen, told afterwards."""

    because = RadioField(
        _("愿意说说为什么吗"),
        description=_("说了，下次推荐得更准。不说也行。"),
        choices=choices(DeclineReason),
        validators=[required(_("请选一个原因"))],
    )


class OtherTimeForm(FlaskForm):
    """When somebody could come to an interview instead; nothing has to be typed."""

    halves = SelectMultipleField(
        _("哪些时候能去"),
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    wants_call = BooleanField(_("说不准，社区打电话跟我商量"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.halves.choices = as_choices((one.code, one.words) for one in half_days.ahead())

    def validate_wants_call(self, field: Any) -> None:
        """Ask for one at least: a half day, or a call."""
        if not field.data and not self.halves.data:
            raise ValidationError(gettext("请点一个能去的时候，或者点打电话商量"))
