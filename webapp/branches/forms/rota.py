"""The forms of the rota: a week at a time, a single shift; messages in Chinese."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import Regexp

from webapp.branches.forms.commitments import member_field, time_field
from webapp.branches.queries.members import Member
from webapp.branches.queries.slots import Slot
from webapp.core.formfields import DayField, KeyedForm, as_choices, required, tidy


def phone_field() -> StringField:
    """Return the field of a telephone that everybody may call."""
    return StringField(
        _("值班电话"),
        description=_("办公室或者值班的电话，谁都看得到；不写自己的手机"),
        filters=[tidy],
        validators=[
            required(_("请填值班电话")),
            Regexp(r"[0-9][0-9-]{4,18}[0-9]\Z", message=_("请填电话号码，像 023-61234567")),
        ],
    )


class ShiftForm(KeyedForm):
    """One shift at any hours."""

    member = member_field(_("谁值班"))
    day = DayField(_("哪天"), validators=[required(_("请填哪天"))])
    start = time_field(_("几点开始"))
    end = time_field(_("几点结束"))
    phone = phone_field()


class WeekForm(KeyedForm):
    """Who has which slot of a week; :func:`week_form` adds a field for each slot."""

    phone = phone_field()

    def chosen(self, slots: list[Slot]) -> dict[str, int | None]:
        """Return key of a slot → account, of the slots that are in the form."""
        return {slot.key: self[slot.key].data for slot in slots if slot.key in self}


def week_form(slots: list[Slot], members: list[Member], **values: Any) -> WeekForm:
    """Return the form of a week with a choice of members for each of ``slots``."""
    people = as_choices([("", gettext("没有人")), *((one.account_id, one.name) for one in members)])
    fields = {
        slot.key: SelectField(
            gettext("夜班") if slot.is_night else gettext("白班"),
            choices=people,
            coerce=lambda value: (
                int(value) if str(value).isascii() and str(value).isdigit() else None
            ),
        )
        for slot in slots
    }
    kind = type("WeekOfSlots", (WeekForm,), fields)
    form: WeekForm = kind(data=values)
    return form
