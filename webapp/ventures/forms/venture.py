"""The form by which staff post a stall or a project on one page."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional

from webapp.core import clock
from webapp.core.formfields import (
    ChecksField,
    DayField,
    KeyedForm,
    PhrasesField,
    WholeNumberField,
    YuanField,
    at_most,
    choices,
    clean,
    required,
    tidy,
)
from webapp.core.vocabulary import Demand
from webapp.draws.lifecycle import SeedSource
from webapp.guides.trades import Site, Trade
from webapp.openings.fields import OpeningFields
from webapp.openings.forms import HOME_PLACE
from webapp.openings.models import Opening
from webapp.rulebook.figures import rule
from webapp.ventures.lifecycle import Allocation, RefuseCause
from webapp.ventures.models.ventures import RentPeriod, Venture
from webapp.ventures.services.posting import VentureTerms

FEN = 100
USUAL_DAYS = 14


def yuan_field(label: Any, *, most: int = 500_000, **kwargs: Any) -> YuanField:
    """Return a field for an amount in yuan that may be left empty."""
    return YuanField(
        label,
        places=2,
        validators=[Optional(), NumberRange(0, most, message=_("请填 0 到 %(max)s 元"))],
        render_kw={"inputmode": "decimal"},
        **kwargs,
    )


def fen_of(amount: Decimal | None) -> int | None:
    """Return yuan as fen; ``None`` stays."""
    return None if amount is None else round(amount * FEN)


def yuan_of(fen: int | None) -> Decimal | None:
    """Return fen as yuan; ``None`` stays."""
    return None if fen is None else Decimal(fen) / FEN


class VentureForm(KeyedForm):
    """All that people ask about a stall before they want it."""

    title = StringField(
        _("什么摊位或项目"), filters=[tidy], validators=[required(_("请填名字")), at_most(80)]
    )
    trade = SelectField(
        _("卖什么、做哪样"),
        choices=choices(Trade, empty=_("请选")),
        validators=[required(_("请选一样，手续按它来"))],
    )
    site = RadioField(
        _("在哪种地方"), choices=choices(Site), validators=[required(_("请选一样，手续按它来"))]
    )
    sells = StringField(
        _("具体卖些什么"),
        filters=[tidy],
        validators=[required(_("请写卖些什么")), at_most(120)],
        description=_("像：鲫鱼、草鱼、花鲢，代杀"),
    )
    description = TextAreaField(
        _("再说几句"),
        filters=[tidy],
        validators=[required(_("请写几句是什么样的摊位")), at_most(4000)],
        description=_("水电、柜台、谁来带。别写电话"),
    )
    town = StringField(_("镇、街道"), filters=[clean], default=HOME_PLACE[2],
                       validators=[required(_("请填镇、街道")), at_most(20)])  # fmt: skip
    estate = StringField(_("小区、市场"), filters=[clean], validators=[at_most(20)])
    address = StringField(
        _("哪个位置"),
        filters=[tidy],
        validators=[at_most(120)],
        description=_("像：社区菜市场C区12号"),
    )
    photo = FileField(
        _("照片"),
        description=_("一张，最多 8 兆；照片里的地点时间会去掉"),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
    photo_alt = StringField(_("照片上是什么"), filters=[tidy], validators=[at_most(120)])
    plan = TextAreaField(
        _("位置图"),
        filters=[tidy],
        validators=[at_most(400)],
        description=_("一行画一排，空格隔开，自己的用方括号，像：大门 C10 C11 [C12] C13"),
    )
    places = WholeNumberField(
        _("有几个"),
        default=1,
        validators=[required(_("请填几个")), NumberRange(1, 99, message=_("请填 1 到 99"))],
        render_kw={"inputmode": "numeric"},
    )
    allocation = RadioField(
        _("好几个人想要，怎么分"),
        choices=choices(Allocation),
        default=Allocation.DRAW.value,
        validators=[required(_("请选一样"))],
    )
    valid_until = DayField(_("报名到哪天"), validators=[required(_("请填日期"))])
    employer = StringField(
        _("登记过的单位"),
        filters=[clean],
        validators=[at_most(80)],
        description=_("市场管理处、房东登记过就照全称填；社区自己的不填"),
        render_kw={"list": "employers"},
    )
    rent = yuan_field(_("租金"))
    rent_period = SelectField(
        _("租金按什么算"), choices=choices(RentPeriod, empty=_("请选")), validators=[Optional()]
    )
    rent_to = StringField(_("租金交给谁"), filters=[tidy], validators=[at_most(60)])
    deposit = yuan_field(_("押金"), description=_("不收就填 0"))
    deposit_to = StringField(_("押金交给谁"), filters=[tidy], validators=[at_most(60)])
    deposit_back = StringField(_("押金什么时候退"), filters=[tidy], validators=[at_most(120)])
    stock = yuan_field(_("头一批货大概要多少钱"))
    stock_words = StringField(_("头一批货是些什么"), filters=[tidy], validators=[at_most(120)])
    earn_min = yuan_field(_("一个月大概剩多少：最少"))
    earn_max = yuan_field(_("最多"))
    earn_source = StringField(
        _("这个数从哪里来"),
        filters=[tidy],
        validators=[at_most(160)],
        description=_("谁说的、哪天问的。没有出处就不要写收入"),
    )
    example = BooleanField(_("钱的数目还没有人核实，是示例"), default=True)
    risks = PhrasesField(
        _("哪些地方容易亏"), description=_("一行写一样，至少一样"), most=8, longest=100
    )
    season = StringField(_("什么季节好做、什么时候淡"), filters=[tidy], validators=[at_most(120)])
    demands = ChecksField(_("做这个要"), description=_("照实勾"), choices=choices(Demand))
    note = TextAreaField(
        _("标出来的话为什么可以放行"),
        filters=[tidy],
        validators=[at_most(300)],
        description=_("有标出来的话才要写，像写了押金"),
    )

    def validate_town(self, field: Field) -> None:
        """Refuse slashes, which part a place."""
        if "/" in (field.data or "") or "/" in (self.estate.data or ""):
            raise ValidationError(gettext("不要写斜杠，一格填一级"))

    def validate_valid_until(self, field: Field) -> None:
        """Refuse days gone by and days too far ahead."""
        longest = rule("opening_longest_days", on=clock.today())
        if field.data is None:
            return
        if field.data < clock.today():
            raise ValidationError(gettext("这一天已经过了"))
        if field.data > clock.today() + timedelta(days=longest):
            raise ValidationError(gettext("最多 %(n)d 天以后", n=longest))

    def validate_risks(self, field: Field) -> None:
        """Refuse a stall that cannot lose money: there is none."""
        if not field.data:
            raise ValidationError(gettext("请写至少一样，想做的人才有数"))

    def opening_fields(self) -> OpeningFields:
        """Return what the opening says; pay, places and home come from the venture."""
        place = (HOME_PLACE[0], HOME_PLACE[1], self.town.data, self.estate.data)
        return OpeningFields(
            title=self.title.data,
            category=Trade(self.trade.data).label,
            description=self.description.data,
            place="/".join(part for part in place if part),
            address=self.address.data or "",
            demands=self.demands.data or [],
            valid_until=self.valid_until.data,
        )

    def terms(self) -> VentureTerms:
        """Return what the venture is."""
        return VentureTerms(
            trade=Trade(self.trade.data),
            site=Site(self.site.data),
            allocation=Allocation(self.allocation.data),
            places=self.places.data or 1,
            sells=self.sells.data or "",
            rent_fen=fen_of(self.rent.data),
            rent_period=RentPeriod(self.rent_period.data) if self.rent_period.data else None,
            rent_to=self.rent_to.data or "",
            deposit_fen=fen_of(self.deposit.data),
            deposit_to=self.deposit_to.data or "",
            deposit_back=self.deposit_back.data or "",
            stock_fen=fen_of(self.stock.data),
            stock_words=self.stock_words.data or "",
            earn_min_fen=fen_of(self.earn_min.data),
            earn_max_fen=fen_of(self.earn_max.data),
            earn_source=self.earn_source.data or "",
            example=self.example.data,
            risks=self.risks.data or [],
            season=self.season.data or "",
            plan=self.plan.data or "",
            photo_alt=self.photo_alt.data or "",
        )


def starting_values(venture: Venture | None, opening: Opening | None) -> dict[str, Any]:
    """Return what the form starts with: the venture as it stands, or two weeks to apply."""
    if venture is None or opening is None:
        return {"valid_until": clock.today() + timedelta(days=USUAL_DAYS)}
    place = [*opening.place.split("/"), "", "", "", ""]
    return {
        **venture.model_dump(include={
            "sells", "rent_to", "deposit_to", "deposit_back", "stock_words", "earn_source",
            "example", "risks", "season", "plan", "photo_alt", "places",
        }),
        "title": opening.title,
        "trade": venture.trade.value,
        "site": venture.site.value,
        "allocation": venture.allocation.value,
        "description": opening.description,
        "town": place[2],
        "estate": place[3],
        "address": opening.address,
        "valid_until": opening.valid_until,
        "demands": opening.demands,
        "rent": yuan_of(venture.rent_fen),
        "rent_period": venture.rent_period.value if venture.rent_period else "",
        "deposit": yuan_of(venture.deposit_fen),
        "stock": yuan_of(venture.stock_fen),
        "earn_min": yuan_of(venture.earn_min_fen),
        "earn_max": yuan_of(venture.earn_max_fen),
    }  # fmt: skip


class FreezeForm(FlaskForm):
    """On which public result a draw waits; not asked where there is nothing to draw."""

    source = RadioField(
        _("用哪种开奖"),
        choices=choices(SeedSource),
        default=SeedSource.SSQ.value,
        validators=[Optional()],
    )
    day = DayField(_("哪天开奖"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.day.raw_data is None and self.day.data is None:
            self.day.data = SeedSource.SSQ.next_day(clock.today())


class RefuseForm(FlaskForm):
    """Why somebody cannot be on the list."""

    cause = SelectField(
        _("为什么不合"), choices=choices(RefuseCause), validators=[required(_("请选一样"))]
    )
    note = StringField(
        _("给本人写一句"), filters=[tidy], validators=[required(_("请写一句")), at_most(200)]
    )
