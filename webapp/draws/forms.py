"""Forms of draws; messages in Chinese."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField

from webapp.core.formfields import DayField, KeyedForm, at_most, choices, required, tidy
from webapp.draws.lifecycle import SeedSource


class FreezeForm(KeyedForm):
    """Which public result the order is derived from."""

    source = RadioField(
        _("用哪个开奖"),
        choices=choices(SeedSource),
        default=SeedSource.SSQ.value,
        validators=[required(_("请选一样"))],
    )
    day = DayField(
        _("哪天开奖"),
        description=_("双色球周二、四、日开，大乐透周一、三、六开。只能用以后的。"),
        validators=[required(_("请填日期"))],
    )


class SeedForm(KeyedForm):
    """The result, as the lottery published it."""

    round_number = HiddenField()
    numbers = StringField(
        _("开奖号码"),
        filters=[tidy],
        validators=[required(_("请填开奖号码")), at_most(60)],
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )

    def validate_round_number(self, field: Any) -> None:
        """Read the round that the page was made for; what is none is no round."""
        text = field.data or ""
        self.round_read = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


class CancelForm(FlaskForm):
    """Why nothing is drawn; everybody reads it."""

    reason = StringField(
        _("为什么不抽了"),
        description=_("写在公开的页面上，谁都看得到"),
        filters=[tidy],
        validators=[required(_("请写一句")), at_most(200)],
    )
