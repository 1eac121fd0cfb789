"""Forms of the review of a whole file: one repair for many openings, and all that is ready."""

import re
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Optional

from webapp.core import clock
from webapp.core.formfields import (
    DayField,
    KeyedForm,
    as_choices,
    at_most,
    clean,
    some_ids,
    tidy,
)
from webapp.core.labels import labels_of
from webapp.core.place_names import read_place
from webapp.core.vocabulary import Education, PayUnit
from webapp.imports.services.repairs import Repair, hours_fault, pay_fault
from webapp.openings.services.editing import longest_days

_NAMED = re.compile(r"[市区县镇乡]|街道")
#: More rows than a page has cannot have been ticked.
_MOST_TICKED = 500


class SeenForm(KeyedForm):
    """What moves many openings says when its page was shown: what changed since stays."""

    seen = HiddenField()

    def validate_seen(self, field: Field) -> None:
        """Refuse what is no moment of a page."""
        if self.seen_at is None:
            raise ValidationError(gettext("请刷新页面再点一次"))

    @property
    def seen_at(self) -> datetime | None:
        """When the page was shown."""
        try:
            moment = datetime.fromisoformat(self.seen.data or "")
        except ValueError:
            return None
        return moment if moment.tzinfo else None


class PublishForm(SeenForm):
    """Publish all that is ready; ``sure`` once the list of them was shown."""

    sure = HiddenField()


class RepairForm(SeenForm):
    """One repair for the openings listed, or for the ticked ones; ``act`` is the button."""

    act = HiddenField()
    ids = SelectMultipleField(coerce=int, validate_choice=False)
    valid_until = DayField(_("招到哪天为止"), validators=[Optional()])
    education = SelectField(_("最低学历"), validators=[Optional()])
    hours = StringField(
        _("工作时间"),
        filters=[clean],
        validators=[at_most(100)],
        description=_("像：周一至周六 8:00-18:00"),
    )
    pay_text = StringField(
        _("工钱"),
        filters=[clean],
        validators=[at_most(80)],
        description=_("问过单位再填，像：3000-4500元/月"),
    )
    pay_unit = SelectField(
        _("工钱按什么算"),
        validators=[Optional()],
        description=_("数目对、按月按天认错了的，在这里改；有数目的都会改"),
    )
    place = StringField(
        _("在哪里"),
        filters=[clean],
        validators=[at_most(60)],
        description=_("像：重庆市九龙坡区华岩镇"),
    )
    description = TextAreaField(
        _("做些什么"), filters=[tidy], validators=[at_most(1000)],
        description=_("几条都一样的才一起填"),
    )  # fmt: skip
    employer = StringField(
        _("算哪家单位的"),
        filters=[clean],
        validators=[at_most(80)],
        description=_("照登记的全称填"),
        render_kw={"list": "employers"},
    )
    replaces = BooleanField(_("已经写了的也改成这样（不勾就只补空着的）"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = {**labels_of(Education), "none": _("不限学历")}
        self.education.choices = as_choices([("", gettext("不动")), *levels.items()])
        units = [(value, gettext("按%(unit)s", unit=word)) for value, word in _UNITS.items()]
        self.pay_unit.choices = as_choices([("", gettext("不动")), *units])

    def validate_ids(self, field: Field) -> None:
        """Ask for ticks where a button is about the ticked ones."""
        if self.act.data in {"repair_ticked", "hold", "release"}:
            some_ids(
                gettext("先在要办的几条前面打勾"),
                gettext("一次最多 %(n)d 条", n=_MOST_TICKED),
                most=_MOST_TICKED,
            )(self, field)

    def validate_valid_until(self, field: Field) -> None:
        """Refuse days gone by and days too far ahead."""
        longest = longest_days()
        if field.data is not None and field.data < clock.today():
            raise ValidationError(gettext("这一天已经过了"))
        if field.data is not None and field.data > clock.today() + timedelta(days=longest):
            raise ValidationError(gettext("最多 %(n)d 天以后，到期可以再续", n=longest))

    def validate_hours(self, field: Field) -> None:
        """Refuse hours that nobody can reckon with."""
        _refuse(hours_fault(field.data) if field.data else None)

    def validate_pay_text(self, field: Field) -> None:
        """Refuse pay without figures."""
        _refuse(pay_fault(field.data) if field.data else None)

    def validate_place(self, field: Field) -> None:
        """Refuse what names no place."""
        if field.data and not _NAMED.search(read_place(field.data).path):
            raise ValidationError(gettext("看不出是哪里，请从市或区写起"))

    def repair(self) -> Repair:
        """Return what a valid form sets."""
        until = self.valid_until.data
        return Repair(
            valid_until=until.isoformat() if until else "",
            education=self.education.data or "",
            hours=self.hours.data or "",
            pay_text=self.pay_text.data or "",
            pay_unit=self.pay_unit.data or "",
            place=read_place(self.place.data).path if self.place.data else "",
            description=self.description.data or "",
            employer_name=self.employer.data or "",
            replaces=self.replaces.data,
        )


_UNITS = labels_of(PayUnit)


def _refuse(fault: str | None) -> None:
    if fault:
        raise ValidationError(fault)
