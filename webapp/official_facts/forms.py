"""Forms of official facts; messages in Chinese."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import Optional

from webapp.core.formfields import DayField, KeyedForm, at_most, choices, required, tidy
from webapp.official_facts.lifecycle import FactKind, FactSource, Ground, Insurance


class FactForm(KeyedForm):
    """What an office has on record, since when, and where that was seen."""

    kind = RadioField(
        _("记哪一样"), choices=choices(FactKind), validators=[required(_("请选一样"))]
    )
    starts_on = DayField(_("从哪天起"), validators=[required(_("请填日期，记不清写个大概"))])
    source = RadioField(
        _("在哪里看到的"), choices=choices(FactSource), validators=[required(_("请选一样"))]
    )
    ground = SelectField(
        _("就业困难是哪一类"),
        description=_("加密保存，看一次记一次；不给用人单位看"),
        choices=choices(Ground, empty=_("先不写")),
    )
    insurance = SelectField(
        _("社会保险怎么参的"), choices=choices(Insurance, empty=_("不是记社保"))
    )
    ends_on = DayField(_("到哪天为止"), description=_("现在还是就空着"), validators=[Optional()])


class EndForm(KeyedForm):
    """The last day of a fact."""

    ends_on = DayField(_("到哪天为止"), validators=[required(_("请填日期"))])


class WithdrawForm(KeyedForm):
    """Why a fact was recorded by mistake."""

    reason = StringField(
        _("哪里错了"), filters=[tidy], validators=[required(_("请写一句")), at_most(200)]
    )
