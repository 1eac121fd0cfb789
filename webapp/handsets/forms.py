"""The switches of a telephone."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField


class SwitchForm(FlaskForm):
    """On or off."""

    on = BooleanField(_("打开"))
