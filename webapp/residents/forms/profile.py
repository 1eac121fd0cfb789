"""Forms of a resident's file, one section a page; residents and staff fill in the same."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange, Optional

from webapp.core.formfields import (
    ChecksField,
    DayField,
    PhrasesField,
    WholeNumberField,
    WindowForm,
    as_choices,
    at_most,
    choices,
    clean,
    name_field,
    required,
)
from webapp.core.labels import labels_of
from webapp.core.vocabulary import ALWAYS, Demand, Education, Kind, Reach, Sex
from webapp.residents import idnumber
from webapp.residents.forms.fields import is_birth_date
from webapp.residents.forms.registration import contact_phone_field, one_of, unit_address_field

WINDOWS = 4
SENSITIVE = ("id_number", "disability", "allowance")
FEN = 100


class BasicsForm(FlaskForm):
    """Who the person is."""

    name = name_field()
    birth_date = DayField(
        _("出生日期"),
        description=_("有些活对年纪有规定，只用来核对"),
        validators=[Optional(), is_birth_date],
    )
    sex = RadioField(
        _("性别"),
        description=_("推荐活路不看性别"),
        choices=choices(Sex),
        coerce=one_of(Sex),
        validators=[Optional()],
    )
    education = RadioField(
        _("上过什么学"),
        choices=choices(Education),
        coerce=one_of(Education),
        validators=[Optional()],
    )


class ContactForm(FlaskForm):
    """Where the person lives and how to reach them."""

    unit_address = unit_address_field()
    phone = contact_phone_field()
    contact_note = StringField(
        _("怎么联系方便"),
        description=_("像「下午打」「找女儿转告」"),
        filters=[clean],
        validators=[at_most(100)],
    )


class WantedForm(FlaskForm):
    """Work wanted, in the person's own words."""

    wanted = PhrasesField(
        _("想做啥活路"), description=_("一行写一样，想到啥写啥，像：保洁、带娃儿")
    )


class SkillsForm(FlaskForm):
    """Skills, in the person's own words."""

    skills = PhrasesField(_("会做啥"), description=_("一行写一样，像：炒菜、开三轮、绣花"))


class CertificatesForm(FlaskForm):
    """Certificates held."""

    certificates = PhrasesField(
        _("有哪些证"), description=_("一行写一个，像：健康证、低压电工证、C1 驾照。没有就空着")
    )


class ExperienceForm(FlaskForm):
    """One past job more."""

    title = StringField(
        _("做过什么"),
        filters=[clean],
        validators=[required(_("请填做过什么")), at_most(60)],
    )
    employer = StringField(
        _("哪家单位"),
        filters=[clean],
        validators=[at_most(60)],
    )
    place = StringField(
        _("在哪个区、哪个镇"),
        description=_("像：九龙坡区华岩镇。离得近的、一个地方的活会先推荐"),
        filters=[clean],
        validators=[at_most(60)],
    )
    years = WholeNumberField(
        _("做了几年"),
        validators=[Optional(), NumberRange(0, 70, message=_("请填 0 到 70"))],
    )
    extra_months = WholeNumberField(
        _("又几个月"),
        validators=[Optional(), NumberRange(0, 11, message=_("请填 0 到 11"))],
    )

    @property
    def months(self) -> int | None:
        """How long it lasted, ``None`` when not said."""
        if self.years.data is None and self.extra_months.data is None:
            return None
        return (self.years.data or 0) * 12 + (self.extra_months.data or 0)


class LimitsForm(FlaskForm):
    """What the person cannot do: abilities, never why."""

    limits = ChecksField(
        _("哪些活您做不了或者不方便"),
        description=_("只说做不做得了，不用说原因。勾了的，就不给您推荐这样的活"),
        choices=as_choices(
            (value, _("要%(what)s的活", what=what)) for value, what in labels_of(Demand).items()
        ),
    )


class HoursForm(FlaskForm):
    """Free hours of the week."""

    always = BooleanField(_("随时都行，不用填下面的"))
    available = FieldList(FormField(WindowForm), min_entries=WINDOWS, max_entries=WINDOWS)
    situation = TextAreaField(
        _("还有什么要照顾到的"),
        description=_("像「每天下午四点要接娃儿」。您同意以后单位能看到，不用写病情"),
        filters=[clean],
        validators=[at_most(200)],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse half-filled windows, none without 随时都行, and both at once."""
        good = super().validate(extra_validators)
        windows = [entry.form for entry in self.available]
        if self.always.data:
            if all(window.is_empty for window in windows):
                return good
            self.always.errors = [
                gettext("「随时都行」和下面的时间只能留一样：不勾，或者把下面的清掉")
            ]
            return False
        for window in windows:
            fault = None if window.is_empty else window.fault()
            if fault:
                window.days.errors = [*window.days.errors, fault]
                good = False
        if all(window.is_empty for window in windows):
            self.always.errors = [gettext("请勾「随时都行」，或者填一段时间")]
            good = False
        return good

    @property
    def windows(self) -> list[dict[str, str]]:
        """What was filled in, as the model keeps it."""
        if self.always.data:
            return ALWAYS
        return [
            {
                "days": "".join(sorted(set(window.days.data))),
                "start": window.start.data,
                "end": window.end.data,
            }
            for window in (entry.form for entry in self.available)
            if not window.is_empty
        ]


class ReachForm(FlaskForm):
    """How far, how much, and what kinds."""

    reach = RadioField(
        _("最远能到哪里做事"), choices=choices(Reach), coerce=one_of(Reach), validators=[Optional()]
    )
    min_pay = WholeNumberField(
        _("一个月最少要挣多少"),
        description=_("低于这个数的也会推荐，只是排在后面"),
        validators=[Optional(), NumberRange(0, 100_000, message=_("请填 0 到 100000"))],
        render_kw={"inputmode": "numeric"},
    )
    kinds = ChecksField(_("想看哪些机会"), description=_("都不勾就是都看"), choices=choices(Kind))


def _squeeze(value: Any) -> Any:
    return value.replace(" ", "").upper() if isinstance(value, str) else value


class SensitiveForm(FlaskForm):
    """Facts kept encrypted; an empty field leaves what is recorded."""

    id_number = StringField(
        _("身份证号"),
        filters=[clean, _squeeze],
        validators=[Length(max=30, message=_("身份证号是 18 位"))],
        render_kw={"autocomplete": "off", "maxlength": 30},
    )
    disability = StringField(
        _("残疾证情况"),
        description=_("证上写的类别和等级，像：肢体三级"),
        filters=[clean],
        validators=[at_most(100)],
        render_kw={"autocomplete": "off"},
    )
    allowance = StringField(
        _("低保情况"),
        description=_("像：低保户，2024 年起"),
        filters=[clean],
        validators=[at_most(100)],
        render_kw={"autocomplete": "off"},
    )
    erase = ChecksField(_("删掉已经记下的"), choices=[])
    consent = BooleanField(validators=[required(_("要本人同意了，才能记这些"))])

    def offer(self, *, recorded: set[str], consent: str | None) -> None:
        """Offer to erase what is recorded; ask for consent in these words unless it stands."""
        self.erase.choices = as_choices(
            (name, self[name].label.text) for name in SENSITIVE if name in recorded
        )
        if not recorded:
            del self.erase
        if consent is None:
            del self.consent
        else:
            self.consent.label.text = consent

    def validate_id_number(self, field: StringField) -> None:
        """Refuse what is no identity number."""
        if field.data and idnumber.birth_date(field.data) is None:
            raise ValidationError(gettext("身份证号不对，请对着证再看一遍"))
