"""The form of a member's trades and hours; messages in Chinese."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FieldList, FormField, StringField
from wtforms.validators import Optional, Regexp

from webapp.core.formfields import KeyedForm, PhrasesField, WindowForm, at_most, tidy

WINDOWS = 3


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
