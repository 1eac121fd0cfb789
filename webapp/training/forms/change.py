"""Forms by which staff change a run or call it off."""

from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    StringField,
    ValidationError,
)

from webapp.core import clock
from webapp.core.formfields import (
    DayField,
    at_most,
    clean,
    is_time,
    required,
    tidy,
)
from webapp.training.forms.seats import seats_field
from webapp.training.models.courses import ClassMeeting, CourseRun
from webapp.training.services.posting import MOST_MEETINGS
from webapp.training.services.runs import Change


class MeetingForm(Form):
    """One class meeting's day and times; ``meeting_id`` says which."""

    meeting_id = HiddenField()
    day = DayField(_("哪天"), validators=[required(_("请填日期"))])
    start = StringField(_("几点上课"), filters=[clean], validators=[required()])
    end = StringField(_("几点下课"), filters=[clean], validators=[required()])

    def validate_start(self, field: Field) -> None:
        """Refuse what is no time of day."""
        if not is_time(field.data) or field.data == "24:00":
            raise ValidationError(gettext("请像 09:30 这样填"))

    def validate_end(self, field: Field) -> None:
        """Refuse what is no time of day."""
        if not is_time(field.data) or field.data == "24:00":
            raise ValidationError(gettext("请像 09:30 这样填"))

    @property
    def times(self) -> tuple[datetime, datetime]:
        """The meeting's beginning and end."""
        day: date = self.day.data or clock.today()
        return (
            datetime.combine(day, time.fromisoformat(self.start.data or ""), clock.LOCAL),
            datetime.combine(day, time.fromisoformat(self.end.data or ""), clock.LOCAL),
        )


class ChangeForm(FlaskForm):
    """Move meetings, room, trainer or seats of a run; everybody in it is told why."""

    meetings = FieldList(FormField(MeetingForm), max_entries=MOST_MEETINGS)
    room = StringField(_("教室"), filters=[tidy], validators=[required(_("请填教室")), at_most(60)])
    trainer = StringField(_("老师"), filters=[tidy], validators=[at_most(40)])
    seats = seats_field()
    reason = StringField(
        _("为什么改"),
        filters=[tidy],
        validators=[at_most(200)],
        description=_("报了名、在候补的人会看到；只改座位数不用写"),
    )
    overlap_known = BooleanField(_("教室或老师撞了也这样排"))

    def change(self, known: set[int]) -> Change:
        """Return the run as it is to be; meetings of other runs are left out."""
        times = {
            int(entry.form.meeting_id.data): entry.form.times
            for entry in self.meetings
            if (entry.form.meeting_id.data or "").isdecimal()
        }
        return Change(
            meetings={number: when for number, when in times.items() if number in known},
            room=self.room.data or "",
            trainer=self.trainer.data or "",
            seats=self.seats.data or 0,
            reason=self.reason.data or "",
            overlap_known=self.overlap_known.data,
        )


def change_values(run: CourseRun, meetings: list[ClassMeeting]) -> dict[str, Any]:
    """Return a run as the form's starting values: the meetings still to come."""
    return {
        "room": run.room,
        "trainer": run.trainer,
        "seats": run.seats,
        "meetings": [
            {
                "meeting_id": str(one.id),
                "day": clock.local(one.starts_at).date(),
                "start": f"{clock.local(one.starts_at):%H:%M}",
                "end": f"{clock.local(one.ends_at):%H:%M}",
            }
            for one in meetings
            if one.starts_at > clock.now()
        ],
    }


class CancelForm(FlaskForm):
    """Why a run is called off."""

    reason = StringField(
        _("为什么不办了"),
        filters=[tidy],
        validators=[required(_("请写一句，报了名的人会看到")), at_most(200)],
        description=_("报了名、在候补的人会看到这句话"),
    )
