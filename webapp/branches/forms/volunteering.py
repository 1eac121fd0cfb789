"""The forms of what volunteers are wanted for, and of their hours; messages in Chinese."""

from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import NumberRange

from webapp.branches.forms.commitments import PairForm, span, time_field
from webapp.branches.services.volunteering import MOST_WANTED, HelpFields
from webapp.core.formfields import (
    ChecksField,
    DayField,
    KeyedForm,
    WholeNumberField,
    at_most,
    required,
    some_ids,
    tidy,
)


class HelpForm(PairForm):
    """What help is wanted, when, for whom."""

    trade = StringField(
        _("要懂哪一行的"),
        description=_("像：水电、辅导作业、手语。照这个去找人"),
        filters=[tidy],
        validators=[required(_("请写要懂哪一行的")), at_most(20)],
    )
    words = TextAreaField(
        _("做什么"),
        description=_("被问到的人都看得到：不写姓名、电话、病情"),
        filters=[tidy],
        validators=[required(_("请写做什么")), at_most(120)],
    )
    for_whom = StringField(
        _("给谁帮忙"),
        description=_("像：一位住三楼的老人；四点半课堂的孩子"),
        filters=[tidy],
        validators=[required(_("请写给谁帮忙")), at_most(40)],
    )
    day = DayField(_("哪天"), validators=[required(_("请填哪天"))])
    start = time_field(_("几点开始"))
    end = time_field(_("几点结束"))
    wanted = WholeNumberField(
        _("要几个人"),
        default=1,
        validators=[
            required(_("请填要几个人")),
            NumberRange(1, MOST_WANTED, message=_("请填 1 到 50")),
        ],
    )

    def fields(self) -> HelpFields:
        """Return what the service takes."""
        starts_at, ends_at = span(self.day.data, self.start.data, self.end.data)
        return HelpFields(
            trade=self.trade.data or "",
            words=self.words.data or "",
            for_whom=self.for_whom.data or "",
            starts_at=starts_at,
            ends_at=ends_at,
            wanted=self.wanted.data or 1,
            owner_id=self.owner.data or 0,
            backup_id=self.backup.data or 0,
        )


class AskForm(KeyedForm):
    """Whom to ask."""

    people = ChecksField(
        _("问谁"),
        coerce=int,
        validators=[some_ids(_("请勾要问的人"), _("一次最多问 30 位"), most=30)],
    )


class CallOffForm(KeyedForm):
    """Why help is not wanted any more."""

    reason = StringField(
        _("为什么不用了"), filters=[tidy], validators=[required(_("请写原因")), at_most(120)]
    )


class HoursForm(KeyedForm):
    """From when until when somebody helped."""

    day = DayField(_("哪天"), validators=[required(_("请填哪天"))])
    start = time_field(_("几点开始"))
    end = time_field(_("几点结束"))


class ConfirmForm(HoursForm):
    """The hours as another member confirms them, with a word of thanks."""

    thanks = StringField(
        _("谢一句"), filters=[tidy], validators=[required(_("请写一句谢谢")), at_most(120)]
    )
