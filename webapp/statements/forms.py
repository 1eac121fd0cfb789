"""Forms of statements and wages; messages in Chinese."""

import re
import unicodedata
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, ValidationError

from webapp.core.formfields import (
    KeyedForm,
    YuanField,
    as_choices,
    at_most,
    choices,
    required,
    tidy,
)
from webapp.residents.models import ConsentChannel
from webapp.statements.lifecycle import StatementScope

_AMOUNT = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?")
_TOLD = (ConsentChannel.IN_PERSON, ConsentChannel.PHONE)


class AskForm(KeyedForm):
    """Ask for a statement; the choices of ``months`` are set by the page, with what they show."""

    months = RadioField(_("写哪一段"), coerce=int, validators=[required(_("请选一段时间"))])
    scope = RadioField(
        _("写谁的"),
        choices=choices(StatementScope),
        default=StatementScope.PERSON.value,
        validators=[required(_("请选一样"))],
    )


class ToldForm(KeyedForm):
    """How and when a member of staff was told of somebody's agreement."""

    channel = RadioField(
        _("本人怎么说的"),
        choices=as_choices((one.value, one.label) for one in _TOLD),
        validators=[required(_("请选一样"))],
    )
    note = StringField(
        _("什么时候、谁在场"),
        filters=[tidy],
        validators=[required(_("写一句：什么时候、怎么说的、谁在场")), at_most(200)],
    )


class AskForSomebodyForm(AskForm, ToldForm):
    """Ask for a statement for somebody who said so."""


class RevokeForm(KeyedForm):
    """Why a statement no longer stands."""

    reason = StringField(
        _("为什么作废"),
        filters=[tidy],
        validators=[required(_("请写一句")), at_most(200)],
        description=_("外人看不到这句话，只看到哪天作废的"),
    )


class ObjectForm(KeyedForm):
    """What is wrong with a wage that an employer confirmed."""

    words = StringField(
        _("哪里不对"),
        filters=[tidy],
        validators=[required(_("请写一句，比如：只给了 2,000 元")), at_most(200)],
        description=_("只有社区看得到，单位看不到"),
    )


class WageForm(KeyedForm):
    """What an employer paid somebody for a month; the choices of ``month`` are set by the page."""

    month = RadioField(_("哪个月的工资"), validators=[required(_("请选月份"))])
    amount_yuan = YuanField(
        _("发到本人手里多少"),
        places=2,
        description=_("扣了社保、个税以后实发的"),
        validators=[required(_("请填数目"))],
    )

    @property
    def amount_fen(self) -> int:
        """The amount in fen; raises ``ValueError`` for what is none."""
        amount = self.amount_yuan.data
        if amount is None or not amount.is_finite() or abs(amount) > 10**9:
            raise ValueError
        return round(amount * 100)


def fen_of(text: str) -> int | None:
    """Return the fen of an amount as somebody copies it from paper; ``None`` for anything else.

    >>> fen_of("3,482.50 元"), fen_of("￥３４８２．５"), fen_of("三千")
    (348250, 348250, None)
    """
    plain = re.sub(r"[\s,，元¥￥]", "", unicodedata.normalize("NFKC", text))
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        return None
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _is_amount(_form: Any, field: Any) -> None:
    if fen_of(field.data or "") is None:
        raise ValidationError(gettext("请填数字，像 3482.5 这样"))


class AmountForm(FlaskForm):
    """The amount that stands on the paper."""

    amount = StringField(
        _("纸上写的“一共”是多少元"),
        validators=[required(_("请填纸上的数目")), at_most(20), _is_amount],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
