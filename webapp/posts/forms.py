"""Forms of posts; messages in Chinese."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, Regexp

from webapp.core import clock
from webapp.core.formfields import (
    HALF_HOURS,
    ChecksField,
    DayField,
    KeyedForm,
    as_choices,
    at_most,
    choices,
    required,
    tidy,
)
from webapp.posts.lifecycle import PostAction, PostKind
from webapp.posts.models import LONGEST

_STEPS = (
    (PostAction.PUBLISH.value, _("现在就发")),
    (PostAction.SCHEDULE.value, _("定个时间，到时候自己发")),
    (PostAction.SAVE.value, _("先存成草稿")),
)


def _text_field() -> TextAreaField:
    return TextAreaField(
        _("写什么"),
        description=_("一两句说清楚：什么事、在哪里、什么时候、找谁。不写别人的电话和身份证号"),
        filters=[tidy],
        validators=[
            required(_("请写几个字")),
            Length(max=LONGEST, message=_("最多 %(max)d 个字，长的事写短一点")),
        ],
        render_kw={"maxlength": LONGEST},
    )


def _alt_field() -> StringField:
    return StringField(
        _("图上是什么"),
        description=_("有图就要写，念给看不见图的人听，像：三个人在院坝里修电风扇"),
        filters=[tidy],
        validators=[at_most(120)],
        render_kw={"maxlength": 120},
    )


def _revision_field() -> HiddenField:
    return HiddenField(validators=[Regexp(r"[0-9]{1,6}\Z", message=_("请刷新页面再填"))])


class PostForm(KeyedForm):
    """A post, and what is to happen to it: sent now, later, or kept as a draft."""

    text = _text_field()
    kind = RadioField(_("哪一类"), choices=choices(PostKind), validators=[required(_("请选一类"))])
    responsible = SelectField(
        _("谁负责"), description=_("名字会写在下面，有人问就找这一位"), coerce=int
    )
    photo = FileField(
        _("图"),
        description=_("一张，最多 8 兆，可以没有；照片里的地点时间会去掉。拍到人脸先问本人"),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
    photo_alt = _alt_field()
    drop_photo = BooleanField(_("不要这张图了"))
    channels = ChecksField(_("发出来以后，也发到这些群"), coerce=int)
    step = RadioField(_("什么时候发"), choices=as_choices(_STEPS), default=PostAction.PUBLISH.value)
    day = DayField(_("哪一天"), validators=[Optional()])
    time = SelectField(_("几点"), choices=as_choices((one, one) for one in HALF_HOURS[:-1]))
    revision = _revision_field()

    @property
    def publish_at(self) -> datetime | None:
        """The moment typed in, in Chongqing's time."""
        if self.day.data is None:
            return None
        hour, minute = map(int, self.time.data.split(":"))
        return datetime.combine(self.day.data, datetime.min.time(), clock.LOCAL).replace(
            hour=hour, minute=minute
        )

    def offer(self, members: Any, channels: Any) -> None:
        """Set who may answer for the post, and the groups there are, as (value, words)."""
        self.responsible.choices = as_choices(members)
        self.channels.choices = as_choices(channels)


class CorrectionForm(KeyedForm):
    """What a public post says from now on, and why."""

    text = _text_field()
    photo_alt = _alt_field()
    why = StringField(
        _("更正了什么"),
        description=_("大家都看得到，像：时间写错了，是下午两点"),
        filters=[tidy],
        validators=[required(_("请写一句更正了什么")), at_most(120)],
        render_kw={"maxlength": 120},
    )
    revision = _revision_field()


class RetractionForm(KeyedForm):
    """Why a post is taken back."""

    reason = StringField(
        _("为什么撤回"),
        description=_("大家都看得到，像：活动不办了。不要写人名和电话"),
        filters=[tidy],
        validators=[required(_("请写一句为什么撤回")), at_most(120)],
        render_kw={"maxlength": 120},
    )
