"""Forms of employers: the organisation, its registration, and what staff decide."""

import re
import unicodedata
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from stdnum.cn import uscc
from wtforms import (
    Field,
    HiddenField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.core import clock, receipt_codes
from webapp.core.formfields import (
    DayField,
    as_choices,
    at_most,
    clean,
    name_field,
    new_password_field,
    phone_field,
    required,
    tidy,
)
from webapp.employers.services.checks import Papers

TELEPHONE = re.compile(r"\+?[0-9][0-9 \-]{5,18}")
# What staff must have seen before they verify.
PAPERS = (
    ("licence", _("营业执照（或登记证书）")),
    ("identity", _("经办人身份证")),
    ("authorisation", _("单位开的授权书或介绍信")),
)


def _code(value: Any) -> Any:
    """Filter: a credit code in capitals without spaces."""
    if not isinstance(value, str):
        return value
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", value)).upper()


def is_credit_code(_form: FlaskForm, field: Field) -> None:
    """Validator: 18 characters whose check digit fits (GB 32100-2015)."""
    if not uscc.is_valid(field.data or ""):
        raise ValidationError(gettext("这个代码不对，请照营业执照上的 18 位代码再核对一遍"))


def is_receipt_code(_form: FlaskForm, field: Field) -> None:
    """Validator: as many signs as an invitation has."""
    if receipt_codes.plain(field.data or "") is None:
        raise ValidationError(gettext("邀请码有 12 位，请再对一遍"))


def is_telephone(_form: FlaskForm, field: Field) -> None:
    """Validator: a mobile or a landline number."""
    if not TELEPHONE.fullmatch(field.data or ""):
        raise ValidationError(gettext("请填能打通的电话，例如 023-68123456"))


class OrganisationForm(FlaskForm):
    """The organisation itself."""

    name = StringField(
        _("单位全称"),
        filters=[clean],
        validators=[required(_("请填单位全称")), Length(min=2, message=_("请填全称")), at_most(80)],
        description=_("照营业执照上的名称填"),
    )
    credit_code = StringField(
        _("统一社会信用代码"),
        filters=[_code],
        validators=[required(_("请填统一社会信用代码")), is_credit_code],
        description=_("营业执照上的 18 位代码"),
        render_kw={"autocapitalize": "characters", "maxlength": 40},
    )
    industry = StringField(
        _("做哪一行"),
        filters=[clean],
        validators=[required(_("请填做哪一行")), at_most(40)],
        description=_("例如：家政、餐饮、手工艺品"),
    )
    address = StringField(
        _("单位地址"), filters=[clean], validators=[required(_("请填地址")), at_most(120)]
    )
    contact_name = StringField(
        _("联系人（经办人）"),
        filters=[clean],
        validators=[required(_("请填联系人姓名")), at_most(40)],
    )


class OrganisationEditForm(OrganisationForm):
    """A change of the organisation's data by those who act for it."""

    phone = StringField(
        _("联系电话"),
        filters=[clean],
        validators=[required(_("请填联系电话")), is_telephone],
        render_kw={"inputmode": "tel", "maxlength": 20},
    )


class RegisterForm(OrganisationForm):
    """A new organisation with the account of the person who acts for it."""

    phone = phone_field(_("联系人手机号"))
    password = new_password_field()


class VerifyForm(FlaskForm):
    """The papers staff have seen: all of them, or there is no verifying.

    ``revision`` says which state of the file was on the page.
    """

    revision = HiddenField()
    papers = SelectMultipleField(
        _("当面看过的证件"),
        choices=as_choices(PAPERS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    licence_number = StringField(
        _("执照号码"),
        filters=[clean],
        validators=[required(_("请填执照号码")), at_most(40)],
        description=_("一般就是统一社会信用代码"),
    )
    licence_until = DayField(
        _("执照到哪一天"), validators=[Optional()], description=_("写着“长期”就空着")
    )
    agent_name = StringField(
        _("经办人姓名"),
        filters=[clean],
        validators=[required(_("请填经办人姓名")), at_most(40)],
        description=_("和身份证对一遍。身份证号不用记"),
    )
    authorised_until = DayField(
        _("授权到哪一天"), validators=[Optional()], description=_("授权书没写日子就空着")
    )

    def validate_papers(self, field: Field) -> None:
        """Refuse while a paper is missing."""
        if set(field.data or []) != {value for value, _words in PAPERS}:
            raise ValidationError(gettext("三样都看过，才能通过核实"))

    def validate_licence_until(self, field: Field) -> None:
        """Refuse a licence that has run out."""
        if field.data is not None and field.data < clock.today():
            raise ValidationError(gettext("执照已经过期，不能通过核实"))

    def validate_authorised_until(self, field: Field) -> None:
        """Refuse a letter of authority that has run out."""
        if field.data is not None and field.data < clock.today():
            raise ValidationError(gettext("授权已经过期，请单位重新开"))

    def seen(self) -> Papers:
        """Return what was seen."""
        return Papers(
            licence_number=self.licence_number.data or "",
            licence_until=self.licence_until.data,
            agent_name=self.agent_name.data or "",
            authorised_until=self.authorised_until.data,
        )


class ReasonForm(FlaskForm):
    """Why a file is refused, suspended or closed; the employer reads it."""

    reason = TextAreaField(
        _("原因"),
        filters=[tidy],
        validators=[required(_("请写明原因，单位会看到")), at_most(200)],
        description=_("单位会看到这句话"),
    )


class JoinForm(FlaskForm):
    """The account of somebody who was invited to act for an employer."""

    name = name_field(own=True)
    phone = phone_field()
    password = new_password_field()


class InvitationCodeForm(FlaskForm):
    """The code of an invitation, typed from paper or a message."""

    code = StringField(
        _("邀请码"),
        filters=[clean],
        validators=[required(_("请填邀请码")), is_receipt_code],
        description=_("同事发给您的 12 位码"),
        render_kw={"autocapitalize": "characters", "autocomplete": "off", "maxlength": 20},
    )
