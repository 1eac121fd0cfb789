"""Words of staff's pages: what a step was, when the next word is due, how a row reads."""

from datetime import date, datetime, timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from webapp.core import clock
from webapp.core.formatting import date_words, moment_words
from webapp.tickets import deadlines
from webapp.tickets.lifecycle import TicketAction, TicketState
from webapp.tickets.models.steps import TicketEvent
from webapp.tickets.models.tickets import Ticket

A, S = TicketAction, TicketState
_EXCERPT = 40

STEP_WORDS = {
    A.FILE: _("收到了"),
    A.CLASSIFY: _("分好了"),
    A.DISPATCH: _("派给了责任人和后备"),
    A.REASSIGN: _("换了人"),
    A.ACKNOWLEDGE: _("接下了"),
    A.START: _("开始办"),
    A.ASK: _("问本人，钟停下来"),
    A.ANSWER: _("本人回话了，钟接着走"),
    A.RESUME: _("钟接着走"),
    A.EXTEND: _("延期"),
    A.REPLY: _("答复本人"),
    A.CALL: _("开始回访"),
    A.NOT_REACHED: _("打了电话，没人接"),
    A.CLOSE: _("办结"),
    A.REOPEN: _("重新办"),
    A.REFER_OUT: _("转到别处"),
    A.RETURN: _("从别处收回来"),
    A.MERGE: _("并到另一件"),
    A.SET_OUT_OF_SCOPE: _("不归社区管"),
    A.TAKE_NOTE: _("记下了谢意"),
    A.PUBLISH: _("公开了"),
    A.UNPUBLISH: _("不再公开"),
    A.ADD: _("补了一句"),
    A.ESCALATE: _("催了"),
    A.ERASE: _("本人停用了服务，内容删掉了"),
}

#: What stands in a suggestion for the outside number that comes first.
OUTSIDE = {
    "110": _("110 报警"),
    "119": _("119 消防"),
    "120": _("120 急救"),
    "12333": _("12333 人社热线"),
    "12345": _("12345 市民热线"),
    "other": _("别的单位，按事情问"),
}


def excerpt(ticket: Ticket) -> str:
    """Return the beginning of what was said, on one line."""
    words = " ".join(ticket.words.split()) or gettext("（内容已删掉）")
    return words if len(words) <= _EXCERPT else words[:_EXCERPT] + "…"


def due_words(ticket: Ticket, now: datetime) -> tuple[str, str]:
    """Return when the next word is due, and in which tone of a tag it is said."""
    if ticket.due_at is None:
        return "", "neutral"
    if ticket.state is S.WAITING_REPORTER:
        return gettext("钟停着，等本人回话"), "wait"
    if ticket.state is S.REFERRED_OUT:
        return gettext("%(day)s收回来", day=date_words(_last_day(ticket.due_at))), "neutral"
    if deadlines.is_overdue(ticket, now):
        return gettext("过期%(span)s", span=span_words(now - ticket.due_at)), "bad"
    if ticket.urgency in deadlines.BY_THE_CLOCK and ticket.state not in {S.REPLIED, S.CALLBACK}:
        return gettext("%(moment)s前", moment=moment_words(ticket.due_at)), "warn"
    left = (_last_day(ticket.due_at) - clock.local(now).date()).days
    words = gettext("%(day)s到期", day=date_words(_last_day(ticket.due_at)))
    return words, "warn" if left <= 1 else "neutral"


def span_words(span: timedelta) -> str:
    """Return a stretch of time in its largest whole unit.

    >>> span_words(timedelta(hours=50))
    '2天'
    """
    minutes = max(int(span.total_seconds() // 60), 1)
    if minutes < 60:
        return gettext("%(n)d分钟", n=minutes)
    return (
        gettext("%(n)d小时", n=minutes // 60)
        if minutes < 24 * 60
        else gettext("%(n)d天", n=minutes // (24 * 60))
    )


def step_words(event: TicketEvent) -> str:
    """Return a step as the timeline of staff tells it."""
    words = str(STEP_WORDS[event.action])
    if event.action is A.START and event.from_state is S.IN_PROGRESS:
        words = gettext("说了办到哪一步")
    parts = [one.label for one in (event.outcome, event.rating) if one is not None]
    if parts:
        words = gettext("%(step)s：%(what)s", step=words, what=gettext("，").join(parts))
    aloud = _("本人说") if event.by_reporter else _("对本人说")
    if event.action is A.ESCALATE:
        return event.inside_words or words
    for said, who in ((event.words, aloud), (event.inside_words, _("内部"))):
        if said:
            words += gettext("。%(who)s：%(words)s", who=who, words=said)
    return words


def _last_day(due: datetime) -> date:
    return clock.local(due - timedelta(microseconds=1)).date()
