"""Forms of messages."""

import uuid
from typing import Any

from flask import current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Regexp

from webapp.core.formfields import as_choices, at_most, choices, required, tidy
from webapp.messages.models import LONGEST, ReportReason
from webapp.notices import outside
from webapp.notices.models import Audience


def new_token() -> str:
    """Return a token that makes one sending of one form recognisable."""
    return uuid.uuid4().hex


class MessageForm(FlaskForm):
    """A message; ``once`` is the same when a browser sends the form a second time."""

    text = TextAreaField(
        _("写几句"),
        filters=[tidy],
        validators=[
            required(_("请先写几个字")),
            Length(min=1, message=_("请先写几个字")),  # spaces alone are nothing
            Length(max=LONGEST, message=_("最多 500 个字，请分成两条")),
        ],
        render_kw={"maxlength": LONGEST},
    )
    once = HiddenField(
        default=new_token,
        validators=[Regexp(r"[0-9a-f]{32}\Z", message=_("页面放久了，请再点一次发送"))],
    )


class StaffMessageForm(MessageForm):
    """A message of staff, in their own name or as an assisted resident told them."""

    speaker = RadioField(
        _("谁说的话"),
        choices=as_choices([("staff", _("社区说")), ("resident", _("替本人写"))]),
        default="staff",
        validators=[required(_("请选一项"))],
    )


class ReportForm(FlaskForm):
    """What is wrong with a message."""

    reason = RadioField(
        _("哪里不对"), choices=choices(ReportReason), validators=[required(_("请选一项"))]
    )
    note = TextAreaField(
        _("补一句"),
        filters=[tidy],
        validators=[at_most(200)],
        render_kw={"maxlength": 200},
    )


class ChannelForm(FlaskForm):
    """A channel for notices."""

    name = StringField(
        _("名字"),
        description=_("自己认得就行，比如：富民工作群"),
        filters=[tidy],
        validators=[required(_("请起个名字")), at_most(40)],
    )
    audience = RadioField(
        _("发给谁"), choices=choices(Audience), validators=[required(_("请选一项"))]
    )
    url = StringField(
        _("地址（apprise 格式）"),
        description=_(
            "比如 wecombot://机器人的key、dingtalk://token、json://网关的地址。存的时候加密，存好以后不再显示。"
        ),
        filters=[tidy],
        validators=[required(_("请填地址")), at_most(500)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 500},
    )

    def validate_url(self, field: Any) -> None:
        """Refuse what apprise does not understand, and what the settings do not name."""
        url = field.data or ""
        if not outside.is_address(url):
            raise ValidationError(gettext("看不懂这个地址，请照 apprise 的写法填，像 json://…"))
        allowed = current_app.extensions["settings"].notice_addresses
        if not outside.is_allowed(url, allowed):
            names = "、".join(allowed) or gettext("还没有")
            raise ValidationError(
                gettext(
                    "服务器的设置里没有准许这个地址。准许的有：%(names)s。"
                    "要加，请管服务器的人改 FUMIN_NOTICE_ADDRESSES。",
                    names=names,
                )
            )
