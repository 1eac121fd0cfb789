"""Forms of a case: the idea, the plan, licences, visits, months, opening and closing."""

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional

from webapp.core import clock
from webapp.core.formfields import (
    DayField,
    KeyedForm,
    WholeNumberField,
    YuanField,
    as_choices,
    at_most,
    choices,
    required,
    tidy,
)
from webapp.employment.lifecycle import Evidence
from webapp.guides.trades import Site, Trade
from webapp.ventures.forms.venture import fen_of, yuan_field, yuan_of
from webapp.ventures.lifecycle import EndCause
from webapp.ventures.models.cases import VentureCase, VenturePlan
from webapp.ventures.overdue import month_before, month_of
from webapp.ventures.services.records import Month, PlanTerms

_AMOUNTS = ("own", "family", "loan", "credit", "other")
#: What can show that a business is open.
SHOWN_BY = (Evidence.LICENCE, Evidence.VISIT_NOTE, Evidence.OWN_WORD)


class IdeaForm(KeyedForm):
    """A business somebody wants to begin by themself."""

    title = StringField(
        _("想做什么"),
        filters=[tidy],
        validators=[required(_("请写想做什么")), at_most(80)],
        description=_("像：在家门口缝补改衣"),
    )
    trade = SelectField(
        _("最像哪一样"),
        choices=choices(Trade, empty=_("请选")),
        validators=[required(_("请选一样，手续按它来"))],
    )
    site = RadioField(
        _("在哪里做"), choices=choices(Site), validators=[required(_("请选一样，手续按它来"))]
    )


def _needed(label: Any, message: Any) -> YuanField:
    return YuanField(
        label,
        places=2,
        validators=[required(message), NumberRange(0, 500_000, message=_("请填 0 到 %(max)s 元"))],
        render_kw={"inputmode": "decimal"},
    )


class PlanForm(FlaskForm):
    """The one-page plan."""

    what = StringField(
        _("卖什么"), filters=[tidy], validators=[required(_("请写卖什么")), at_most(200)]
    )
    sold_where = StringField(_("在哪里卖"), filters=[tidy], validators=[at_most(120)])
    buyers = StringField(
        _("谁来买"),
        filters=[tidy],
        validators=[at_most(200)],
        description=_("像：早上买菜的老人、下班的街坊"),
    )
    unit = StringField(
        _("按什么卖"),
        filters=[tidy],
        default="份",
        validators=[required(_("请写一份、一斤、一件")), at_most(10)],
        description=_("份、斤、件"),
    )
    cost = _needed(_("一份的本钱"), _("请填本钱"))
    price = _needed(_("一份卖多少"), _("请填卖价"))
    fixed = _needed(_("一个月不管卖不卖都要出的"), _("请填，没有就填 0"))
    days = WholeNumberField(
        _("一个月开几天"),
        default=26,
        validators=[required(_("请填几天")), NumberRange(1, 31, message=_("请填 1 到 31"))],
        render_kw={"inputmode": "numeric"},
    )
    expected = WholeNumberField(
        _("您估计一天卖多少份"),
        validators=[Optional(), NumberRange(0, 100_000, message=_("请填 0 到 100000"))],
        render_kw={"inputmode": "numeric"},
    )
    start = yuan_field(_("开张前一共要花多少"))
    own = yuan_field(_("自己有的"))
    family = yuan_field(_("家里、亲戚借的"))
    loan = yuan_field(_("贷款"))
    credit = yuan_field(_("先拿货后给钱"))
    other = yuan_field(_("别的（补贴、社区给的工具）"))

    def terms(self) -> PlanTerms:
        """Return the plan."""
        return PlanTerms(
            what=self.what.data,
            sold_where=self.sold_where.data or "",
            buyers=self.buyers.data or "",
            unit=self.unit.data,
            cost_fen=fen_of(self.cost.data) or 0,
            price_fen=fen_of(self.price.data) or 0,
            fixed_fen=fen_of(self.fixed.data) or 0,
            days=self.days.data or 1,
            expected=self.expected.data,
            start_fen=fen_of(self.start.data) or 0,
            **{f"{name}_fen": fen_of(self[name].data) or 0 for name in _AMOUNTS},
        )


def plan_values(plan: VenturePlan | None, case: VentureCase) -> dict[str, Any]:
    """Return what the plan's form starts with."""
    if plan is None:
        return {"what": case.title}
    values = plan.model_dump(include={"what", "sold_where", "buyers", "unit", "days", "expected"})
    for name in ("cost", "price", "fixed", "start", *_AMOUNTS):
        values[name] = yuan_of(getattr(plan, f"{name}_fen"))
    return values


class VisitForm(KeyedForm):
    """One visit."""

    visited_on = DayField(_("哪天去的"), validators=[required(_("请填日期"))])
    note = TextAreaField(
        _("看到什么"), filters=[tidy], validators=[required(_("请写看到什么")), at_most(500)]
    )
    photo = FileField(
        _("照片"),
        description=_("开着的摊位拍一张，就能当凭据"),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
    next_step = StringField(_("下一步做什么"), filters=[tidy], validators=[at_most(200)])
    next_on = DayField(_("哪天再去"), validators=[Optional()], description=_("不填就是一个月以后"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.visited_on.raw_data is None and self.visited_on.data is None:
            self.visited_on.data = clock.today()


class MonthForm(FlaskForm):
    """A month in three numbers."""

    month = SelectField(_("哪个月"), choices=[], validators=[required(_("请选哪个月"))])
    came_in = _needed(_("收进来多少"), _("请填收进来多少"))
    went_out = _needed(_("花出去多少"), _("请填花出去多少"))
    left = YuanField(
        _("月底手上还剩多少"),
        places=2,
        description=_("欠着别人的，前面写减号"),
        validators=[
            required(_("请填还剩多少")),
            NumberRange(-500_000, 500_000, message=_("请填 -500000 到 500000 元")),
        ],
    )

    def offer(self, case: VentureCase) -> None:
        """Offer the months the business was open, the newest first; last month is chosen."""
        today = clock.today()
        last = min(case.closed_on or today, today)
        month = month_of(last)
        pairs: list[tuple[str, str]] = []
        while case.opened_on is not None and month >= month_of(case.opened_on) and len(pairs) < 24:
            words = gettext("%(y)d年%(m)d月", y=month.year, m=month.month)
            pairs.append((month.isoformat(), words))
            month = month_before(month)
        self.month.choices = as_choices(pairs)
        before = month_before(today).isoformat()
        if self.month.raw_data is None and before in dict(pairs):
            self.month.data = before

    def figures(self) -> Month:
        """Return the month."""
        return Month(
            month=date.fromisoformat(self.month.data),
            in_fen=fen_of(self.came_in.data) or 0,
            out_fen=fen_of(self.went_out.data) or 0,
            left_fen=fen_of(self.left.data) or 0,
        )


class LicenceForm(FlaskForm):
    """One step of the licences: done, or not yet after all."""

    key = HiddenField(validators=[required()])
    done_on = DayField(_("哪天办好的"), validators=[Optional()])
    note = StringField(_("证号、备注"), filters=[tidy], validators=[at_most(80)])


class MentorForm(FlaskForm):
    """Whom to ask to stand by somebody."""

    mentor = SelectField(
        _("请谁来带"), coerce=int, choices=[], validators=[required(_("请选一位"))]
    )


class OpenForm(FlaskForm):
    """From which day on a business is open, and what shows it."""

    opened_on = DayField(_("哪天开的张"), validators=[required(_("请填日期"))])
    evidence = RadioField(
        _("凭什么知道"),
        choices=as_choices((one.value, one.label) for one in SHOWN_BY),
        validators=[required(_("请选一样"))],
    )


class CloseForm(FlaskForm):
    """The last day of a business and why."""

    closed_on = DayField(_("最后一天"), validators=[required(_("请填日期"))])
    cause = SelectField(
        _("为什么收的"), choices=choices(EndCause, empty=_("请选")),
        validators=[required(_("请选一样"))],
    )  # fmt: skip
    note = StringField(_("再说一句"), filters=[tidy], validators=[at_most(200)])


class StopForm(FlaskForm):
    """Why nothing came of it."""

    cause = SelectField(
        _("为什么没做成"), choices=choices(EndCause, empty=_("请选")),
        validators=[required(_("请选一样"))],
    )  # fmt: skip
    note = StringField(_("再说一句"), filters=[tidy], validators=[at_most(200)])
