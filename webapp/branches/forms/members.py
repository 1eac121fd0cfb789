"""The forms of members: trades and hours, leave, handing over; and of a branch's own page."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Optional, Regexp

from webapp.branches.forms.commitments import member_field
from webapp.branches.lifecycle import Ending
from webapp.branches.services.duties import DutyWords
from webapp.core.formfields import (
    DayField,
    KeyedForm,
    PhrasesField,
    WindowForm,
    at_most,
    choices,
    required,
    tidy,
)

WINDOWS = 3
_MOST_DUTIES = 12
_LONGEST_TITLE, _LONGEST_WORDS = 20, 120


class ProfileForm(KeyedForm):
    """What a member knows, when they are here, and how they are reached on duty."""

    trades = PhrasesField(
        _("懂哪些行当"),
        description=_("一行一样，像：水电、做面、算账、写材料。来问的人照这个找您"),
        most=12,
        longest=20,
    )
    languages = PhrasesField(
        _("普通话以外会说什么"), description=_("像：四川话、苗语、手语"), most=6, longest=20
    )
    volunteer = BooleanField(_("是志愿者，不在社区上班"))
    institution = StringField(_("从哪个单位来的"), filters=[tidy], validators=[at_most(60)])
    duty_phone = StringField(
        _("值班电话"),
        description=_("写了大家都看得到：写办公室或者值班的，不写自己的"),
        filters=[tidy],
        validators=[
            Optional(),
            Regexp(r"[0-9][0-9-]{4,18}[0-9]\Z", message=_("请填电话号码，像 023-61234567")),
        ],
    )
    hours = FieldList(FormField(WindowForm), min_entries=WINDOWS, max_entries=WINDOWS)

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse windows that are half filled in."""
        good = super().validate(extra_validators)
        for window in (entry.form for entry in self.hours):
            fault = None if window.is_empty else window.fault()
            if fault:
                window.days.errors = [*window.days.errors, fault]
                good = False
        return good

    @property
    def windows(self) -> list[dict[str, str]]:
        """The hours as the model keeps them."""
        return [
            {
                "days": "".join(sorted(set(window.days.data))),
                "start": window.start.data,
                "end": window.end.data,
            }
            for window in (entry.form for entry in self.hours)
            if not window.is_empty
        ]


class AbsenceForm(KeyedForm):
    """Days on which a member is away; why is not asked."""

    member = member_field(_("谁请假"))
    from_on = DayField(_("从哪天"), validators=[required(_("请填从哪天"))])
    until_on = DayField(_("到哪天"), validators=[required(_("请填到哪天"))])


class LeaveForm(KeyedForm):
    """To whom a member hands over, and where they go."""

    successor = member_field(_("谁来接手"))
    ending = RadioField(_("以后"), choices=choices(Ending), default=Ending.LEAVES.value)
    to_branch = SelectField(_("调到哪个支部"), validators=[Optional()])


class BranchForm(KeyedForm):
    """How a branch is reached, and what it does: one duty a line."""

    purpose = StringField(
        _("一句话说管什么"), filters=[tidy], validators=[required(_("请写管什么")), at_most(100)]
    )
    office = StringField(
        _("在哪里"), filters=[tidy], validators=[required(_("请写在哪里")), at_most(100)]
    )
    phone = StringField(
        _("电话"),
        filters=[tidy],
        validators=[
            required(_("请填电话")),
            Regexp(r"[0-9][0-9-]{4,18}[0-9]\Z", message=_("请填电话号码，像 023-61234567")),
        ],
    )
    duties = TextAreaField(
        _("管哪些事"),
        description=_("一行一件，冒号前面是名字，后面是一句话。像——邻里调解：坐下来慢慢说"),
        filters=[tidy],
        validators=[required(_("请写管哪些事"))],
    )

    def validate_duties(self, field: Any) -> None:
        """Read the lines; each has a name and a sentence."""
        self.lines = []
        for line in (field.data or "").splitlines():
            title, _colon, words = (part.strip() for part in _parted(line))
            if not title and not words:
                continue
            if not title or not words:
                raise ValidationError(
                    gettext("每一行都要有名字、冒号和一句话：%(line)s", line=line)
                )
            if len(title) > _LONGEST_TITLE or len(words) > _LONGEST_WORDS:
                raise ValidationError(
                    gettext("名字最多 20 个字，一句话最多 120 个字：%(line)s…", line=title[:20])
                )
            self.lines.append(DutyWords(title, words))
        if not 0 < len(self.lines) <= _MOST_DUTIES:
            raise ValidationError(gettext("写 1 到 12 件"))


def _parted(line: str) -> tuple[str, str, str]:
    return line.replace(":", "：", 1).partition("：")
