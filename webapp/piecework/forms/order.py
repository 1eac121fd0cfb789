"""The form of an order: what is made, of what, for how much, by when."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, Form, FormField, RadioField, SelectField

from webapp.core.formfields import DayField, choices, required
from webapp.openings.fields import OpeningFields
from webapp.openings.models import Opening
from webapp.piecework.forms.fields import (
    PieceworkForm,
    line_field,
    number_field,
    words_field,
    yuan_field,
)
from webapp.piecework.models.order import (
    Acceptance,
    MaterialUnit,
    Mode,
    OrderMaterial,
    PieceworkOrder,
)
from webapp.piecework.services.orders import MaterialLine, OrderTerms
from webapp.piecework.services.validation import MOST_PIECES

MATERIALS = 6
#: The centre, where piecework is handed out: 华岩镇华龙家园.
PLACE = "重庆市/九龙坡区/华岩镇/华龙家园"


class MaterialForm(Form):
    """One line of the bill of materials; all empty means none."""

    name = line_field(_("材料名"), most=40, hint=_("像：珠子、松紧绳"))
    unit = SelectField(_("怎么数"), choices=choices(MaterialUnit))
    use_amount = number_field(_("做一件用多少"), 1, 1_000_000, needed=False)
    allowance = number_field(
        _("允许损耗（%）"), 0, 50, needed=False, hint=_("做坏一点不用赔，一般 3 到 5")
    )
    pack_size = number_field(_("一包多少"), 1, 1_000_000, needed=False, hint=_("不成包就不填"))
    cost = yuan_field(_("一包多少钱（元）"), needed=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return not (self.name.data or self.use_amount.data)

    def line(self) -> MaterialLine:
        """Return the line; only after the form was found good."""
        amount: Any = self.use_amount.data
        return MaterialLine(
            name=self.name.data,
            unit=MaterialUnit(self.unit.data),
            use_amount=amount,
            allowance_permille=10 * (self.allowance.data or 0),
            pack_size=self.pack_size.data or 1,
            cost_fen=self.cost.data or 0,
        )


class OrderForm(PieceworkForm):
    """An order; a draft may leave most of it open."""

    suffixes = {"quantity": _("件"), "rate": _("元"), "price": _("元"), "margin": _("元")}
    employer = line_field(
        _("哪家单位"), most=80, hint=_("照登记的全称填"), kw={"list": "employers"}
    )
    mode = RadioField(
        _("哪一种"), choices=choices(Mode), default=Mode.SUPPLIED, validators=[required()]
    )
    title = line_field(_("做什么手工"), most=80, needed=True, hint=_("像：串手链、叠纸盒"))
    description = words_field(
        _("怎么做"), most=4000, needed=False, hint=_("一步一步写，不会的人也看得懂。别写电话和收费")
    )
    at_home = BooleanField(_("可以拿回家做"), default=True)
    piece_unit = line_field(_("一件叫什么"), most=8, hint=_("像：条、个、双"))
    quantity = number_field(_("一共要多少"), 0, MOST_PIECES, needed=False)
    lot_pieces = number_field(
        _("一份至少领多少"), 1, 100_000, needed=False, hint=_("一家一次最少领的数目")
    )
    household_limit = number_field(_("一家最多领多少"), 1, 100_000, needed=False)
    deadline = DayField(_("哪天交齐"), validators=[])
    quality = words_field(_("做成什么样算合格"), most=2000, needed=False)
    acceptance = RadioField(_("怎么验收"), choices=choices(Acceptance), validate_choice=False)
    acceptance_note = line_field(_("验收还有什么要说"), most=300)
    price = yuan_field(_("单位一件出多少钱"), needed=False)
    rate = yuan_field(_("家里做一件得多少钱"), needed=False)
    margin = yuan_field(
        _("社区一件留多少"), needed=False, hint=_("运货、管料用。家里人也看得到这个数")
    )
    material_supply = line_field(_("材料怎么给"), most=300, hint=_("像：我们送到社区，一周一次"))
    materials = FieldList(FormField(MaterialForm), min_entries=MATERIALS, max_entries=MATERIALS)
    release_unpaid = BooleanField(_("合同里写明：可以先交货、后付钱"))
    release_note = line_field(_("合同里怎么写的"), most=200)

    def __init__(self, *args: Any, by_staff: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_staff:  # only staff have seen the contract
            del self.employer, self.release_unpaid, self.release_note

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the lines of material as a whole too."""
        good = bool(super().validate(extra_validators))
        for entry in self.materials:
            line = entry.form
            if line.is_empty:
                continue
            for field in (line.name, line.use_amount):
                if not field.data and not field.errors:
                    field.errors = [gettext("材料名和用量都要写")]
                    good = False
        if self.acceptance.data and self.acceptance.data not in set(Acceptance):
            self.acceptance.errors = [gettext("请选一样")]
            good = False
        return good

    @property
    def lines_shown(self) -> int:
        """How many lines of material are open on the page: those filled in, at least two."""
        filled = [n for n, one in enumerate(self.materials, 1) if not one.form.is_empty]
        return max([2, *filled])

    def terms(self) -> OrderTerms:
        """Return the order's terms."""
        return OrderTerms(
            mode=Mode(self.mode.data),
            piece_unit=self.piece_unit.data or "件",
            quantity=self.quantity.data or 0,
            lot_pieces=self.lot_pieces.data or 1,
            household_limit=self.household_limit.data,
            rate_fen=self.rate.data or 0,
            margin_fen=self.margin.data or 0,
            price_fen=self.price.data or 0,
            deadline=self.deadline.data,
            quality=self.quality.data or "",
            acceptance=Acceptance(self.acceptance.data) if self.acceptance.data else None,
            acceptance_note=self.acceptance_note.data or "",
            material_supply=self.material_supply.data or "",
            release_unpaid="release_unpaid" in self and self.release_unpaid.data,
            release_note=(self.release_note.data or "") if "release_note" in self else "",
            materials=[one.form.line() for one in self.materials if not one.form.is_empty],
        )

    def fields(self, opening: Opening | None = None) -> OpeningFields:
        """Return what the opening says; what this form does not ask for stays as it was."""
        kept = (
            opening.model_dump(include=set(OpeningFields.__dataclass_fields__)) if opening else {}
        )
        return OpeningFields(
            **{
                "place": PLACE,
                **kept,
                "title": self.title.data,
                "description": self.description.data or "",
                "at_home": self.at_home.data,
            }
        )


def order_values(
    order: PieceworkOrder, opening: Opening, materials: list[OrderMaterial], employer: str
) -> dict[str, Any]:
    """Return an order as the form's starting values."""
    return {
        **order.model_dump(include=set(OrderTerms.__dataclass_fields__)),
        "quantity": order.quantity or None,
        "rate": order.rate_fen or None,
        "margin": order.margin_fen or None,
        "price": order.price_fen or None,
        "title": opening.title,
        "description": opening.description,
        "at_home": opening.at_home,
        "employer": employer,
        "materials": [
            {
                "name": one.name,
                "unit": one.unit.value,
                "use_amount": one.use_amount,
                "allowance": one.allowance_permille // 10,
                "pack_size": one.pack_size,
                "cost": one.cost_fen,
            }
            for one in materials
        ],
    }
