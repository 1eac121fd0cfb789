"""Forms on the way from an interview to a job, and after it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional

from webapp.core import clock
from webapp.core.converters import LARGEST_ID
from webapp.core.formfields import (
    DayField,
    WholeNumberField,
    as_choices,
    at_most,
    choices,
    required,
    tidy,
)
from webapp.core.photos import Kept
from webapp.core.vocabulary import PayUnit
from webapp.employment.lifecycle import ContractKind, SocialInsurance
from webapp.employment.services.terms import Signed
from webapp.matches.forms.fields import NOTE, HourField, fen, near, note_field, soon, yuan_field
from webapp.matches.reason_codes import FollowUpSource, LeaveReason, RefuseReason


class InviteForm(FlaskForm):
    """When and where an interview is."""

    day = DayField(_("哪天面试"), validators=[required(_("请填日期")), soon])
    time = HourField(_("几点"), validators=[required(_("请填几点，像 14:30"))])
    place = StringField(
        _("在哪里"), filters=[tidy], validators=[required(_("请填地点")), at_most(120)]
    )

    contact = StringField(
        _("到了找谁"),
        description=_("比如：前台找王主管，023-68000000"),
        filters=[tidy],
        validators=[at_most(60)],
    )
    bring = StringField(
        _("要带什么"),
        description=_("比如：身份证复印件、健康证。原件看过就还"),
        filters=[tidy],
        validators=[at_most(120)],
    )

    @property
    def at(self) -> datetime:
        """The moment, as clocks here show it."""
        return datetime.combine(self.day.data, self.time.data, clock.LOCAL)


class JobOfferForm(FlaskForm):
    """A word to the applicant that one wants them."""

    message = note_field(_("想对本人说的话"), description=_("比如什么时候来签合同，本人会看到"))


def _contract_photos() -> MultipleFileField:
    return MultipleFileField(
        _("合同的照片"),
        description=_("最多 4 张，一张最多 8 兆。只有本人、单位和社区看得到。"),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )


class ContractForm(FlaskForm):
    """Pictures of a contract; ``kept`` are those among the uploads."""

    photos = _contract_photos()
    kept: Sequence[Kept] = ()

    def validate_photos(self, field: Any) -> None:
        """Ask for one at least."""
        if not any(getattr(one, "filename", "") for one in field.data or ()):
            raise ValidationError(gettext("请选照片"))


class HireForm(FlaskForm):
    """From when somebody works, and what shows it; ``kept`` are pictures among the uploads."""

    kept: Sequence[Kept] = ()

    start_date = DayField(_("哪天上岗"), validators=[required(_("请填日期")), near])
    evidence = StringField(
        _("凭什么记"),
        description=_("比如：签了劳动合同、当面核实、排班表"),
        filters=[tidy],
        validators=[required(_("请写一句")), at_most(200)],
    )
    contract = SelectField(
        _("签的什么合同"), choices=choices(ContractKind, empty=_("还没签、不清楚")), default=""
    )
    months = WholeNumberField(
        _("合同签几个月"),
        validators=[Optional(), NumberRange(min=1, max=600, message=_("请填 1 到 600 个月"))],
    )
    pay_yuan = yuan_field(_("工钱多少"))
    pay_unit = SelectField(
        _("工钱怎么算"),
        choices=as_choices(
            (one.value, _("一%(per)s多少", per=one.label))
            for one in (PayUnit.MONTH, PayUnit.DAY, PayUnit.HOUR)
        ),
        default=PayUnit.MONTH.value,
    )
    probation_until = DayField(
        _("试用期到哪天"), description=_("没有试用期就空着"), validators=[Optional()]
    )
    probation_pay_yuan = yuan_field(_("试用期工钱多少"))
    insurance = SelectField(
        _("社会保险"), choices=choices(SocialInsurance, empty=_("不清楚")), default=""
    )
    photos = _contract_photos()

    def validate_contract(self, field: Any) -> None:
        """Ask for the kind of contract when anything of one is told."""
        told = (self.months, self.pay_yuan, self.probation_until, self.probation_pay_yuan)
        if not field.data and (self.insurance.data or any(one.data is not None for one in told)):
            raise ValidationError(gettext("说了合同的内容，就选一下是什么合同"))

    @property
    def signed(self) -> Signed | None:
        """What was signed, ``None`` when nobody said."""
        if not self.contract.data:
            return None
        return Signed(
            contract=ContractKind(self.contract.data),
            months=self.months.data,
            pay_fen=fen(self.pay_yuan.data),
            pay_unit=PayUnit(self.pay_unit.data),
            probation_until=self.probation_until.data,
            probation_pay_fen=fen(self.probation_pay_yuan.data),
            insurance=SocialInsurance(self.insurance.data) if self.insurance.data else None,
        )


class RefuseForm(FlaskForm):
    """Why an employer takes somebody else: the code says it, a remark is read by staff first."""

    refuse_code = RadioField(
        _("原因"), choices=choices(RefuseReason), validators=[required(_("请选一个原因"))]
    )
    remark = TextAreaField(
        _("还想对本人说的"),
        description=_(
            "可以不写。社区先看过，合适才给本人看。不能提性别、年龄、婚育、残疾、户籍这些。"
        ),
        filters=[tidy],
        validators=[at_most(150)],
    )


class AskForForm(FlaskForm):
    """For which other opening an employer wants this person."""

    other_opening = SelectField(
        _("哪个招聘"), coerce=int, validate_choice=False, validators=[required(_("请选一个招聘"))]
    )
    ask_words = StringField(
        _("为什么想请这个人"),
        description=_("社区和本人会看到"),
        filters=[tidy],
        validators=[required(_("请写一句")), at_most(120)],
    )

    def validate_other_opening(self, field: Any) -> None:
        """Refuse what is no id."""
        if field.data is None or not 0 < field.data <= LARGEST_ID:
            raise ValidationError(gettext("请选一个招聘"))


class LeaveForm(FlaskForm):
    """How a job ended."""

    leave_code = RadioField(
        _("怎么离岗的"), choices=choices(LeaveReason), validators=[required(_("请选一个原因"))]
    )
    leave_note = note_field(_("补一句"))


class FollowUpForm(FlaskForm):
    """What was heard when asking after a job, and from whom."""

    asked = RadioField(
        _("问了谁，说还在做"),
        choices=[*choices(FollowUpSource), *as_choices([("both", _("两边都问了，都说还在"))])],
        validators=[required(_("请选问了谁"))],
    )
    heard = note_field(_("回访情况"))


class UndoHireForm(FlaskForm):
    """How a hire came to be noted by mistake."""

    mistake = StringField(
        _("怎么记错的"), filters=[tidy], validators=[required(_("请写一句")), at_most(NOTE)]
    )
