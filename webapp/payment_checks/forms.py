"""Forms of calls; messages in Chinese."""

from decimal import Decimal

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import NumberRange, Optional

from webapp.core.formfields import (
    KeyedForm,
    YuanField,
    at_most,
    choices,
    required,
    tidy,
)
from webapp.payment_checks.lifecycle import Answer, Resolution


class CallForm(KeyedForm):
    """Before the numbers are shown."""

    no_relative = BooleanField(_("这家不是我的亲戚，也不是我家里人"))


class AnswerForm(KeyedForm):
    """What the household said."""

    answer = RadioField(_("怎么说"), choices=choices(Answer), validators=[required(_("请选一样"))])
    amount = YuanField(
        _("实际收到多少"),
        places=2,
        description=_("少了的才填"),
        validators=[
            Optional(),
            NumberRange(min=Decimal("0.01"), max=1000000, message=_("请填收到的钱数")),
        ],
    )

    @property
    def amount_fen(self) -> int | None:
        """The amount in fen, ``None`` where none was typed."""
        return None if self.amount.data is None else round(self.amount.data * 100)


class ResolveForm(KeyedForm):
    """What came of looking into it."""

    resolution = RadioField(
        _("后来怎么样"), choices=choices(Resolution), validators=[required(_("请选一样"))]
    )
    words = StringField(
        _("怎么查的、怎么补的"),
        filters=[tidy],
        validators=[required(_("请写一句")), at_most(200)],
    )
