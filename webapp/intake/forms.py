"""Forms of pasted texts: the text itself, which jobs become drafts, and the person read."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from webapp.core.formfields import (
    ChecksField,
    KeyedForm,
    as_choices,
    at_most,
    clean,
    required,
    tidy,
)
from webapp.engine.extraction import LONGEST
from webapp.intake.readings import free_hours
from webapp.intake.readings.openings import Draft
from webapp.intake.readings.person import PersonReading
from webapp.residents.forms.profile import (
    CertificatesForm,
    LimitsForm,
    ReachForm,
    SkillsForm,
    WantedForm,
)
from webapp.residents.forms.registration import AssistedForm


class TextForm(KeyedForm):
    """One box for the whole text."""

    text = TextAreaField(
        filters=[tidy],
        validators=[
            DataRequired(_("请把那段话贴进来")),
            Length(max=LONGEST, message=_("太长了，一次最多 %(max)d 个字，请分几次贴")),
        ],
    )


class DraftsForm(FlaskForm):
    """Which jobs of a message become drafts; staff say whose they are."""

    jobs = ChecksField(_("哪些存成草稿"))
    employer = StringField(
        _("用人单位"),
        filters=[clean],
        validators=[at_most(80)],
        description=_("照登记的全称填；还没登记的先空着，核实以后再补"),
        render_kw={"list": "employers"},
    )

    def __init__(self, drafts: Sequence[Draft], *, by_staff: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.jobs.choices = as_choices((draft.key, draft.fields.title) for draft in drafts)
        if not self.is_submitted():
            self.jobs.data = [draft.key for draft in drafts]
        if not by_staff:
            del self.employer

    def validate_jobs(self, field: Field) -> None:
        """Refuse to make no draft at all."""
        if not field.data:
            raise ValidationError(gettext("至少勾一条；都不要就点“不要了”"))


class PersonForm(AssistedForm, WantedForm, SkillsForm, CertificatesForm, LimitsForm, ReachForm):
    """The registration by staff with the sections of a file that suggestions need."""

    free = RadioField(_("啥时候有空"), validators=[required(_("请选一个"))])
    situation = TextAreaField(
        _("还有什么要照顾到的"),
        description=_("像「每天下午四点要接娃儿」。本人同意以后单位能看到，不用写病情"),
        filters=[clean],
        validators=[at_most(200)],
    )
    jobs = ChecksField(_("以前做过的"), description=_("不对的就去掉勾"))

    def __init__(self, reading: PersonReading, **kwargs: Any) -> None:
        super().__init__(data=reading.values, **kwargs)
        self.free.choices = as_choices(free_hours.choices(reading.values["free"]))
        self.jobs.choices = as_choices(
            (str(n), job_words(job)) for n, job in enumerate(reading.jobs)
        )
        del self.kinds  # every kind of opening is suggested at first
        if not self.is_submitted():
            self.jobs.data = [str(n) for n in range(len(reading.jobs))]
        if not reading.jobs:
            del self.jobs


def job_words(job: Any) -> str:
    """Return a past job with how long it lasted."""
    if job.months is None:
        return str(job.title)
    years, months = divmod(job.months, 12)
    lasted = [
        gettext("%(n)d 年", n=years) if years else "",
        gettext("%(n)d 个月", n=months) if months or not years else "",
    ]
    return gettext("%(what)s，%(long)s", what=job.title, long="".join(lasted))
