"""Forms of the administration."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import Length, Optional

from webapp.admin.presentation.audit import ACTIONS
from webapp.core.access import Role
from webapp.core.formfields import (
    as_choices,
    at_most,
    clean,
    name_field,
    new_password_field,
    phone_field,
    required,
)

OPENED_HERE = (Role.STAFF, Role.ADMIN)  # residents and employers register themselves


class AccountForm(FlaskForm):
    """A new account of a member of staff or an admin."""

    role = RadioField(
        _("哪种账号"),
        choices=as_choices((role.value, role.label) for role in OPENED_HERE),
        validators=[required(_("请选一种"))],
    )
    name = name_field()
    phone = phone_field()
    branch = SelectField(
        _("哪个支部"),
        description=_("社区工作人员要选"),
        coerce=lambda value: int(value) if value else None,
        validators=[Optional()],
    )
    title = StringField(
        _("管什么"),
        description=_("写在「求助」那一页，居民看得到"),
        filters=[clean],
        validators=[at_most(40)],
    )
    password = new_password_field(_("初始密码"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Staff also need a branch."""
        good = super().validate(extra_validators)
        if self.role.data == Role.STAFF and self.branch.data is None:
            self.branch.errors = [_("请选支部")]
            return False
        return good


class AuditFilter(FlaskForm):
    """Filter of the audit trail; sent by GET."""

    who = StringField(_("谁（姓名或手机号）"), filters=[clean], validators=[Length(max=40)])
    action = SelectField(
        _("做了什么"),
        choices=as_choices([("", _("全部")), *ACTIONS.items()]),
        validators=[Optional()],
    )

    class Meta:
        """Reading needs no token."""

        csrf = False
