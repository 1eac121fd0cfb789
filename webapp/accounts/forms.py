"""Forms of accounts."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField, ValidationError
from wtforms.validators import Length, Regexp

from webapp.core import receipt_codes
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


def pin_field(label: Any) -> PasswordField:
    """Return the field for the PIN of a login card."""
    return PasswordField(
        label,
        filters=[squeeze_digits],
        validators=[
            required(_("请填六位数字")),
            Regexp(r"[0-9]{6}\Z", message=_("是六位数字")),
        ],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 6},
    )


class CardCodeForm(FlaskForm):
    """What stands on a card, typed."""

    code = StringField(
        _("卡上的号码"),
        description=_("十二个字母和数字，大小写、空格、横线都不要紧"),
        validators=[required(_("请填卡上的号码"))],
        render_kw={"autocomplete": "off", "maxlength": 30},
    )

    def validate_code(self, field: StringField) -> None:
        """Refuse what is no code of a card."""
        if receipt_codes.plain(field.data or "") is None:
            raise ValidationError(gettext("号码是十二个字母和数字，再对着卡看看"))


class CardLoginForm(FlaskForm):
    """What somebody with a card knows by heart."""

    pin = pin_field(_("您的六位数字"))


class CardForm(FlaskForm):
    """A new card: the person themself types the PIN, twice, and nobody looks."""

    pin = pin_field(_("请本人输六位数字"))
    again = pin_field(_("再输一遍"))

    def validate_pin(self, field: PasswordField) -> None:
        """Refuse what is soon guessed: one digit, or a run."""
        pin = field.data or ""
        if len(set(pin)) < 3 or pin in "01234567890" or pin in "09876543210":
            raise ValidationError(gettext("太容易猜了，换一个，别用 123456 这样的"))

    def validate_again(self, field: PasswordField) -> None:
        """Refuse a slip of the finger."""
        if field.data != self.pin.data:
            raise ValidationError(gettext("两遍不一样，再输一次"))


class SwitchForm(FlaskForm):
    """The switch of a way to see pages: large print, pictures first."""

    on = BooleanField()
