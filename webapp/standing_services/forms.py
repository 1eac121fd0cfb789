"""Forms of standing services; messages in Chinese."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import AnyOf, Length, NumberRange, Optional

from webapp.core.formatting import WEEKDAYS
from webapp.core.formfields import (
    MOBILE,
    ChecksField,
    DayField,
    KeyedForm,
    WholeNumberField,
    as_choices,
    at_most,
    choices,
    clean,
    required,
    squeeze_digits,
    tidy,
)
from webapp.standing_services.lifecycle import (
    SAID,
    AgreedHow,
    EndReason,
    PauseReason,
    ReadReason,
    ServiceKind,
)
from webapp.standing_services.schedule import Rhythm

BY_DAYS, BY_WEEK = "days", "week"


class PlanForm(KeyedForm):
    """By whom, how often, from when."""

    owner = SelectField(_("谁去"), coerce=int, validators=[required(_("请选一位"))])
    backup = SelectField(
        _("替补是谁"),
        coerce=int,
        description=_("本支部的另一位。到日子没人去，系统先告诉替补"),
        validators=[required(_("请选一位"))],
    )
    beat = RadioField(
        _("多久去一次"),
        choices=as_choices([(BY_DAYS, _("隔几天一次")), (BY_WEEK, _("每周固定几天"))]),
        default=BY_DAYS,
        validators=[required(_("请选一样"))],
    )
    every_days = WholeNumberField(
        _("每几天一次"),
        validators=[Optional(), NumberRange(min=1, max=92, message=_("填 1 到 92"))],
    )
    weekdays = ChecksField(
        _("每周哪几天"),
        choices=as_choices((str(n + 1), f"周{day}") for n, day in enumerate(WEEKDAYS)),
    )
    begin = DayField(_("从哪天开始"), validators=[Optional()])
    to_ask = TextAreaField(
        _("还要问什么"),
        description=_("一行一样。别写病名，像：药盒空了没有、轮椅刹车修好没有"),
        filters=[tidy],
        validators=[at_most(200)],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the half of the beat that was chosen."""
        good = super().validate(extra_validators)
        if self.beat.data == BY_DAYS and not self.every_days.errors and not self.every_days.data:
            self.every_days.errors = [gettext("每几天一次，填个数")]
            good = False
        if self.beat.data == BY_WEEK and not self.weekdays.data:
            self.weekdays.errors = [gettext("每周哪几天，至少点一天")]
            good = False
        return good

    def offer(self, members: list[tuple[int, str]], *, own_id: int | None = None) -> None:
        """Give the members of the branch to choose from; first the actor, with somebody else."""
        for field in (self.owner, self.backup):
            field.choices = as_choices(members)
        if not self.is_submitted():
            self.owner.data = self.owner.data or own_id
            others = (one for one, _name in members if one != self.owner.data)
            self.backup.data = self.backup.data or next(others, None)

    @property
    def rhythm(self) -> Rhythm:
        """How often, as the service takes it."""
        if self.beat.data == BY_DAYS:
            return Rhythm(self.every_days.data, "")
        return Rhythm(None, "".join(sorted(set(self.weekdays.data or []))))


class ArrangeForm(PlanForm):
    """What is agreed with a resident of the files."""

    kind = RadioField(
        _("哪一种"), choices=choices(ServiceKind), validators=[required(_("请选一种"))]
    )
    agreed_how = RadioField(
        _("本人怎么答应的"), choices=choices(AgreedHow), validators=[required(_("请选一样"))]
    )
    agreed_on = DayField(_("哪天答应的"), validators=[required(_("请填日子"))])
    agreed_note = StringField(_("谁在场、纸放在哪"), filters=[tidy], validators=[at_most(100)])
    notes_agreed = BooleanField(
        _("本人也同意每次记两行情况（只有去的人、替补和书记能看）"),
        description=_("不同意也照样去，只记去没去"),
    )


class OutsideForm(ArrangeForm):
    """The same for somebody outside the files."""

    name = StringField(
        _("姓名"),
        filters=[clean],
        validators=[
            required(_("请填姓名")),
            Length(min=2, max=40, message=_("姓名要 2 到 40 个字")),
        ],
        render_kw={"autocomplete": "off"},
    )
    address = StringField(
        _("住哪里"), filters=[tidy], validators=[required(_("请填住哪里")), at_most(60)]
    )
    phone = StringField(
        _("电话"), filters=[squeeze_digits], validators=[at_most(20)],
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )  # fmt: skip

    def validate_phone(self, field: StringField) -> None:
        """Take a mobile number, or a landline with its area code."""
        digits = field.data or ""
        landline = digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 12
        if digits and not MOBILE.fullmatch(digits) and not landline:
            raise ValidationError(gettext("电话号码不对，请核对"))


class VisitForm(KeyedForm):
    """What came of a visit; the button pressed says which."""

    outcome = HiddenField(
        validators=[AnyOf([one.value for one in SAID], message=_("请点一个按钮"))]
    )
    note = TextAreaField(
        _("记两行"),
        filters=[tidy],
        validators=[at_most(200)],
    )
    next_on = DayField(_("改到哪天"), validators=[Optional()])


class NeedForm(KeyedForm):
    """Somebody wants work, and says yes to being called about it."""

    agreed = HiddenField()
    words = StringField(
        _("想做什么、什么时候有空"),
        description=_("别写病情"),
        filters=[tidy],
        validators=[at_most(100)],
    )


class PauseForm(KeyedForm):
    """Until when nobody goes, and why."""

    reason = RadioField(
        _("为什么停"), choices=choices(PauseReason), validators=[required(_("请选一样"))]
    )
    until = DayField(_("停到哪天"), validators=[required(_("请填日子，到那天自动接着去"))])


class EndForm(KeyedForm):
    """Why it ends."""

    reason = RadioField(
        _("为什么结束"), choices=choices(EndReason), validators=[required(_("请选一样"))]
    )


class ReadForm(FlaskForm):
    """Why somebody reads the notes."""

    reason = RadioField(
        _("为什么看"), choices=choices(ReadReason), validators=[required(_("请选一样"))]
    )
