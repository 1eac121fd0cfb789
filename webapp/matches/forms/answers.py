"""Forms of residents: a no, and a reason told afterwards."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import Optional

from webapp.core.formfields import as_choices, choices, required
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
