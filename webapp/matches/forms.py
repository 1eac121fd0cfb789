"""Forms of matches; names differ from form to form, since several stand on one page."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional

from webapp.core import clock
from webapp.core.converters import LARGEST_ID
from webapp.core.formfields import (
    FURTHEST,
    DayField,
    WholeNumberField,
    YuanField,
    as_choices,
    at_most,
    choices,
    required,
    some_ids,
    tidy,
)
from webapp.core.photos import Kept
from webapp.core.vocabulary import PayUnit
from webapp.employment.lifecycle import ContractKind, SocialInsurance
from webapp.employment.services.terms import Signed
from webapp.matches.policy import Reachable, channels_to, reaching
from webapp.matches.reason_codes import (
    Channel,
    DeclineReason,
    DismissReason,
    FollowUpSource,
    LeaveReason,
    RefuseReason,
    RemarkVerdict,
)

NOTE = 200
CHANNEL_FIELDS = frozenset({"channel", "again_channel", "own_channel"})
TOLD = as_choices([(Channel.PHONE.value, _("电话")), (Channel.IN_PERSON.value, _("当面"))])


def _note(label: Any, *, description: Any = "") -> StringField:
    return StringField(
        label,
        description=description,
        filters=[tidy],
        validators=[at_most(NOTE)],
    )


def _yuan(label: Any) -> YuanField:
    return YuanField(
        label,
        places=2,
        validators=[Optional(), NumberRange(min=1, max=200000, message=_("请填 1 到 200000 元"))],
    )


def _fen(amount: Decimal | None) -> int | None:
    return None if amount is None else round(amount * 100)


def _soon(_form: FlaskForm, field: Any) -> None:
    if field.data is not None and not clock.today() <= field.data <= clock.today() + FURTHEST:
        raise ValidationError(gettext("请填今天以后、一年以内的日子"))


def _near(_form: FlaskForm, field: Any) -> None:
    if field.data is not None and abs(field.data - clock.today()) > FURTHEST:
        raise ValidationError(gettext("日子离今天太远了，请再看看"))


class HourField(TimeField):
    """A time of day; validation messages in Chinese."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time; keep what was typed when it is none."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("时间不对，请像 14:30 这样填")) from error


def offer_channels(form: FlaskForm, resident: Reachable) -> None:
    """Leave in the fields for a channel those that reach this resident, one of them chosen."""
    ways = [choice for choice in choices(Channel) if choice.value in channels_to(resident)]
    for field in form:
        if field.name in CHANNEL_FIELDS:
            field.choices = ways
            if not form.is_submitted():
                field.data = reaching(resident, Channel(field.data)).value


class ConfirmForm(FlaskForm):
    """How the resident is told, and until when an answer is awaited."""

    channel = SelectField(_("怎么告诉居民"), choices=choices(Channel), default=Channel.PAGE.value)
    offered_until = DayField(_("等到哪天"), validators=[Optional(), _soon])


class DismissForm(FlaskForm):
    """Why a suggestion is put aside."""

    code = RadioField(
        _("为什么不合适"), choices=choices(DismissReason), validators=[required(_("请选一个原因"))]
    )
    note = _note(_("补一句"))


class PostponeForm(FlaskForm):
    """How many days a suggestion rests."""

    days = WholeNumberField(
        _("过几天再看"),
        default=7,
        validators=[required(), NumberRange(min=1, max=90, message=_("请填 1 到 90 天"))],
    )


class BulkForm(FlaskForm):
    """Several suggestions at once."""

    ids = SelectMultipleField(
        _("选中的"),
        coerce=int,
        validate_choice=False,
        validators=[some_ids(_("请先勾选几条"), _("一次最多 100 条"))],
    )
    act = SelectField(choices=as_choices([("confirm", ""), ("dismiss", "")]))
    sure = HiddenField()
    bulk_channel = SelectField(
        _("怎么告诉居民"), choices=choices(Channel), default=Channel.PAGE.value
    )
    bulk_code = SelectField(
        _("为什么不合适"), choices=choices(DismissReason), default=DismissReason.OTHER.value
    )


class AnswerForm(FlaskForm):
    """What a resident told staff."""

    answer = RadioField(
        _("本人怎么说"),
        choices=as_choices(
            [
                ("apply", _("愿意，也同意把情况告诉单位")),
                ("interested", _("愿意，先不告诉单位")),
                ("decline", _("这次不选")),
            ]
        ),
        validators=[required(_("请选一项"))],
    )
    told = RadioField(_("怎么说的"), choices=TOLD, validators=[required(_("请选一项"))])
    why = SelectField(
        _("不选的原因（本人愿意说才填）"),
        choices=choices(DeclineReason, empty=_("没有说")),
        default="",
    )
    words = _note(_("补一句"))


class DeclineForm(FlaskForm):
    """A resident's own no; a reason only if they like."""

    why = RadioField(
        _("愿意说说为什么吗"),
        choices=[*choices(DeclineReason), *as_choices([("", _("不想说"))])],
        default="",
        validators=[Optional()],
    )


class InviteForm(FlaskForm):
    """When and where an interview is."""

    day = DayField(_("哪天面试"), validators=[required(_("请填日期")), _soon])
    time = HourField(_("几点"), validators=[required(_("请填几点，像 14:30"))])
    place = StringField(
        _("在哪里"),
        filters=[tidy],
        validators=[required(_("请填地点")), at_most(120)],
    )

    @property
    def at(self) -> datetime:
        """The moment, as clocks here show it."""
        return datetime.combine(self.day.data, self.time.data, clock.LOCAL)


class JobOfferForm(FlaskForm):
    """A word to the applicant that one wants them."""

    message = _note(_("想对本人说的话"), description=_("比如什么时候来签合同，本人会看到"))


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

    start_date = DayField(_("哪天上岗"), validators=[required(_("请填日期")), _near])
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
    pay_yuan = _yuan(_("工钱多少"))
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
    probation_pay_yuan = _yuan(_("试用期工钱多少"))
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
            pay_fen=_fen(self.pay_yuan.data),
            pay_unit=PayUnit(self.pay_unit.data),
            probation_until=self.probation_until.data,
            probation_pay_fen=_fen(self.probation_pay_yuan.data),
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


class RemarkForm(FlaskForm):
    """What staff say of an employer's remark after reading it."""

    verdict = RadioField(
        _("给不给本人看"), choices=choices(RemarkVerdict), validators=[required(_("请选一个"))]
    )


class AskForForm(FlaskForm):
    """For which other opening an employer wants this person."""

    other_opening = SelectField(
        _("哪个招聘"),
        coerce=int,
        validate_choice=False,
        validators=[required(_("请选一个招聘"))],
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
    leave_note = _note(_("补一句"))


class WhyForm(FlaskForm):
    """Why something else was chosen, told afterwards."""

    because = RadioField(
        _("愿意说说为什么吗"),
        description=_("说了，下次推荐得更准。不说也行。"),
        choices=choices(DeclineReason),
        validators=[required(_("请选一个原因"))],
    )


class FollowUpForm(FlaskForm):
    """What was heard when asking after a job, and from whom."""

    asked = RadioField(
        _("问了谁，说还在做"),
        choices=[*choices(FollowUpSource), *as_choices([("both", _("两边都问了，都说还在"))])],
        validators=[required(_("请选问了谁"))],
    )
    heard = _note(_("回访情况"))


class UndoHireForm(FlaskForm):
    """How a hire came to be noted by mistake."""

    mistake = StringField(
        _("怎么记错的"),
        filters=[tidy],
        validators=[required(_("请写一句")), at_most(NOTE)],
    )


class RenewForm(FlaskForm):
    """Tell a resident once more."""

    again_channel = SelectField(
        _("怎么告诉居民"), choices=choices(Channel), default=Channel.PHONE.value
    )


class SuggestForm(FlaskForm):
    """An opening that staff themselves think of."""

    opening_id = RadioField(
        _("推荐哪个机会"),
        coerce=int,
        validate_choice=False,
        validators=[required(_("请选一个机会"))],
    )
    own_channel = SelectField(
        _("怎么告诉居民"), choices=choices(Channel), default=Channel.PHONE.value
    )
    why = _note(_("为什么合适"), description=_("写给居民看的一句话"))

    def validate_opening_id(self, field: Any) -> None:
        """Refuse what is no id."""
        if field.data is None or not 0 < field.data <= LARGEST_ID:
            raise ValidationError(gettext("请选一个机会"))
