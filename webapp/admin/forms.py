"""Forms of the administration."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Optional

from webapp.admin.presentation.areas import choices_by_area
from webapp.core.access import Role
from webapp.core.formfields import (
    DayField,
    as_choices,
    at_most,
    choices,
    clean,
    name_field,
    new_password_field,
    phone_field,
    required,
)
from webapp.core.labels import LabelledEnum

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


class Days(LabelledEnum):
    """Usual stretches of days, counted back from today."""

    TODAY = "today", "今天"
    WEEK = "week", "最近七天"
    THIS_MONTH = "this_month", "这个月"
    LAST_MONTH = "last_month", "上个月"


class AuditFilter(FlaskForm):
    """Filter of the audit trail; sent by GET."""

    who = StringField(_("谁（姓名或手机号）"), filters=[clean], validators=[at_most(40)])
    thing = StringField(
        _("对谁、对什么"),
        description=_("居民、单位的名字，机会的标题"),
        filters=[clean],
        validators=[at_most(40)],
    )
    action = SelectField(
        _("做了什么"),
        choices=choices_by_area(_("全部")),
        validate_choice=False,  # an unknown one in an address asks for nothing
    )
    days = SelectField(_("哪些天"), choices=choices(Days, empty=_("不限")), validate_choice=False)
    since = DayField(_("从哪天"), validators=[Optional()])
    until = DayField(_("到哪天"), validators=[Optional()])
    reveals = BooleanField(_("只看读了保密信息的"))

    class Meta:
        """Reading needs no token."""

        csrf = False

    def validate_until(self, field: Any) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(gettext("这一天比“从哪天”还早"))

    def stretch(self, today: date) -> tuple[date | None, date | None]:
        """Return the first and the last day asked for; days written out come before a choice."""
        if self.since.data or self.until.data:
            return self.since.data, self.until.data
        first = today.replace(day=1)
        return {
            Days.TODAY: (today, today),
            Days.WEEK: (today - timedelta(days=6), today),
            Days.THIS_MONTH: (first, today),
            Days.LAST_MONTH: (
                (first - timedelta(days=1)).replace(day=1),
                first - timedelta(days=1),
            ),
        }.get(self.days.data, (None, None))


class AuditPurpose(LabelledEnum):
    """What the trail is taken away for."""

    SOMEBODY_ASKS = "somebody_asks", "有人问起"
    ROUTINE_LOOK = "routine_look", "定期检查"
    INCIDENT = "incident", "出了事要查"
    SUPERVISORS = "supervisors", "交给上级、监察"


class AuditExportForm(FlaskForm):
    """As which file the entries are taken away, and for what."""

    purpose = RadioField(
        _("拿去做什么"),
        choices=choices(AuditPurpose),
        validators=[InputRequired(_("请选拿去做什么"))],
    )
    form_of_file = RadioField(
        _("哪一种文件"),
        choices=as_choices([("xlsx", _("Excel 表格（xlsx）")), ("csv", _("文字表格（csv）"))]),
        default="xlsx",
        validators=[InputRequired(_("请选一种文件"))],
    )
