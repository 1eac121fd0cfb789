"""Forms of a ticket that is filed: by whoever has something to say, or by staff for them."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, Optional

from webapp.core import clock, receipt_codes
from webapp.core.formfields import (
    DayField,
    KeyedForm,
    as_choices,
    at_most,
    clean,
    is_mobile,
    required,
    squeeze_digits,
    tidy,
)
from webapp.tickets.lifecycle import TicketChannel
from webapp.tickets.services.filing import BY_STAFF, MOST_WORDS

LONGEST_PLACE = 60
PUBLIC, PRIVATE = "public", "private"


class TicketForm(KeyedForm):
    """What every ticket says."""

    photos = MultipleFileField(
        _("拍张照片"),
        description=_("点一下就能拍，最多 4 张。拍东西，别拍人"),
        render_kw={"accept": "image/*"},
    )
    words = TextAreaField(
        _("什么事"),
        filters=[tidy],
        validators=[
            required(_("请写几句，是什么事")),
            Length(max=MOST_WORDS, message=_("太长了，最多 %(max)d 个字。说要紧的，别的见面说")),
        ],
        description=_("不会打字，点键盘上的话筒说"),
    )
    place = StringField(
        _("在哪里"),
        filters=[tidy],
        validators=[at_most(LONGEST_PLACE)],
        description=_("几栋几单元、几楼、哪条路边"),
        render_kw={"autocomplete": "off", "maxlength": LONGEST_PLACE},
    )
    visibility = RadioField(
        _("给谁看"),
        choices=as_choices(
            [
                (PUBLIC, _("大家都能看：路灯、水管这类公家的事")),
                (PRIVATE, _("只给社区看：看病、家事、工钱、说到哪个人")),
            ]
        ),
        validators=[required(_("请点一个"))],
    )
    about_staff = BooleanField(_("说的是社区的人，或者社区派来的人"))
    member = SelectField(_("是哪一位"), validate_choice=False)
    name = StringField(
        _("怎么称呼"), filters=[clean], validators=[at_most(40)], render_kw={"maxlength": 40}
    )
    phone = StringField(
        _("手机号"),
        filters=[squeeze_digits],
        validators=[Optional(), is_mobile],
        render_kw={"inputmode": "tel", "maxlength": 20},
    )

    def __init__(self, *args: Any, members: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member.choices = as_choices(
            [("", gettext("不知道、不想说")), *((str(id_), name) for id_, name in members)]
        )

    def validate_member(self, field: SelectField) -> None:
        """Refuse somebody who isn't on the list."""
        if field.data and field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(gettext("请从名单里选"))

    @property
    def member_id(self) -> int | None:
        """The member whom it is about; ``None`` without one."""
        return int(self.member.data) if self.member.data else None

    @property
    def is_about_staff(self) -> bool:
        """Whether it is about somebody of the community: who names one says so."""
        return bool(self.about_staff.data or self.member.data)

    @property
    def is_private(self) -> bool:
        """Whether only those who handle it may see it; of what is about a member, all are."""
        return bool(self.visibility.data == PRIVATE)


class FileForm(TicketForm):
    """I have something to say: with or without an account."""


class CounterForm(TicketForm):
    """Staff write down what somebody said at the counter, by telephone or on paper."""

    channel = RadioField(
        _("怎么来的"),
        choices=as_choices((one.value, one.label) for one in BY_STAFF),
        validators=[required(_("请点一个"))],
    )
    paper_code = StringField(
        _("纸上的编号"),
        filters=[clean],
        description=_("用社区印的表写的才填，12 位"),
        render_kw={"autocomplete": "off", "maxlength": 20},
    )
    handed_in_on = DayField(
        _("哪天交来的"),
        validators=[Optional()],
        description=_("纸上写的、以前交来的才填。从那天算起"),
    )
    consent = BooleanField(_("本人叫我们记的，也知道会给他回话"))

    def __init__(self, *args: Any, for_resident: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._for_resident = for_resident

    def validate_paper_code(self, field: StringField) -> None:
        """Refuse what can't be a code, and one with a ticket that isn't on paper."""
        if not field.data:
            return
        if receipt_codes.plain(field.data) is None:
            raise ValidationError(gettext("编号是 12 位字母和数字，看看有没有漏"))
        if self.channel.data != TicketChannel.PAPER:
            raise ValidationError(gettext("填了纸上的编号，「怎么来的」要点「纸上写的」"))

    def validate_handed_in_on(self, field: DayField) -> None:
        """Refuse a day that has not come yet, and one with a ticket that isn't on paper."""
        if field.data is None:
            return
        if field.data > clock.today():
            raise ValidationError(gettext("这一天还没到"))
        if self.channel.data != TicketChannel.PAPER:
            raise ValidationError(gettext("当场说的、打电话说的，就从现在算起"))

    def validate_consent(self, field: BooleanField) -> None:
        """Nothing is put to a resident's name without their word."""
        if self._for_resident and not field.data:
            raise ValidationError(gettext("没有本人的话，不能记在他名下"))
