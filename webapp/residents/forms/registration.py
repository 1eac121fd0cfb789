"""Forms of registration, by residents and by staff."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, Optional, Regexp

from webapp.core import clock
from webapp.core.formfields import (
    DayField,
    KeyedForm,
    as_choices,
    at_most,
    choices,
    clean,
    is_mobile,
    name_field,
    new_password_field,
    phone_field,
    required,
    squeeze_digits,
)
from webapp.core.vocabulary import Education, Sex
from webapp.residents.forms.fields import is_birth_date
from webapp.residents.lifecycle import AgeTold
from webapp.residents.models import ConsentChannel
from webapp.residents.unit_address import UnknownUnitAddress, known_unit_address

# How a member of staff was told of a consent.
CHANNELS = as_choices(
    [
        (ConsentChannel.IN_PERSON.value, _("当面说的")),
        (ConsentChannel.PHONE.value, _("电话里说的")),
    ]
)
# Why a member of staff reads a sensitive fact; the audit trail keeps the code.
REASONS = as_choices(
    [
        ("identity", _("核对身份")),
        ("subsidy", _("申报补贴、社保")),
        ("allowance", _("核对低保、就业困难认定")),
        ("request", _("本人要求查看或更正")),
    ]
)


def one_of(kind: type[StrEnum]) -> Callable[[Any], Any]:
    """Return a coercion to a member of ``kind``; an empty choice is no choice."""
    return lambda value: kind(value) if value else None


def unit_address_field() -> StringField:
    """Return the field for the unit address of a household."""
    return StringField(
        _("住哪一户"),
        description=_("栋、单元、房号，像 3栋2单元-501"),
        filters=[clean],
        validators=[
            required(_("请填门牌")),
            Length(max=60, message=_("门牌太长了")),
            _is_unit_address,
        ],
        render_kw={"maxlength": 60},
    )


def contact_phone_field() -> StringField:
    """Return the field for a number to call, which may stay empty."""
    return StringField(
        _("联系电话"),
        filters=[squeeze_digits],
        validators=[Optional(), is_mobile],
        render_kw={"inputmode": "tel", "maxlength": 20},
    )


def _is_unit_address(_form: FlaskForm, field: Field) -> None:
    try:
        known_unit_address(field.data or "", on=clock.today())
    except UnknownUnitAddress as unknown:
        raise ValidationError(unknown.message) from unknown


class RegisterForm(KeyedForm):
    """A resident registers: the least that is needed, and two separate consents."""

    # Two taps open one account; a form without a key is one of its own.
    idempotency_key = HiddenField(
        validators=[Optional(), Regexp(r"[0-9a-f]{32}\Z", message=_("请刷新页面再填"))],
        render_kw={"id": False},
    )
    name = name_field(own=True)
    phone = phone_field()
    password = new_password_field()
    unit_address = unit_address_field()
    service = BooleanField(
        _("我同意：社区用我填的这些情况帮我找活路"),
        validators=[required(_("要您同意了，社区才能帮您找活路"))],
    )
    sensitive = BooleanField(_("我另外同意：社区可以记录我的残疾、低保、身份证信息，用来申报补贴"))


class NewcomerForm(KeyedForm):
    """Whoever comes from an opening: the least by which the branch can call.

    The rest is asked later, but for the age: nobody under 16 may work.
    """

    name = name_field(own=True)
    phone = phone_field()
    age = RadioField(
        _("您多大了"),
        choices=choices(AgeTold),
        coerce=one_of(AgeTold),
        validators=[required(_("请选一个"))],
    )
    service = BooleanField(
        _("我同意：社区用我填的这些情况帮我找活路"),
        validators=[required(_("要您同意了，社区才能帮您找活路"))],
    )


class AssistedForm(FlaskForm):
    """Staff register somebody who told them so."""

    name = name_field()
    unit_address = unit_address_field()
    phone = contact_phone_field()
    contact_note = StringField(
        _("怎么联系"),
        description=_("没有电话的，写清怎么找到人，像「找楼下小卖部王姐」"),
        filters=[clean],
        validators=[at_most(100)],
    )
    birth_date = DayField(_("出生日期"), validators=[Optional(), is_birth_date])
    sex = RadioField(_("性别"), choices=choices(Sex), coerce=one_of(Sex), validators=[Optional()])
    education = RadioField(
        _("上过什么学"),
        choices=choices(Education),
        coerce=one_of(Education),
        validators=[Optional()],
    )
    consent = BooleanField(
        _("本人同意使用就业服务，并由社区代办"),
        validators=[required(_("本人没有同意，不能登记"))],
    )
    channel = RadioField(
        _("本人怎么说的"),
        choices=CHANNELS,
        validators=[required(_("请选一种"))],
    )
    note = TextAreaField(
        _("同意的情况"),
        description=_("谁在场、哪天说的，一两句"),
        filters=[clean],
        validators=[at_most(200)],
    )


class OpenAccountForm(FlaskForm):
    """An account for an assisted resident; the password is handed over in person."""

    phone = phone_field()
    password = new_password_field(_("初始密码"))


class RevealForm(FlaskForm):
    """Why a sensitive fact is read."""

    reason = RadioField(_("为什么要看"), choices=REASONS, validators=[required(_("请选一个原因"))])


class ResponsibleForm(FlaskForm):
    """Who answers for a household."""

    member = RadioField(_("责任人"), coerce=int, validators=[required(_("请选一个人"))])
