"""Forms about a whole order: safety, sample, timing, lots, changes, money, decisions."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField
from wtforms.validators import Optional

from webapp.core.formfields import (
    ChecksField,
    DayField,
    as_choices,
    choices,
    is_mobile,
    required,
    squeeze_digits,
)
from webapp.piecework import policy
from webapp.piecework.forms.fields import (
    PieceworkForm,
    line_field,
    number_field,
    words_field,
    yuan_field,
)
from webapp.piecework.forms.staff_assignment import TrialForm
from webapp.piecework.models.money import PaymentMethod
from webapp.piecework.services.validation import MOST_MATERIAL, MOST_PIECES


class SafetyForm(PieceworkForm):
    """The safety checklist and the sealed sample."""

    items = ChecksField(
        _("看过，都没有危险"),
        choices=as_choices(policy.SAFETY_ITEMS),
        validators=[required(_("一条条看过，没有危险的打勾"))],
    )
    note = words_field(_("还有什么要说"), needed=False)
    sample_code = line_field(
        _("样品编号"), most=40, needed=True, hint=_("写在封条上，像：HL-2026-018")
    )
    sample_pieces = number_field(_("照样品试做了多少件"), 1, 1000)
    sample_passed = number_field(_("和样品一样好的有多少件"), 1, 1000)

    @property
    def answers(self) -> dict[str, bool]:
        """Which items were confirmed."""
        return {code: code in (self.items.data or []) for code, _words in policy.SAFETY_ITEMS}


class TimingForm(TrialForm):
    """A timing at the centre, perhaps of somebody who is on file."""

    phone = line_field(
        _("谁来试的：手机号"), most=20, hint=_("在册的居民填了，以后领这种活不用再试")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phone.filters = [squeeze_digits]
        self.phone.validators = [Optional(), is_mobile]


class PublishForm(PieceworkForm):
    """Let families claim."""

    note = words_field(
        _("为什么可以发"),
        needed=False,
        hint=_("一小时不到最低工资，或有标出来的话，才要写"),
    )


class ReceiveForm(PieceworkForm):
    """Material that came in."""

    material = SelectField(_("哪种材料"), coerce=int)
    amount = number_field(_("点清了多少"), 1, MOST_MATERIAL)
    label = line_field(_("批号或送货单号"), most=40)


class BackForm(PieceworkForm):
    """Unused material back to the company."""

    amount = number_field(_("退多少"), 1, MOST_MATERIAL)


class OfferForm(PieceworkForm):
    """Finished pieces to show the company."""

    pieces = number_field(_("这一批多少"), 1, MOST_PIECES)


class DeclareForm(PieceworkForm):
    """Money the company says it sent."""

    suffixes = {"amount": _("元")}
    amount = yuan_field(_("付了多少"), least=1)
    reference = line_field(_("转账单号或凭据"), most=80)


class ChangeForm(PieceworkForm):
    """What the company asks to change."""

    suffixes = {"rate": _("元"), "price": _("元")}
    quantity = number_field(_("一共要多少"), 1, MOST_PIECES)
    rate = yuan_field(_("家里做一件得多少钱"), least=1, hint=_("已经领了料的，还按原来的算"))
    price = yuan_field(_("单位一件出多少钱"), least=1)
    deadline = DayField(_("哪天交齐"), validators=[required(_("请填日期"))])
    quality = words_field(_("做成什么样算合格"), most=2000)
    reason = words_field(_("为什么改"))

    @property
    def changes(self) -> dict[str, Any]:
        """The terms as asked for."""
        return {
            "quantity": self.quantity.data,
            "rate_fen": self.rate.data,
            "price_fen": self.price.data,
            "deadline": self.deadline.data,
            "quality": self.quality.data,
        }


class OutcomeForm(PieceworkForm):
    """How a dispute was decided."""

    outcome = words_field(_("查清的情况和结果"), hint=_("两边都看得到"))


class CompensationForm(PieceworkForm):
    """What the company pays on top, and how it is shared out."""

    suffixes = {"amount": _("元")}
    amount = yuan_field(_("单位补多少"), hint=_("不用补就填 0，写明为什么"))
    split = RadioField(
        _("怎么分给各家"),
        choices=as_choices([("unmade", _("按还没交的件数分")), ("pieces", _("按领的件数分"))]),
        default="unmade",
    )
    decision = words_field(_("怎么定的"))


class PayForm(PieceworkForm):
    """How money was handed over."""

    method = RadioField(
        _("怎么付的"), choices=choices(PaymentMethod), validators=[required(_("请选一样"))]
    )
    reference = line_field(_("转账单号或收条号"), most=80)
