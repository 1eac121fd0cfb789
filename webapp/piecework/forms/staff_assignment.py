"""Forms of the counter: one assignment's trial, material, pieces, findings and money."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, MultipleFileField, RadioField, SelectField

from webapp.core.formfields import as_choices, choices, required
from webapp.core.labels import label
from webapp.piecework.forms.fields import (
    PieceworkForm,
    line_field,
    number_field,
    words_field,
    yuan_field,
)
from webapp.piecework.models.assignment import DisputeAbout
from webapp.piecework.models.order import OrderMaterial
from webapp.piecework.services.validation import MOST_MATERIAL

MOST_PIECES = 100_000


class ConfirmForm(PieceworkForm):
    """A confirmation, without any field."""


class ReasonForm(PieceworkForm):
    """A reason."""

    reason = words_field(_("为什么"), most=200)


class NoteForm(PieceworkForm):
    """A note on what was seen."""

    note = words_field(_("看到的情况"))


class TrialForm(PieceworkForm):
    """A trial: the time somebody took for some pieces, and how many were good."""

    suffixes = {"minutes": _("分"), "seconds": _("秒")}
    pieces = number_field(_("试做了多少件"), 1, 10_000)
    minutes = number_field(_("用了多久"), 0, 6_000)
    seconds = number_field(_("再加多少秒"), 0, 59, needed=False)
    passed = number_field(_("合格多少件"), 0, 10_000)

    @property
    def duration(self) -> int:
        """The time taken, in seconds."""
        return 60 * (self.minutes.data or 0) + (self.seconds.data or 0)


class LotForm(PieceworkForm):
    """An amount of one lot; whoever makes the form sets the lots to choose from."""

    lot = SelectField(_("哪一批料"), coerce=int)
    amount = number_field(_("多少"), 1, MOST_MATERIAL)


class IssueForm(LotForm):
    """Material to hand out."""

    pack_reason = line_field(_("整包发，超出用量的原因"), most=300, hint=_("正好够就不用填"))


class SpoilForm(LotForm):
    """Material spoiled or lost."""

    lost = BooleanField(_("是丢了，不是做坏了"))
    note = line_field(_("怎么回事"), most=300)


class ReduceForm(PieceworkForm):
    """Fewer pieces than claimed."""

    pieces = number_field(_("改成多少件"), 1, MOST_PIECES)


class FindingForm(PieceworkForm):
    """A signed finding of waste beyond what is allowed."""

    material = SelectField(_("哪种材料"), coerce=int)
    excess = number_field(_("超出允许的有多少"), 1, MOST_MATERIAL)
    charge = yuan_field(_("收多少钱（元）"), hint=_("不收就填 0；最多照材料价"))
    cause = words_field(_("怎么造成的"))
    heard = words_field(_("家里人怎么说"), hint=_("先听家里人说，再签字"))


class AmountForm(PieceworkForm):
    """An amount of money."""

    suffixes = {"amount": _("元")}
    amount = yuan_field(_("多少钱"), least=1)


class ClearForm(PieceworkForm):
    """How an advance is cleared: repaid or waived."""

    repaid = RadioField(
        _("怎么了结"),
        choices=as_choices([("yes", _("钱拿回来了")), ("no", _("免了，社区承担"))]),
        validators=[required(_("请选一样"))],
    )
    reason = words_field(_("说明"))


class DeskDisputeForm(PieceworkForm):
    """A dispute, as told at the counter."""

    about = RadioField(
        _("哪里不对"), choices=choices(DisputeAbout), validators=[required(_("请选一样"))]
    )
    words = words_field(_("怎么回事"), most=1000)


class InspectForm(PieceworkForm):
    """The result of inspecting a delivery."""

    accepted = number_field(_("合格"), 0, MOST_PIECES)
    rework = number_field(_("要返工"), 0, MOST_PIECES, default=0)
    rejected = number_field(_("不合格"), 0, MOST_PIECES, default=0)
    note = words_field(_("哪里不行"), needed=False, hint=_("有返工或不合格的要写，家里人看得到"))
    rework_days = number_field(_("返工几天内交回"), 1, 60, default=7)
    photos = MultipleFileField(
        _("照片"),
        description=_("最多 6 张，一张最多 8 兆；照片里的地点时间会去掉"),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )


class HandInDeskForm(PieceworkForm):
    """A delivery brought to the counter; ``used`` are (material id, field name)."""

    pieces = number_field(_("交来多少"), 1, MOST_PIECES)
    used: Sequence[tuple[int, str]] = ()

    @property
    def amounts(self) -> dict[int, int]:
        """What was wasted, or used of new material, by material id."""
        return {id_: self[name].data for id_, name in self.used if self[name].data}


def hand_in_desk_form(materials: Sequence[OrderMaterial], *, rework: bool) -> type[HandInDeskForm]:
    """Return the form for an order's materials: waste, or for rework what was used anew."""
    names = [(one.id, f"used_{one.id}") for one in materials]
    words = _("返工用了新补的“%(name)s”") if rework else _("做坏的“%(name)s”")
    fields: dict[str, Any] = {
        name: number_field(str(words) % {"name": one.name}, 0, MOST_MATERIAL, needed=False)
        for one, (_id, name) in zip(materials, names, strict=True)
    }
    suffixes = {name: label(one.unit) for one, (_id, name) in zip(materials, names, strict=True)}
    return type(
        "HandInDeskForm", (HandInDeskForm,), {**fields, "used": names, "suffixes": suffixes}
    )
