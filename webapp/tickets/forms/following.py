"""Forms of whoever follows a ticket: its code and PIN, a word more, what came of it."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import MultipleFileField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional, Regexp

from webapp.core import receipt_codes
from webapp.core.formfields import as_choices, choices, clean, required, tidy
from webapp.tickets.lifecycle import Outcome, Rating
from webapp.tickets.services.following import MOST_WORDS

#: What a reporter may say came of it; that they were not reached is nobody's word but the office's.
OUTCOMES = (Outcome.RESOLVED, Outcome.PARTLY, Outcome.UNRESOLVED)


class CodeForm(FlaskForm):
    """The code on a slip."""

    code = StringField(
        _("纸条上的编号"),
        filters=[clean],
        validators=[required(_("请填编号"))],
        description=_("12 位，大小写、空格都不管"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "maxlength": 20},
    )

    def validate_code(self, field: StringField) -> None:
        """Refuse what can't be a code."""
        if receipt_codes.plain(field.data or "") is None:
            raise ValidationError(gettext("编号是 12 位字母和数字，看看有没有漏"))


class PinForm(FlaskForm):
    """The PIN of a private one."""

    pin = StringField(
        _("密码"),
        filters=[clean],
        validators=[
            required(_("请填六位密码")),
            Regexp(r"[0-9]{6}\Z", message=_("密码是六个数字")),
        ],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 12},
    )


def _words_field(id_: str, label: Any, missing: Any) -> TextAreaField:
    """Return a field for a few words; a page may hold several, so its id is its own."""
    return TextAreaField(
        label,
        id=id_,
        filters=[tidy],
        validators=[
            required(missing),
            Length(max=MOST_WORDS, message=_("太长了，最多 %(max)d 个字")),
        ],
        description=_("不会打字，点键盘上的话筒说"),
    )


class AnswerForm(FlaskForm):
    """What somebody was asked for, or a word more."""

    words = _words_field("answer-words", _("您的话"), _("请写一句"))
    photos = MultipleFileField(_("照片"), render_kw={"accept": "image/*"})


class ReopenForm(FlaskForm):
    """What is not solved yet."""

    words = _words_field("reopen-words", _("还有什么没办好"), _("请写一句，还有什么没办好"))


class OutcomeForm(FlaskForm):
    """What came of it, and how it was handled."""

    outcome = RadioField(
        _("办好了吗"),
        choices=as_choices((one.value, one.label) for one in OUTCOMES),
        validators=[required(_("请点一个"))],
    )
    rating = RadioField(
        _("满不满意"), choices=choices(Rating), validators=[Optional()], default=None
    )
    words = TextAreaField(
        _("还想说的"),
        id="outcome-words",
        filters=[tidy],
        validators=[Length(max=MOST_WORDS, message=_("太长了，最多 %(max)d 个字"))],
    )

    def validate_words(self, field: TextAreaField) -> None:
        """Ask what is not solved: whoever goes on with it has to know."""
        if self.outcome.data == Outcome.UNRESOLVED and not field.data:
            raise ValidationError(gettext("请写一句，还有什么没办好"))
