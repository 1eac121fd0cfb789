"""Forms of a forgotten password."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from webapp.accounts.forms import ResetForm
from webapp.core.formfields import phone_field
from webapp.residents.forms.household import code_field


class ForgottenForm(FlaskForm):
    """Whose password was forgotten."""

    phone = phone_field(_("您登记的手机号"))


class NewPasswordForm(ResetForm):
    """The code that came, and the new password."""

    code = code_field()
