"""Forms by which staff post a course, and a further run of one."""

from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DecimalField,
    Field,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional

from webapp.core import clock
from webapp.core.formatting import WEEKDAYS
from webapp.core.formfields import (
    FURTHEST,
    HALF_HOURS,
    ChecksField,
    DayField,
    KeyedForm,
    PhrasesField,
    WholeNumberField,
    as_choices,
    at_most,
    choices,
    clean,
    is_time,
    required,
    tidy,
)
from webapp.core.labels import labels_of
from webapp.core.vocabulary import Demand, Education
from webapp.openings.fields import OpeningFields
from webapp.openings.forms import HOME_PLACE
from webapp.rulebook.holidays import holidays
from webapp.training.course_templates import CourseTemplate
from webapp.training.forms.seats import seats_field
from webapp.training.lifecycle import CourseLevel
from webapp.training.models.demand import CourseDemand
from webapp.training.services.posting import MOST_MEETINGS, CourseTerms, RunTerms, weekly_meetings

FEN = 100
_BEGINS_IN = timedelta(days=14)
_FEWEST_SEATS, _USUAL_SEATS = 5, 20


def _coming_day(_form: FlaskForm, field: Field) -> None:
    if field.data is None:
        return
    if field.data < clock.today():
        raise ValidationError(gettext("这一天已经过了"))
    if field.data > clock.today() + FURTHEST:
        raise ValidationError(gettext("太远了，一年以内才排"))


class RunForm(KeyedForm):
    """When, where, for how many: one run of a course."""

    first_day = DayField(_("哪天第一次上课"), validators=[required(_("请填日期")), _coming_day])
    days = ChecksField(
        _("星期几上课"),
        description=_("法定节假日自己跳过"),
        choices=as_choices((str(n + 1), f"周{day}") for n, day in enumerate(WEEKDAYS)),
    )
    start = SelectField(_("几点上课"), validate_choice=False, choices=as_choices(
        [("", _("请选")), *((one, one) for one in HALF_HOURS[12:47])]
    ))  # fmt: skip
    end = SelectField(_("几点下课"), validate_choice=False, choices=as_choices(
        [("", _("请选")), *((one, one) for one in HALF_HOURS[12:48])]
    ))  # fmt: skip
    count = WholeNumberField(
        _("一共上几次"),
        validators=[
            required(_("请填次数")),
            NumberRange(1, MOST_MEETINGS, message=_("请填 1 到 120 次")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    seats = seats_field()
    room = StringField(
        _("在哪间教室"), filters=[tidy], validators=[required(_("请填教室")), at_most(60)]
    )
    trainer = StringField(_("哪位老师"), filters=[tidy], validators=[at_most(40)])
    enrol_from = DayField(
        _("从哪天开始报名"),
        validators=[Optional(), _coming_day],
        description=_("不填就是马上。填以后的日子，先预告，到那天自己开始"),
    )
    enrol_until = DayField(
        _("报名到哪天"),
        validators=[Optional(), _coming_day],
        description=_("不填就是开课前一天"),
    )
    overlap_known = BooleanField(_("教室或老师撞了也这样排"))

    def validate_start(self, field: Field) -> None:
        """Refuse what is no time of day."""
        if not is_time(field.data) or field.data == "24:00":
            raise ValidationError(gettext("请选几点上课"))

    def validate_end(self, field: Field) -> None:
        """Refuse what is no time of day."""
        if not is_time(field.data) or field.data == "24:00":
            raise ValidationError(gettext("请选几点下课"))

    def run_terms(self) -> RunTerms:
        """Return the run; raises ``BadField`` for hours that make no sense."""
        meetings = weekly_meetings(
            self.first_day.data,
            sorted({int(day) for day in self.days.data or []}),
            time.fromisoformat(self.start.data),
            time.fromisoformat(self.end.data),
            self.count.data or 0,
        )
        begins = meetings[0][0].date()
        return RunTerms(
            meetings=meetings,
            seats=self.seats.data or 0,
            room=self.room.data or "",
            trainer=self.trainer.data or "",
            enrol_until=self.enrol_until.data or max(begins - timedelta(days=1), clock.today()),
            enrol_from=self.enrol_from.data,
            overlap_known=self.overlap_known.data,
        )


class CourseForm(RunForm):
    """A course with its first run, on one page."""

    title = StringField(
        _("学什么"), filters=[tidy], validators=[required(_("请填学什么")), at_most(80)]
    )
    level = SelectField(
        _("学到哪一级"), coerce=lambda value: value or None, validators=[Optional()]
    )
    class_hours = WholeNumberField(
        _("一共多少课时"),
        validators=[Optional(), NumberRange(1, 2000, message=_("请填 1 到 2000 的整数"))],
        render_kw={"inputmode": "numeric"},
    )
    description = TextAreaField(
        _("学些什么，学完能做什么"),
        filters=[tidy],
        validators=[required(_("请写几句学些什么")), at_most(4000)],
    )
    skills = PhrasesField(_("学会什么"), description=_("一行写一样，结业就记进本人的资料"))
    certificates = PhrasesField(_("结业有什么证"), description=_("一行写一个，没有就不填"))
    education = SelectField(
        _("最低学历"), coerce=lambda value: value or None, validators=[Optional()]
    )
    demands = ChecksField(_("学这门要"), description=_("照实勾"), choices=choices(Demand))
    required_certificates = PhrasesField(_("先要有什么证"), description=_("没有就不填"))
    papers = PhrasesField(
        _("要交什么材料"), description=_("一行写一样。没交齐会提醒，交了就不提醒")
    )
    fee = DecimalField(
        _("学费"),
        places=2,
        validators=[Optional(), NumberRange(0, 20000, message=_("请填 0 到 20000"))],
        description=_("不收费就不填"),
        render_kw={"inputmode": "decimal"},
    )
    subsidised = BooleanField(_("有政府补贴（一个人一年能上的门数有限）"))
    subsidy_note = StringField(
        _("补贴谁给谁"),
        filters=[tidy],
        validators=[at_most(200)],
        description=_("像：考过以后人社局补给学校，居民不交钱"),
    )
    provider = StringField(
        _("谁办的"),
        filters=[tidy],
        validators=[at_most(80)],
        description=_("学校、机构或支部的名字"),
    )
    employer = StringField(
        _("登记过的单位"),
        filters=[clean],
        validators=[at_most(80)],
        description=_("登记过的单位办的，照全称填；社区自己办的不填"),
        render_kw={"list": "employers"},
    )
    town = StringField(_("镇、街道"), filters=[clean], default=HOME_PLACE[2],
                       validators=[required(_("请填镇、街道")), at_most(20)])  # fmt: skip
    estate = StringField(_("小区、村或园区"), filters=[clean], validators=[at_most(20)])
    address = StringField(_("详细地址"), filters=[tidy], validators=[at_most(120)])
    category = HiddenField(validators=[at_most(60)])
    note = TextAreaField(
        _("标出来的话为什么可以放行"),
        filters=[tidy],
        validators=[at_most(300)],
        description=_("有标出来的话才要写，像写了收费"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = as_choices([("", gettext("没说")), *labels_of(CourseLevel).items()])
        words = {**labels_of(Education), "none": gettext("不限学历")}
        self.education.choices = as_choices([("", gettext("没说")), *words.items()])

    def validate_town(self, field: Field) -> None:
        """Refuse slashes, which part a place."""
        if "/" in (field.data or "") or "/" in (self.estate.data or ""):
            raise ValidationError(gettext("不要写斜杠，一格填一级"))

    def validate_skills(self, field: Field) -> None:
        """Refuse a course that teaches nothing."""
        if not field.data and not self.certificates.data:
            raise ValidationError(gettext("请写学会什么，至少一样"))

    def opening_fields(self) -> OpeningFields:
        """Return what the opening says; hours, pay and places come from course and run."""
        place = (HOME_PLACE[0], HOME_PLACE[1], self.town.data, self.estate.data)
        return OpeningFields(
            title=self.title.data,
            category=self.category.data or "",
            description=self.description.data,
            place="/".join(part for part in place if part),
            address=self.address.data or "",
            certificates=self.required_certificates.data or [],
            education=Education(self.education.data) if self.education.data else None,
            demands=self.demands.data or [],
        )

    def course_terms(self) -> CourseTerms:
        """Return what the course is."""
        return CourseTerms(
            level=CourseLevel(self.level.data) if self.level.data else None,
            class_hours=self.class_hours.data,
            provider=self.provider.data or "",
            skills=self.skills.data or [],
            certificates=self.certificates.data or [],
            papers=self.papers.data or [],
            fee_fen=round((self.fee.data or 0) * FEN),
            subsidised=self.subsidised.data,
            subsidy_note=self.subsidy_note.data or "",
        )


def demanded_values(demand: CourseDemand | None) -> dict[str, Any]:
    """Return what is known of a run beforehand: for how many, and when most of them can come."""
    if demand is None:
        return {}
    values: dict[str, Any] = {
        "seats": min(max(demand.people, _FEWEST_SEATS), _USUAL_SEATS),
    }
    for hours in demand.hours:
        days = sorted(hours["days"])
        begins = clock.today() + _BEGINS_IN
        while str(begins.isoweekday()) not in days or begins in holidays():
            begins += timedelta(days=1)
        values |= {
            "days": days,
            "start": hours["start"],
            "end": hours["end"],
            "first_day": begins,
        }
    if demand.certificate:
        values |= {"title": demand.certificate, "certificates": [demand.certificate]}
    return values


def starting_meetings(values: dict[str, Any]) -> list[tuple[datetime, datetime]]:
    """Return the meetings that a form with these values would plan."""
    return weekly_meetings(
        values["first_day"],
        [int(day) for day in values["days"]],
        time.fromisoformat(values["start"]),
        time.fromisoformat(values["end"]),
        values["count"],
    )


def starting_values(template: CourseTemplate | None) -> dict[str, Any]:
    """Return what the form starts with: the template's words, and a run two weeks from now."""
    begins = clock.today() + _BEGINS_IN
    values: dict[str, Any] = {
        "first_day": begins + timedelta(days=(8 - begins.isoweekday()) % 7),
        "days": ["1", "2", "3", "4", "5"],
        "start": "09:00",
        "end": "11:30",
        "seats": 20,
        "count": 8,
    }
    if template is None:
        return values
    return {
        **values,
        "title": template.title,
        "category": template.category,
        "level": template.level.value,
        "class_hours": template.class_hours,
        "count": max(1, round(template.class_hours / 3)),
        "skills": template.skills,
        "certificates": template.certificates,
        "education": template.education.value if template.education else "",
        "demands": template.demands,
        "papers": template.papers,
        "description": template.description,
    }
