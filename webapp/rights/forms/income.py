"""The form of the income path: taps, and a typed amount only where nothing is written."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, ValidationError
from wtforms.validators import NumberRange, Optional

from webapp.core.formfields import YuanField, as_choices
from webapp.rights import income_questions as asked
from webapp.rights.income_offers import Offer, hourly_pay
from webapp.rights.income_path import NOTHING, Household, Interval, Work

_PERSONS = tuple((str(n), _("%(n)d 个人", n=n)) for n in range(1, 9))
#: What only matters for the allowance: asked once its figures are confirmed.
OF_ALLOWANCE = ("persons", "provable", "other_one", "other_two", "other_income", "hard_spending")


def _amount(label: Any) -> YuanField:
    return YuanField(
        label,
        places=2,
        validators=[
            Optional(),
            NumberRange(min=0, max=100_000, message=_("请填 0 到 100000 元")),
        ],
        render_kw={"inputmode": "decimal", "maxlength": 9},
    )


def _taps(label: Any, pairs: Any, default: str | None = None, hint: Any = "") -> RadioField:
    return RadioField(
        label,
        description=hint,
        choices=as_choices(pairs),
        default=default,
        validators=[Optional()],
    )


class IncomeForm(FlaskForm):
    """Asked of whoever wants to know what some work brings; fields that don't matter are gone."""

    pay_low = _amount(_("少的时候，一个月挣多少"))
    pay_high = _amount(_("多的时候，一个月挣多少"))
    hours = _taps(_("一天做几个小时"), asked.HOURS)
    days = _taps(_("一个月做几天"), asked.DAYS)
    on_allowance = _taps(_("家里现在领低保吗"), asked.YES_NO)
    care = _taps(_("去做了，请人看孩子、照顾老人，一个月要花多少"), asked.CARE)
    travel = _taps(_("来回路费，一个月多少"), asked.TRAVEL)
    start_cost = _taps(_("开头要花的（押金、第一批货、家什）"), asked.START)
    pay_now = _taps(_("现在手上的活，去了就不做了的，一个月挣多少"), asked.EARNED, "0")
    persons = _taps(_("低保证上几个人"), _PERSONS)
    provable = _taps(_("工钱会有凭据吗（合同、工资条、银行转账）"), asked.YES_NO)
    other_one = _taps(_("家里另一个人一个月挣多少"), asked.EARNED, "0")
    other_two = _taps(_("还有一个人挣多少"), asked.EARNED, "0")
    other_income = _taps(_("别的收入（退休金、抚养费这些）"), asked.OTHER, "0")
    hard_spending = _taps(_("一个月读书、看大病花多少"), asked.OTHER, "0")

    def fit(self, offer: Offer, *, allowance_known: bool) -> None:
        """Keep only what matters for this work, and what can be reckoned at present."""
        gone = [] if offer.asks_pay else ["pay_low", "pay_high"]
        gone += [] if offer.hourly else ["hours", "days"]
        gone += [] if offer.asks_start else ["start_cost"]
        gone += [] if allowance_known else OF_ALLOWANCE
        for name in gone:
            delattr(self, name)

    def validate_pay_high(self, field: Field) -> None:
        """Refuse a most that is less than the least."""
        low = self.pay_low.data
        if field.errors or self.pay_low.errors:  # such as no number at all, which compares to none
            return
        if field.data is not None and low is not None and field.data < low:
            raise ValidationError(gettext("多的时候不能比少的时候少"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask how many share the allowance where one is drawn."""
        fine: bool = super().validate(extra_validators)
        asked_for = self.on_allowance.data == "yes" and "persons" in self
        if asked_for and not self.persons.data:
            self.persons.errors = [gettext("领低保的，请点几个人")]
            return False
        return fine

    def pay(self, offer: Offer) -> Interval | None:
        """Return what the work brings a month; ``None`` when neither is written nor told."""
        if offer.hourly is not None:
            if not (self.hours.data and self.days.data):
                return None
            hours, days = asked.numbers(self.hours.data), asked.numbers(self.days.data)
            return hourly_pay(offer.hourly, hours, days)
        if offer.pay is not None:
            return offer.pay
        low, high = self.pay_low.data, self.pay_high.data
        if low is None:
            return None if high is None else Interval(0, round(high * 100))
        return Interval(round(low * 100), None if high is None else round(high * 100))

    def work(self, offer: Offer) -> Work:
        """Return the work with its costs as told."""
        return Work(
            pay=self.pay(offer),
            provable=asked.WORD.get(self._told("provable")),
            care=asked.interval(self.care.data),
            travel=asked.interval(self.travel.data),
            start_cost=offer.start_cost or self._amount("start_cost"),
        )

    @property
    def household(self) -> Household:
        """The household as told."""
        return Household(
            persons=int(self._told("persons") or 1),
            on_allowance=asked.WORD.get(self.on_allowance.data or ""),
            others=(self._amount("other_one"), self._amount("other_two")),
            other_income=self._amount("other_income"),
            hard_spending=self._amount("hard_spending"),
            pay_now=self._amount("pay_now"),
        )

    @property
    def tapped(self) -> list[tuple[str, str]]:
        """All that was told as (field, value), to be sent along with the paper."""
        return [
            (field.name, str(field.data))
            for field in self
            if field.data not in (None, "") and field.type != "CSRFTokenField"
        ]

    def _told(self, name: str) -> str:
        return (self[name].data or "") if name in self else ""

    def _amount(self, name: str) -> Interval:
        return asked.interval(self._told(name)) or NOTHING
