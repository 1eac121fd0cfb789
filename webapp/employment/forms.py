"""Forms of employment spells; messages in Chinese."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import Optional

from webapp.core.converters import LARGEST_ID
from webapp.core.formfields import (
    DayField,
    KeyedForm,
    as_choices,
    at_most,
    choices,
    required,
    tidy,
)
from webapp.employment.lifecycle import Evidence, SpellKind

_NO_ILLNESS = _("不写病名、残疾、低保")


class SaidForm(KeyedForm):
    """What a person does, as they say it themself."""

    kind = RadioField(
        _("现在在做什么"),
        choices=choices(SpellKind),
        validators=[required(_("请选一样"))],
    )
    starts_on = DayField(_("从哪天起"), validators=[required(_("请填日期，记不清写个大概"))])
    ends_on = DayField(_("到哪天为止"), description=_("还在做就空着"), validators=[Optional()])
    words = StringField(
        _("在哪里、做什么"), description=_NO_ILLNESS, filters=[tidy], validators=[at_most(200)]
    )
    looking = BooleanField(
        _("还想找别的活"),
        description=_("不勾的话，有工作了就不再推荐活路，手上的推荐先停下"),
    )


class SpellForm(SaidForm):
    """What a person does, and what shows it; ``corrects`` is the row it stands for."""

    evidence = RadioField(
        _("凭什么记"), choices=choices(Evidence), validators=[required(_("请选一样"))]
    )
    corrects = HiddenField()

    @property
    def corrects_id(self) -> int | None:
        """The id of the row to be withdrawn, if one is named."""
        text = self.corrects.data or ""
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
        return number if 0 < number <= LARGEST_ID else None


class VerifyForm(KeyedForm):
    """What was seen of something that somebody said."""

    evidence = RadioField(
        _("看到了什么"),
        choices=as_choices(
            (one.value, one.label) for one in Evidence if one is not Evidence.OWN_WORD
        ),
        validators=[required(_("请选一样"))],
    )
    words = StringField(
        _("写一句"), description=_NO_ILLNESS, filters=[tidy], validators=[at_most(200)]
    )


class EndForm(KeyedForm):
    """The last day of a spell."""

    ends_on = DayField(_("到哪天为止"), validators=[required(_("请填日期"))])


class WithdrawForm(KeyedForm):
    """Why a spell was recorded by mistake."""

    reason = StringField(
        _("哪里错了"), filters=[tidy], validators=[required(_("请写一句")), at_most(200)]
    )
