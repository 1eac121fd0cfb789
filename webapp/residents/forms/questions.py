"""Forms of one question each, answered by taps; what does not fit has a text field."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, ValidationError

from webapp.core import clock
from webapp.core.formfields import (
    ChecksField,
    DayField,
    PhrasesField,
    as_choices,
    choices,
    required,
)
from webapp.core.labels import LabelledEnum, labels_of
from webapp.core.vocabulary import ALWAYS, Demand, Reach
from webapp.residents.forms.fields import is_birth_date
from webapp.residents.forms.registration import one_of, unit_address_field
from webapp.rulebook.figures import rule

MOST = 30  # phrases of one section


class When(LabelledEnum):
    """The usual answers to when somebody is free."""

    ANY = "any", "随时都行"
    DAY = "day", "白天"
    EVENING = "evening", "晚上"
    SCHOOL = "school", "接送孩子之间"
    OWN = "own", "都不是，我自己选时间"

    @property
    def windows(self) -> list[dict[str, str]]:
        """The hours of the week as a file keeps them; none for one's own, which are asked next."""
        if self is When.ANY:
            return ALWAYS
        if self is When.DAY:
            return [{"days": "1234567", "start": "08:00", "end": "18:00"}]
        if self is When.EVENING:
            return [{"days": "1234567", "start": "18:00", "end": "22:00"}]
        if self is When.SCHOOL:
            today = clock.today()
            start, end = rule("carer_hours_from", on=today), rule("carer_hours_until", on=today)
            return [{"days": "12345", "start": _time(start), "end": _time(end)}]
        return []

    @classmethod
    def of(cls, windows: list[dict[str, str]]) -> "When | None":
        """Return the answer that these hours are, ``None`` for no or for other hours."""
        found = (one for one in cls if windows and one.windows == windows)
        return next(found, cls.OWN if windows else None)


def _time(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


class PhrasesForm(FlaskForm):
    """Some of the commonest answers, and one's own words."""

    chosen = ChecksField(_("点一点，可以点几样"))
    other = PhrasesField(
        description=_("不想打字，就按键盘上的话筒说"), most=MOST, render_kw={"rows": 2}
    )

    def __init__(self, *, answers: Iterable[str], other: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.chosen.choices = as_choices((answer, answer) for answer in answers)
        self.other.label.text = other

    def validate_other(self, field: PhrasesField) -> None:
        """Refuse an empty answer, and more than a file holds."""
        if not self.phrases:
            raise ValidationError(gettext("点一样，或者写一样；不想答就点下面的「先不答」"))
        if len(self.phrases) > MOST:
            raise ValidationError(gettext("最多填 %(n)d 条", n=MOST))

    @property
    def phrases(self) -> list[str]:
        """What was tapped and written, each once."""
        return list(dict.fromkeys([*(self.chosen.data or []), *(self.other.data or [])]))


class HoursForm(FlaskForm):
    """When somebody is free."""

    when = RadioField(
        _("点一个"),
        choices=choices(When),
        coerce=one_of(When),
        validators=[required(_("请选一个"))],
    )


class ReachForm(FlaskForm):
    """How far somebody can go."""

    reach = RadioField(
        _("点一个"),
        choices=choices(Reach),
        coerce=one_of(Reach),
        validators=[required(_("请选一个"))],
    )


class BirthForm(FlaskForm):
    """The day somebody was born."""

    birth_date = DayField(
        _("出生日期"),
        description=_("像 1975-03-08。有的活要看满没满岁数；单位看不到"),
        validators=[required(_("请填出生日期")), is_birth_date],
    )


class LimitsForm(FlaskForm):
    """What somebody cannot do well, without why."""

    limits = ChecksField(
        _("勾了的，就不推荐这样的活"),
        description=_("只说做不做得了，不用说原因。都做得了，就直接按下面的「记下」"),
        choices=as_choices(
            (value, _("要%(what)s的活", what=what)) for value, what in labels_of(Demand).items()
        ),
    )


class AddressForm(FlaskForm):
    """Where somebody lives."""

    unit_address = unit_address_field()
