"""Forms of long cases; messages in Chinese."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms import ValidationError as Invalid
from wtforms.validators import AnyOf, Length

from webapp.core.formfields import (
    MOBILE,
    DayField,
    KeyedForm,
    as_choices,
    at_most,
    choices,
    clean,
    required,
    squeeze_digits,
    tidy,
)
from webapp.residents.models import ConsentChannel
from webapp.tickets.long_case_lifecycle import (
    CaseReadReason,
    LongCaseKind,
    LongCaseOutcome,
    PaperKind,
    StepKind,
)

_SPOKEN = [(one.value, one.label) for one in (ConsentChannel.IN_PERSON, ConsentChannel.PHONE)]


def _words(label: str, most: int, message: str = "", **kwargs: str) -> TextAreaField:
    checks = [required(message), at_most(most)] if message else [at_most(most)]
    return TextAreaField(label, filters=[tidy], validators=checks, **kwargs)


class HandsForm(KeyedForm):
    """Who works on it, and who stands in."""

    owner = SelectField(_("谁来跑"), coerce=int, validators=[required(_("请选一位"))])
    backup = SelectField(_("替补是谁"), coerce=int, validators=[required(_("请选一位"))])

    def offer(self, members: list[tuple[int, str]], *, own_id: int | None = None) -> None:
        """Give the members of the branch to choose from; first the actor, with somebody else."""
        for field in (self.owner, self.backup):
            field.choices = as_choices(members)
        if not self.is_submitted():
            self.owner.data = self.owner.data or own_id
            others = (one for one, _name in members if one != self.owner.data)
            self.backup.data = self.backup.data or next(others, None)


class NextForm(KeyedForm):
    """The next errand and its day."""

    next_kind = SelectField(
        _("下一步"), choices=choices(StepKind), validators=[required(_("请选一样"))]
    )
    next_words = StringField(_("去哪里、找谁、带什么"), filters=[tidy], validators=[at_most(120)])
    next_on = DayField(_("哪天去"), validators=[required(_("请填日子，到那天会提醒"))])


class OpenForm(HandsForm, NextForm):
    """What a long case is about, for a resident of the files."""

    kind = RadioField(
        _("是哪一种事"), choices=choices(LongCaseKind), validators=[required(_("请选一种"))]
    )
    about = _words(_("什么事"), 300, _("请写两句是什么事"))
    agreed_how = RadioField(
        _("本人怎么答应社区陪着办的"),
        choices=as_choices(_SPOKEN),
        validators=[required(_("请选一样"))],
    )


class OutsideForm(OpenForm):
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
    phone = StringField(
        _("手机号"),
        filters=[squeeze_digits],
        validators=[at_most(20)],
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )

    def validate_phone(self, field: StringField) -> None:
        """Take a mobile number or nothing."""
        if field.data and not MOBILE.fullmatch(field.data):
            raise Invalid(gettext("请填 11 位手机号"))


class StepForm(NextForm):
    """An errand that was made, and what comes next."""

    day = DayField(_("哪天跑的"), validators=[required(_("请填日子"))])
    kind = SelectField(
        _("办了什么"), choices=choices(StepKind), validators=[required(_("请选一样"))]
    )
    place = StringField(_("去了哪里"), filters=[tidy], validators=[at_most(60)])
    met = StringField(_("见了谁"), filters=[tidy], validators=[at_most(60)])
    came_of = _words(_("结果怎么样"), 300, _("请写一句结果怎么样"))


class PaperForm(KeyedForm):
    """A paper that is needed."""

    kind = SelectField(
        _("哪样材料"), choices=choices(PaperKind), validators=[required(_("请选一样"))]
    )
    name = StringField(
        _("说清楚是哪一张"),
        description=_("像：第一次住院的出院证。别写病情"),
        filters=[tidy],
        validators=[at_most(40)],
    )
    needed_for = SelectField(_("哪一步要用"), choices=choices(StepKind, empty=_("都要用")))
    in_hand = BooleanField(_("已经在手上了"))


class MovePaperForm(KeyedForm):
    """Where a paper is now; the button pressed says it."""

    state = HiddenField()


class EndForm(KeyedForm):
    """How it ended."""

    outcome = RadioField(
        _("结果"), choices=choices(LongCaseOutcome), validators=[required(_("请选一种"))]
    )
    words = _words(_("说两句"), 300, _("请写两句：得了什么、差在哪里"))


class ReadForm(FlaskForm):
    """Why somebody reads what it is about; the button pressed says it."""

    reason = HiddenField(
        validators=[AnyOf([one.value for one in CaseReadReason], message=_("请点一个原因"))]
    )
