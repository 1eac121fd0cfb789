"""Forms of a household's own piecework."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length, NumberRange

from webapp.core.formfields import WholeNumberField, choices, required, tidy
from webapp.piecework.forms.fields import PieceworkForm, WorkersForm, number_field
from webapp.piecework.models.assignment import DisputeAbout
from webapp.piecework.models.order import OrderMaterial

MOST_PIECES = 100_000
MOST_WASTED = 1_000_000


def pieces_field(label: Any) -> WholeNumberField:
    """Return a field for a number of pieces."""
    return WholeNumberField(
        label,
        validators=[
            required(_("请填件数")),
            NumberRange(1, MOST_PIECES, message=_("请填 1 到 100,000 之间的整数")),
        ],
        render_kw={"inputmode": "numeric"},
    )


class ClaimForm(WorkersForm):
    """A claim: how many pieces, and who of the household makes them."""

    pieces = pieces_field(_("领多少"))


class HandInForm(PieceworkForm):
    """A delivery; :func:`hand_in_form` adds a field for the waste of each material."""

    pieces = pieces_field(_("这次交多少"))
    wasted: Sequence[tuple[int, str]] = ()

    @property
    def wastage(self) -> dict[int, int]:
        """What was wasted, by material id; nothing typed is none."""
        return {id_: self[name].data for id_, name in self.wasted if self[name].data}


def hand_in_form(materials: Sequence[OrderMaterial]) -> type[HandInForm]:
    """Return the form for an order's materials."""
    names = [(one.id, f"wasted_{one.id}") for one in materials]
    fields = {
        name: number_field(one.name, 0, MOST_WASTED, needed=False)
        for one, (_id, name) in zip(materials, names, strict=True)
    }
    return type("HandInForm", (HandInForm,), {**fields, "wasted": names})


def _reason_field(id_: str) -> TextAreaField:
    return TextAreaField(
        _("说一句"),
        id=id_,
        filters=[tidy],
        validators=[required(_("请说一句")), Length(max=200, message=_("最多 200 个字"))],
    )


class ShortForm(PieceworkForm):
    """A report of missing material."""

    reason = _reason_field("short")


class GiveBackForm(PieceworkForm):
    """Why an assignment is given back.

    It stands on one page with :class:`ShortForm`, so its field has another HTML id.
    """

    reason = _reason_field("back")


class DisputeForm(PieceworkForm):
    """A dispute."""

    about = RadioField(
        _("哪里不对"), choices=choices(DisputeAbout), validators=[required(_("请选一样"))]
    )
    words = TextAreaField(
        _("说说怎么回事"),
        filters=[tidy],
        validators=[
            required(_("请说说怎么回事")),
            Length(max=1000, message=_("最多 1000 个字")),
        ],
    )
