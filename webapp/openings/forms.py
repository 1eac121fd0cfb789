"""Forms of openings: the opening itself, and what reviewers say."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional

from webapp.core import clock
from webapp.core.formfields import (
    ChecksField,
    DayField,
    KeyedForm,
    PhrasesField,
    WholeNumberField,
    WindowForm,
    as_choices,
    at_most,
    choices,
    clean,
    required,
    tidy,
)
from webapp.core.labels import labels_of
from webapp.core.vocabulary import Demand, Education, Kind, ReservedFor
from webapp.openings.fields import OpeningFields
from webapp.openings.models import ExceptionAnswer, Opening
from webapp.rulebook.figures import rule

WINDOWS = 3
HOME_PLACE = ("重庆市", "九龙坡区", "华岩镇")
USUAL_DAYS = 60
# Offered while typing; any other may be written.
DISTRICTS = (
    "九龙坡区",
    "大渡口区",
    "沙坪坝区",
    "渝中区",
    "江北区",
    "南岸区",
    "渝北区",
    "巴南区",
    "北碚区",
    "江津区",
    "璧山区",
)
# What each kind does not ask for.
LEFT_OUT = {
    Kind.VACANCY: ("teaches",),
    Kind.PIECEWORK: ("teaches",),
    Kind.COURSE: ("hazardous", "certificates"),
    Kind.VENTURE: ("teaches", "hazardous", "hours", "flexible"),
}
LABELS = {
    Kind.VACANCY: {},
    Kind.PIECEWORK: {
        "title": _("做什么手工"),
        "description": _("怎么做、谁出材料、怎么验收、哪天交货"),
        "pay_text": _("做一件多少钱"),
        "headcount": _("要多少人做"),
        "valid_until": _("哪天之前能来领"),
    },
    Kind.COURSE: {
        "title": _("学什么"),
        "description": _("学些什么、什么时候上课、学完能做什么"),
        "pay_text": _("学费或补贴"),
        "headcount": _("收多少人"),
        "valid_until": _("报名到哪一天"),
    },
    Kind.VENTURE: {
        "title": _("什么项目或摊位"),
        "description": _("要多少本钱、办什么手续、谁来带、大概能挣多少"),
        "pay_text": _("大概能挣多少"),
        "headcount": _("有几个名额"),
        "valid_until": _("报名到哪一天"),
    },
}


def _no_slash(_form: FlaskForm, field: Field) -> None:
    if "/" in (field.data or ""):
        raise ValidationError(gettext("不要写斜杠，一格填一级"))


def _place_field(label: Any, **kwargs: Any) -> StringField:
    return StringField(label, filters=[clean], validators=[at_most(20), _no_slash], **kwargs)


class OpeningForm(KeyedForm):
    """One opening of any kind; what the kind does not ask for is left out."""

    districts = DISTRICTS
    employer = StringField(
        _("用人单位"),
        filters=[clean],
        validators=[at_most(80)],
        description=_("照登记的全称填；社区自己办的可以不填"),
        render_kw={"list": "employers"},
    )
    title = StringField(
        _("招什么人"),
        filters=[tidy],
        validators=[required(_("请填标题")), at_most(80)],
        description=_("写大家听得懂的叫法，像：小区保洁员"),
    )
    category = StringField(
        _("哪一行"),
        filters=[clean],
        validators=[at_most(60)],
        description=_("像：家政、餐饮、电工"),
    )
    description = TextAreaField(
        _("做些什么"),
        filters=[tidy],
        validators=[at_most(4000)],
        description=_("一天做哪些事、包不包吃住、买不买保险。别写电话和收费"),
    )
    city = _place_field(_("市"), default=HOME_PLACE[0])
    district = _place_field(_("区县"), default=HOME_PLACE[1], render_kw={"list": "districts"})
    town = _place_field(_("镇、街道"), default=HOME_PLACE[2])
    estate = _place_field(_("小区、村或园区"), description=_("像：华龙家园"))
    address = StringField(_("详细地址"), filters=[tidy], validators=[at_most(120)])
    at_home = BooleanField(_("可以拿回家做"))
    pay_text = StringField(
        _("工钱怎么算"),
        filters=[clean],
        validators=[at_most(80)],
        description=_("像：3000-4500元/月、18元/小时、0.35元/个。存好以后给您看电脑读懂的数目"),
    )
    headcount = WholeNumberField(
        _("要几个人"),
        default=1,
        validators=[
            required(_("请填人数")),
            NumberRange(1, 9999, message=_("请填 1 到 9999 的整数")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    valid_until = DayField(_("招到哪一天"), validators=[required(_("请填日期"))])
    flexible = BooleanField(_("时间自己安排，不用填下面的"))
    hours = FieldList(FormField(WindowForm), min_entries=WINDOWS, max_entries=WINDOWS)
    education = SelectField(
        _("最低学历"), coerce=lambda value: value or None, validators=[Optional()]
    )
    skills = PhrasesField(_("要会什么"), description=_("一行写一样，像：炒菜、用缝纫机"))
    certificates = PhrasesField(
        _("必须有的证"), description=_("一行写一个，像：健康证、低压电工证。没有证的人不会推荐给您")
    )
    demands = ChecksField(
        _("这个活要"), description=_("照实勾，做不了的人就不会白跑一趟"), choices=choices(Demand)
    )
    reserved_for = SelectField(
        _("专门留给谁"),
        coerce=lambda value: value or None,
        validators=[Optional()],
        description=_("法律欢迎给残疾人、就业困难人员留岗位。在这里选，不用写在别处"),
    )
    hazardous = BooleanField(_("有危险或有毒有害（不满 18 岁的不能做）"))
    teaches = PhrasesField(_("学会什么、拿什么证"), description=_("一行写一样"))

    def __init__(self, kind: Kind, *args: Any, by_staff: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        words = {**labels_of(Education), "none": _("不限学历")}
        self.education.choices = as_choices([("", gettext("没说")), *words.items()])
        reserved = labels_of(ReservedFor).items()
        self.reserved_for.choices = as_choices([("", gettext("谁都可以报名")), *reserved])
        for name, label in LABELS[kind].items():
            self[name].label.text = label
        for name in (*LEFT_OUT[kind], *(() if by_staff else ("employer",))):
            delattr(self, name)
        if not self.is_submitted() and self.valid_until.data is None:
            self.valid_until.data = clock.today() + timedelta(days=USUAL_DAYS)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the windows of hours as a whole, and that the place fits its column."""
        good = bool(super().validate(extra_validators))
        windows = [] if not self.hours or self._own_time() else self._windows()
        for window in windows:
            fault = None if window.is_empty else _window_fault(window)
            if fault:
                window.days.errors = [*window.days.errors, fault]
                good = False
        return good

    def validate_valid_until(self, field: Field) -> None:
        """Refuse days gone by and days too far ahead."""
        longest = rule("opening_longest_days", on=clock.today())
        if field.data is None:  # told already
            return
        if field.data < clock.today():
            raise ValidationError(gettext("这一天已经过了"))
        if field.data > clock.today() + timedelta(days=longest):
            raise ValidationError(gettext("最多 %(n)d 天以后，到期可以再续", n=longest))

    def fields(self) -> OpeningFields:
        """Return what was filled in."""
        parts = (self.city.data, self.district.data, self.town.data, self.estate.data)
        return OpeningFields(
            title=self.title.data,
            category=self.category.data or "",
            description=self.description.data or "",
            place="/".join(part for part in parts if part),
            address=self.address.data or "",
            at_home=self.at_home.data,
            skills=self.skills.data or [],
            certificates=self._of("certificates", []),
            education=Education(self.education.data) if self.education.data else None,
            demands=self.demands.data or [],
            hours=[] if self._own_time() else [_window(one) for one in self._windows()],
            flexible=self._own_time(),
            hazardous=self._of("hazardous", False),
            reserved_for=ReservedFor(self.reserved_for.data) if self.reserved_for.data else None,
            teaches=self._of("teaches", []),
            pay_text=self.pay_text.data or "",
            headcount=self.headcount.data or 0,
            valid_until=self.valid_until.data,
        )

    @property
    def more_hours(self) -> bool:
        """Whether windows after the first are filled in, so that they are shown."""
        forms = [entry.form for entry in self.hours] if self.hours else []
        return any(not form.is_empty for form in forms[1:])

    def _of(self, name: str, default: Any) -> Any:
        return (self[name].data or default) if name in self else default

    def _own_time(self) -> bool:
        return bool(self._of("flexible", False))

    def _windows(self) -> list[Any]:
        forms = [entry.form for entry in self.hours] if self.hours else []
        return [form for form in forms if not form.is_empty]


def _window(form: Any) -> dict[str, str]:
    days = "".join(sorted(set(form.days.data)))
    return {"days": days, "start": form.start.data, "end": form.end.data}


def _window_fault(form: Any) -> str | None:
    if form.days.data and form.start.data and form.start.data == form.end.data:
        return gettext("开始和结束不能一样")
    return form.fault()


def form_values(opening: Opening) -> dict[str, Any]:
    """Return an opening as the form's starting values."""
    place = [*opening.place.split("/"), "", "", "", ""]
    values = opening.model_dump(include=set(OpeningFields.__dataclass_fields__))
    return {
        **values,
        "city": place[0],
        "district": place[1],
        "town": place[2],
        "estate": place[3],
        "education": opening.education or "",
        "reserved_for": opening.reserved_for or "",
        "hours": [dict(window) for window in opening.hours[:WINDOWS]],
    }


class ReviewForm(FlaskForm):
    """Publish what is on the page; ``version`` says which writing of it was seen."""

    version = HiddenField()
    note = TextAreaField(
        _("为什么可以放行"),
        filters=[tidy],
        validators=[at_most(300)],
        description=_("有标出来的话才要写；单位看不到"),
    )


class AskExceptionForm(FlaskForm):
    """A ground of law for words that are forbidden otherwise, for another member to look at."""

    ground = SelectField(
        _("依据哪一条"),
        coerce=lambda value: int(value) if str(value).isdecimal() else None,
        validate_choice=False,
        validators=[required(_("请选依据"))],
    )
    why = TextAreaField(
        _("这个活为什么属于这一条"),
        filters=[tidy],
        validators=[required(_("请写明为什么")), at_most(300)],
        description=_("写您看到、核实了什么。另一位工作人员看过、同意了才能发布"),
    )


class AnswerExceptionForm(FlaskForm):
    """The second member's answer."""

    answer = RadioField(
        _("同不同意"), choices=choices(ExceptionAnswer), validators=[required(_("请选一个"))]
    )
    answer_note = TextAreaField(
        _("您核实了什么"),
        filters=[tidy],
        validators=[required(_("请写明您核实了什么")), at_most(300)],
    )


class ReturnForm(FlaskForm):
    """Send an opening back; its writer reads the reason."""

    reason = TextAreaField(
        _("哪里要改"),
        filters=[tidy],
        validators=[required(_("请写明哪里要改，单位会看到")), at_most(200)],
        description=_("单位会看到这句话"),
    )


class CloseForm(FlaskForm):
    """Nothing but the token: close, submit and other one-button forms."""
