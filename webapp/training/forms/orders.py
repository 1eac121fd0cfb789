"""Forms of promises: what an employer signs, why it takes it back, how staff end it."""

from decimal import Decimal

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DecimalField, SelectField, StringField
from wtforms.validators import NumberRange

from webapp.core import clock
from webapp.core.formfields import (
    DayField,
    KeyedForm,
    WholeNumberField,
    as_choices,
    at_most,
    choices,
    required,
    tidy,
)
from webapp.training.lifecycle import OrderCause
from webapp.training.services.orders import OrderTerms

_FEN = 100


class OrderForm(KeyedForm):
    """How many of those who pass a course an employer takes on, for which opening."""

    opening_id = SelectField(
        _("哪个岗位"), coerce=int, validators=[required(_("请选一个正在招的岗位"))]
    )
    people = WholeNumberField(
        _("要几个人"),
        validators=[
            required(_("请填人数")),
            NumberRange(1, 200, message=_("请填 1 到 200 的整数")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    pay = DecimalField(
        _("最少给多少"),
        places=2,
        validators=[
            required(_("请填一个数")),
            NumberRange(Decimal("0.01"), 100000, message=_("请填 0.01 到 100000")),
        ],
        description=_("按招聘上的算法：按月招的填一个月多少，按天招的填一天多少"),
        render_kw={"inputmode": "decimal"},
    )
    start_from = DayField(_("最早哪天来"), validators=[required(_("请填日期"))])
    start_until = DayField(
        _("最晚哪天来"),
        validators=[required(_("请填日期"))],
        description=_("要在课上完以后；过了这天，社区照实际招了几个人公布"),
    )
    conditions = StringField(
        _("还有什么条件"),
        filters=[tidy],
        validators=[at_most(200)],
        description=_("大家都看得到，像：要能上晚班。没有就不填"),
    )

    def offer(self, openings: list[tuple[int, str]]) -> "OrderForm":
        """Offer these openings to choose from, and return the form."""
        self.opening_id.choices = as_choices(openings)
        return self

    def terms(self) -> OrderTerms:
        """What is promised."""
        return OrderTerms(
            opening_id=self.opening_id.data,
            people=self.people.data or 0,
            pay_fen=round((self.pay.data or Decimal(0)) * _FEN),
            start_from=self.start_from.data or clock.today(),
            start_until=self.start_until.data or clock.today(),
            conditions=self.conditions.data or "",
        )


class WithdrawOrderForm(FlaskForm):
    """Why a promise is taken back."""

    reason = StringField(
        _("为什么收回"),
        filters=[tidy],
        validators=[required(_("请写一句，学的人会看到")), at_most(200)],
        description=_("学这门课的人会看到这句话"),
    )


class SettleForm(FlaskForm):
    """Why a promise was not kept in full; not asked where it was."""

    cause = SelectField(
        _("没有全做到，是因为"),
        choices=choices(OrderCause, empty=_("请选")),
        coerce=lambda value: OrderCause(value) if value else None,
        description=_("公开给大家看。只选单位和课的原因，不往学的人身上推"),
    )
