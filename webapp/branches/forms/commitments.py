"""The forms of promises and activities; messages in Chinese."""

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional

from webapp.branches.queries.members import Member
from webapp.branches.services.activities import ActivityFields
from webapp.core import clock
from webapp.core.formfields import (
    HALF_HOURS,
    DayField,
    KeyedForm,
    WholeNumberField,
    as_choices,
    at_most,
    required,
    tidy,
)

_MOST_PEOPLE = 5000


def member_choices(members: list[Member], away: set[int]) -> Any:
    """Return the choices of members, with what they answer for and whether they are on leave."""

    def words(one: Member) -> str:
        told = f"{one.name}（{one.title}）" if one.title else one.name
        return gettext("%(name)s · 请假", name=told) if one.account_id in away else told

    return as_choices([("", gettext("请选")), *((one.account_id, words(one)) for one in members)])


def span(day: date, start: str, end: str) -> tuple[datetime, datetime]:
    """Return two moments of a day in Chongqing; an end not after its start is on the next day.

    >>> [str(one) for one in span(date(2026, 11, 30), "20:00", "08:00")]
    ['2026-11-30 20:00:00+08:00', '2026-12-01 08:00:00+08:00']
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=clock.LOCAL)

    def at(time: str) -> datetime:
        hour, minute = time.split(":")
        return midnight + timedelta(hours=int(hour), minutes=int(minute))

    begins, ends = at(start), at(end)
    return begins, ends if ends > begins else ends + timedelta(days=1)


def member_field(label: Any) -> SelectField:
    """Return the field of a member; its choices are set by the view."""
    return SelectField(label, coerce=as_id, validators=[required(_("请选一位"))])


def time_field(label: Any) -> SelectField:
    """Return the field of a time of day, in half hours."""
    times = as_choices([("", _("请选")), *((time, time) for time in HALF_HOURS)])
    return SelectField(label, choices=times, validators=[required(_("请选几点"))])


def as_id(value: Any) -> int | None:
    """Return the id that a choice stands for, ``None`` for the empty one."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None


class PairForm(KeyedForm):
    """Two members of a branch who answer for something."""

    owner = member_field(_("谁负责"))
    backup = member_field(_("谁做替补"))

    def choose_from(self, members: list[Member], away: set[int]) -> None:
        """Set who can be chosen."""
        self.owner.choices = self.backup.choices = member_choices(members, away)


class PromiseForm(PairForm):
    """Something a branch promises."""

    words = StringField(
        _("承诺什么"),
        description=_("一句话，写得出做没做到。像：三号楼的路灯全修好"),
        filters=[tidy],
        validators=[required(_("请写承诺什么")), at_most(120)],
    )
    due_on = DayField(_("到哪天做到"), validators=[required(_("请填到哪天"))])


class PictureForm(KeyedForm):
    """A picture of what was done, with words for who does not see it."""

    photo = FileField(_("照片"), render_kw={"accept": "image/*"})
    photo_alt = StringField(
        _("照片上是什么"), filters=[tidy], validators=[Optional(), at_most(100)]
    )


class KeptForm(PictureForm):
    """The proof that a promise was kept."""

    outcome = TextAreaField(
        _("怎么做到的"),
        description=_("谁都看得到。写看得见、问得到的：哪天、修了几盏、谁验的"),
        filters=[tidy],
        validators=[required(_("请写怎么做到的")), at_most(300)],
    )


class OutcomeForm(KeyedForm):
    """Why something was not kept, or called off."""

    outcome = TextAreaField(
        _("原因"),
        description=_("谁都看得到，不写人家的私事"),
        filters=[tidy],
        validators=[required(_("请写原因")), at_most(300)],
    )


class ActivityForm(PairForm):
    """An activity: what, when, where, for whom."""

    title = StringField(
        _("办什么"), filters=[tidy], validators=[required(_("请写办什么")), at_most(40)]
    )
    day = DayField(_("哪天"), validators=[required(_("请填哪天"))])
    start = time_field(_("几点开始"))
    end = time_field(_("几点结束"))
    place = StringField(
        _("在哪里"), filters=[tidy], validators=[required(_("请写在哪里")), at_most(60)]
    )
    for_whom = StringField(
        _("给谁办的"),
        description=_("像：谁都可以来；放学没人接的孩子"),
        filters=[tidy],
        validators=[required(_("请写给谁办的")), at_most(60)],
    )
    words = TextAreaField(
        _("还要说的"),
        description=_("带什么、怎么报名"),
        filters=[tidy],
        validators=[Optional(), at_most(200)],
    )

    def fields(self) -> ActivityFields:
        """Return what the service takes."""
        starts_at, ends_at = span(self.day.data, self.start.data, self.end.data)
        return ActivityFields(
            title=self.title.data or "",
            starts_at=starts_at,
            ends_at=ends_at,
            place=self.place.data or "",
            for_whom=self.for_whom.data or "",
            words=self.words.data or "",
            owner_id=self.owner.data or 0,
            backup_id=self.backup.data or 0,
        )


class HeldForm(PictureForm):
    """What came of an activity."""

    people = WholeNumberField(
        _("来了多少人"),
        validators=[
            required(_("请填来了多少人")),
            NumberRange(0, _MOST_PEOPLE, message=_("请填 0 到 5000")),
        ],
    )
    outcome = TextAreaField(
        _("办得怎么样"),
        description=_("谁都看得到。做了什么、有什么结果"),
        filters=[tidy],
        validators=[required(_("请写办得怎么样")), at_most(300)],
    )


def times_of(starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """Return day, start and end as the fields show them."""
    begins, ends = clock.local(starts_at), clock.local(ends_at)
    return {"day": begins.date(), "start": f"{begins:%H:%M}", "end": f"{ends:%H:%M}"}
