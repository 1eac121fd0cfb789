"""Forms of a family's own piecework."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional, Regexp

from webapp.formfields import required, tidy
from webapp.piecework.models import OrderMaterial
from webapp.piecework.models_work import DisputeAbout
from webapp.residents.fields import ChecksField, WholeNumberField
from webapp.words import choices

MOST_PIECES = 100_000
MOST_WASTED = 1_000_000


def form_key_field() -> HiddenField:
    """Return the field that makes a repeated POST the same deed."""
    return HiddenField(validators=[Regexp(r"^[0-9a-f]{32}$", message=_("请刷新页面再填"))])


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


class ClaimForm(FlaskForm):
    """How many pieces, and who of the household does them."""

    pieces = pieces_field(_("领多少"))
    members = ChecksField(
        _("谁来做"), coerce=int, validators=[required(_("请选谁来做，至少一个人"))]
    )
    form_key = form_key_field()


class HandInForm(FlaskForm):
    """A tranche; :func:`hand_in_form` adds a field for the waste of each material."""

    pieces = pieces_field(_("这次交多少"))
    form_key = form_key_field()
    wasted: Sequence[tuple[int, str]] = ()

    @property
    def wastage(self) -> dict[int, int]:
        """What was wasted, by material id; nothing typed is none."""
        return {id_: self[name].data for id_, name in self.wasted if self[name].data}


def hand_in_form(materials: Sequence[OrderMaterial]) -> type[HandInForm]:
    """Return the form for an order's materials."""
    names = [(one.id, f"wasted_{one.id}") for one in materials]
    fields = {
        name: WholeNumberField(
            one.name,
            validators=[
                Optional(),
                NumberRange(0, MOST_WASTED, message=_("请填 0 到 1,000,000 之间的整数")),
            ],
            render_kw={"inputmode": "numeric"},
        )
        for one, (_id, name) in zip(materials, names, strict=True)
    }
    return type("HandInForm", (HandInForm,), {**fields, "wasted": names})


class WordsForm(FlaskForm):
    """Why: material that is missing, or why a share is given back."""

    reason = TextAreaField(
        _("说一句"),
        filters=[tidy],
        validators=[required(_("请说一句")), Length(max=200, message=_("最多 200 个字"))],
    )


class DisputeForm(FlaskForm):
    """What is not right."""

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
    form_key = form_key_field()
