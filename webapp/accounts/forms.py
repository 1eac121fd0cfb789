"""Forms of accounts."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import Length

from webapp.core.formfields import new_password_field, required, squeeze_digits


class LoginForm(FlaskForm):
    """Phone and password; a malformed one fails like a wrong password."""

    phone = StringField(
        _("手机号"),
        filters=[squeeze_digits],
        validators=[required(_("请填手机号")), Length(max=32, message=_("请填 11 位手机号"))],
        render_kw={"inputmode": "tel", "autocomplete": "username"},
    )
    password = PasswordField(
        _("密码"),
        validators=[required(_("请填密码")), Length(max=128, message=_("手机号或密码不对"))],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(FlaskForm):
    """A change of one's own password."""

    current = PasswordField(
        _("现在的密码"),
        validators=[required(_("请填现在的密码")), Length(max=128, message=_("密码不对"))],
        render_kw={"autocomplete": "current-password"},
    )
    password = new_password_field(_("新密码"))


class ResetForm(FlaskForm):
    """A new password for somebody else."""

    password = new_password_field(_("新密码"))

    def refuse_number(self, phone: str) -> bool:
        """Return whether the password contains the account's phone number; sets the field error."""
        if phone and phone in (self.password.data or ""):
            self.password.errors = [_("这个密码太容易被猜到，换一个吧")]
            return True
        return False


class LargePrintForm(FlaskForm):
    """The switch of the large-print mode."""

    on = BooleanField(_("大字版"))
