"""Forms of staff: what becomes of a suggestion, and what residents told them."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.validators import NumberRange, Optional

from webapp.core.converters import LARGEST_ID
from webapp.core.formfields import (
    DayField,
    KeyedForm,
    WholeNumberField,
    as_choices,
    choices,
    required,
    some_ids,
)
from webapp.matches.forms.fields import note_field, soon
from webapp.matches.policy import Reachable, channels_to, reaching
from webapp.matches.reason_codes import (
    AskedHow,
    Channel,
    DeclineReason,
    DismissReason,
    RemarkVerdict,
)

CHANNEL_FIELDS = frozenset({"channel", "again_channel", "own_channel"})
TOLD = as_choices([(Channel.PHONE.value, _("电话")), (Channel.IN_PERSON.value, _("当面"))])


def offer_channels(form: FlaskForm, resident: Reachable) -> None:
    """Leave in the fields for a channel those that reach this resident, one of them chosen."""
    ways = [choice for choice in choices(Channel) if choice.value in channels_to(resident)]
    for field in form:
        if field.name in CHANNEL_FIELDS:
            field.choices = ways
            if not form.is_submitted():
                field.data = reaching(resident, Channel(field.data)).value


class ConfirmForm(FlaskForm):
    """How the resident is told, and until when an answer is awaited."""

    channel = SelectField(_("怎么告诉居民"), choices=choices(Channel), default=Channel.PAGE.value)
    offered_until = DayField(_("等到哪天"), validators=[Optional(), soon])


class DismissForm(FlaskForm):
    """Why a suggestion is put aside."""

    code = RadioField(
        _("为什么不合适"), choices=choices(DismissReason), validators=[required(_("请选一个原因"))]
    )
    note = note_field(_("补一句"), description=_("选「别的原因」的，写清是什么原因"))

    def validate_note(self, field: Any) -> None:
        """Ask for words where the list has none: 「别的原因」 alone teaches nobody anything."""
        _say_which(self.code.data, field)


class PostponeForm(FlaskForm):
    """How many days a suggestion rests."""

    days = WholeNumberField(
        _("过几天再看"),
        default=7,
        validators=[required(), NumberRange(min=1, max=90, message=_("请填 1 到 90 天"))],
    )


class BulkForm(FlaskForm):
    """Several suggestions at once."""

    ids = SelectMultipleField(
        _("选中的"),
        coerce=int,
        validate_choice=False,
        validators=[some_ids(_("请先勾选几条"), _("一次最多 100 条"))],
    )
    act = SelectField(choices=as_choices([("confirm", ""), ("dismiss", "")]))
    sure = HiddenField()
    bulk_channel = SelectField(
        _("怎么告诉居民"), choices=choices(Channel), default=Channel.PAGE.value
    )
    bulk_code = SelectField(
        _("为什么不合适"), choices=choices(DismissReason), default=DismissReason.OTHER.value
    )
    bulk_note = note_field(_("补一句"))

    def validate_bulk_note(self, field: Any) -> None:
        """Ask for words where the list of reasons has none."""
        if self.act.data == "dismiss":
            _say_which(self.bulk_code.data, field)


def _say_which(code: str | None, note: Any) -> None:
    if code == DismissReason.OTHER.value and not note.data:
        raise ValidationError(gettext("选了「别的原因」，请写一句是什么原因"))


class UndoForm(FlaskForm):
    """Decisions of a moment ago that are taken back."""

    decided = SelectMultipleField(
        coerce=int,
        validate_choice=False,
        validators=[some_ids(_("请先勾选几条"), _("一次最多 100 条"))],
    )


class AskPeopleForm(KeyedForm):
    """Several people for one opening; ``more`` says that more than its places may be asked."""

    ids = SelectMultipleField(
        _("选中的"),
        coerce=int,
        validate_choice=False,
        validators=[some_ids(_("请先勾选几个人"), _("一次最多 100 个人"))],
    )
    how = SelectField(_("怎么告诉居民"), choices=choices(Channel), default=Channel.PAGE.value)
    more = HiddenField()


class AnswerForm(FlaskForm):
    """What a resident told staff."""

    answer = RadioField(
        _("本人怎么说"),
        choices=as_choices(
            [
                ("apply", _("愿意，也同意把情况告诉单位")),
                ("interested", _("愿意，先不告诉单位")),
                ("decline", _("这次不选")),
            ]
        ),
        validators=[required(_("请选一项"))],
    )
    told = RadioField(_("怎么说的"), choices=TOLD, validators=[required(_("请选一项"))])
    why = SelectField(
        _("不选的原因（本人愿意说才填）"),
        choices=choices(DeclineReason, empty=_("没有说")),
        default="",
    )
    words = note_field(_("补一句"))


class RemarkForm(FlaskForm):
    """What staff say of an employer's remark after reading it."""

    verdict = RadioField(
        _("给不给本人看"), choices=choices(RemarkVerdict), validators=[required(_("请选一个"))]
    )


class RenewForm(FlaskForm):
    """Tell a resident once more."""

    again_channel = SelectField(
        _("怎么告诉居民"), choices=choices(Channel), default=Channel.PHONE.value
    )


class EvidenceForm(KeyedForm):
    """How the resident asked for what was kept of an offer."""

    how = RadioField(
        _("本人怎么要的"), choices=choices(AskedHow), validators=[required(_("请选一个"))]
    )


class SuggestForm(FlaskForm):
    """An opening that staff themselves think of."""

    opening_id = RadioField(
        _("推荐哪个机会"),
        coerce=int,
        validate_choice=False,
        validators=[required(_("请选一个机会"))],
    )
    own_channel = SelectField(
        _("怎么告诉居民"), choices=choices(Channel), default=Channel.PHONE.value
    )
    why = note_field(_("为什么合适"), description=_("写给居民看的一句话"))

    def validate_opening_id(self, field: Any) -> None:
        """Refuse what is no id."""
        if field.data is None or not 0 < field.data <= LARGEST_ID:
            raise ValidationError(gettext("请选一个机会"))
