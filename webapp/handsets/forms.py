"""The switches of a telephone."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField

from webapp.core.formfields import KeyedForm, at_most, required
from webapp.notices.push import LONGEST_ENDPOINT

_UNREADABLE = _("这台手机没有给出能用的地址，再点一次")


class SwitchForm(FlaskForm):
    """On or off."""

    on = BooleanField(_("打开"))


class SubscriptionForm(KeyedForm):
    """Where a browser takes notices, as its script fills it in; 65 and 16 bytes in base64url."""

    endpoint = HiddenField(validators=[required(_UNREADABLE), at_most(LONGEST_ENDPOINT)])
    p256dh = HiddenField(validators=[required(_UNREADABLE), at_most(100)])
    auth = HiddenField(validators=[required(_UNREADABLE), at_most(40)])
