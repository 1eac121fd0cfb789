"""Forms of payees: where pay goes, a look at the card, why it was not right."""

import re
import unicodedata
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from stdnum import luhn
from wtforms import BooleanField, Field, HiddenField, RadioField, StringField, ValidationError
from wtforms.validators import InputRequired

from webapp.core.formfields import as_choices, at_most, clean, required
from webapp.piecework.forms.fields import PieceworkForm
from webapp.piecework.models.money import PaymentMethod
from webapp.piecework.services.payees import SEEN

_CARD = re.compile(r"[0-9]{16,19}")
_WECHAT = re.compile(r"[A-Za-z][-_A-Za-z0-9]{5,19}|1[3-9][0-9]{9}")
_BANKS = (
    "中国工商银行", "中国农业银行", "中国银行", "中国建设银行", "中国邮政储蓄银行",
    "重庆农村商业银行", "重庆银行", "重庆三峡银行",
)  # fmt: skip


def signs(value: Any) -> Any:
    """Filter: a number as one types it, without spaces and hyphens between its groups."""
    if not isinstance(value, str):
        return value
    plain = unicodedata.normalize("NFKC", value).strip()
    return re.sub(r"[\s-]", "", plain) if re.fullmatch(r"[\d\s-]*", plain) else plain


class PayeeForm(PieceworkForm):
    """Where somebody's pay goes. ``sure`` is sent by the page that shows it once more."""

    method = RadioField(
        _("怎么收工钱"),
        choices=as_choices((one.value, one.label) for one in PaymentMethod),
        validators=[InputRequired(message=_("请选怎么收工钱"))],
    )
    holder = StringField(
        _("户名"),
        filters=[clean],
        validators=[required(_("请填户名")), at_most(40)],
        description=_("卡上或微信实名的名字，要是本人"),
        render_kw={"autocomplete": "off"},
    )
    bank = StringField(
        _("哪家银行"),
        filters=[clean],
        validators=[at_most(40)],
        description=_("收现金、收微信的不用填"),
        render_kw={"list": "banks", "autocomplete": "off"},
    )
    number = StringField(
        _("卡号或微信号"),
        filters=[signs],
        validators=[at_most(40)],
        description=_("收现金的不用填"),
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 40},
    )
    agreed = BooleanField(validators=[InputRequired(message=_("本人同意了才能记"))])
    sure = HiddenField()
    banks = _BANKS

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreed.label.text = (
            _("我同意社区记下来，只用来付我的工钱，不给用人单位看")
            if own
            else _("本人当面同意：社区记下来，只用来付工钱，不给用人单位看")
        )

    def validate_bank(self, field: Field) -> None:
        """Ask for the bank of a card."""
        if self.method.data == PaymentMethod.BANK and not field.data:
            raise ValidationError(gettext("请填是哪家银行"))

    def validate_number(self, field: Field) -> None:
        """Refuse what no bank and no WeChat would take; cash has no number."""
        typed = field.data or ""
        if self.method.data == PaymentMethod.BANK:
            if not _CARD.fullmatch(typed):
                raise ValidationError(gettext("卡号是 16 到 19 位数字，请照卡上再对一遍"))
            if not luhn.is_valid(typed):
                raise ValidationError(gettext("卡号不对，多半是抄错了一位，请照卡上再对一遍"))
        if self.method.data == PaymentMethod.WECHAT and not _WECHAT.fullmatch(typed):
            raise ValidationError(gettext("微信号是字母开头的 6 到 20 位，或者手机号"))

    def values(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        return {
            "method": PaymentMethod(self.method.data),
            "holder": self.holder.data or "",
            "bank": self.bank.data or "",
            "number": self.number.data or "",
        }


class SeenForm(PieceworkForm):
    """The last signs of an account as they stand on the card or the telephone."""

    seen = StringField(
        _("照卡上写最后 %(n)d 位", n=SEEN),
        filters=[signs],
        validators=[at_most(SEEN)],
        description=_("请本人出示银行卡或者微信号，不要照着电脑抄"),
        render_kw={"autocomplete": "off", "maxlength": 12},
    )
