"""What a ticket's page says to whoever filed it: sentences of a neighbour, not states."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.formatting import date_words, moment_words
from webapp.tickets import deadlines
from webapp.tickets.lifecycle import (
    BEFORE_REPLY,
    Outcome,
    TicketAction,
    TicketChannel,
    TicketState,
    Urgency,
)
from webapp.tickets.models.steps import TicketEvent
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services.calling import can_be_reached

A, S = TicketAction, TicketState
#: What happens inside and tells the reporter nothing.
_INSIDE = frozenset({A.ESCALATE, A.ERASE})
_ANSWERS = frozenset({A.REPLY, A.SET_OUT_OF_SCOPE, A.EXTEND})
_LONGEST_TITLE = 36
_PAY = re.compile(r"工钱|工资|薪|血汗钱|加班费|工程款|提成")
#: Seven digits or more in a row, however they are parted.
_NUMBERS = re.compile(r"\d(?:[ -]?\d){6,}")
_NOT_PAID = re.compile(r"欠|拖|克扣|赖|没(?:有)?(?:发|给|结|拿到)|[未不](?:发|给|结)|要不回|讨")


@dataclass(frozen=True)
class Step:
    """One step as base components draw it: a sentence and when."""

    text: str
    when: str
    who: str = ""


@dataclass(frozen=True)
class Row:
    """A line of a list."""

    href: str
    title: str
    subtitle: str
    badge: str
    tone: str


@dataclass(frozen=True)
class Words:
    """Something that was said: by whom, when."""

    who: str
    when: str
    text: str


def heading(ticket: Ticket) -> str:
    """Return in one sentence where the ticket stands."""
    if ticket.state is S.CLOSED:
        return _ended(ticket.outcome)
    if ticket.state is S.REFERRED_OUT:
        return _("转给%(where)s了，社区盯着", where=ticket.referred_to)
    return {
        S.RECEIVED: _("社区收到了，正在看"),
        S.CLASSIFIED: _("看过了，马上派人"),
        S.DISPATCHED: _("派了人，等他接"),
        S.ACKNOWLEDGED: _("有人接下了"),
        S.IN_PROGRESS: _("正在办"),
        S.WAITING_REPORTER: _("社区等您回一句话"),
        S.REPLIED: _("社区答复您了"),
        S.CALLBACK: _("社区在打电话问您办得怎样"),
        S.DUPLICATE: _("跟另一件是同一件事，一起办"),
        S.OUT_OF_SCOPE: _("这件事社区管不了"),
    }[ticket.state]


def promise(ticket: Ticket, *, to_all: bool = False) -> str:
    """Return by when the community owes its next word; empty when it owes none.

    ``to_all`` is for everybody's eyes: the reporter is not "you".
    """
    if ticket.due_at is None:
        return ""
    you = _("本人") if to_all else _("您")
    if ticket.state is S.WAITING_REPORTER:
        return _("等%(you)s回话，天数先停着；一回话，接着算。", you=you)
    when, late = due_words(ticket), is_late(ticket)
    if ticket.state is S.REFERRED_OUT:
        return _("那边到%(when)s还没有回音，社区就接回来办。", when=when)
    if ticket.state not in BEFORE_REPLY and not to_all and not can_be_reached(ticket):
        return _("您没留电话，请在下面说一声办得怎样。")
    if ticket.state in BEFORE_REPLY:
        return (
            _("说好%(when)s前答复，过了日子还没有。支部书记在追，也可以打电话催。", when=when)
            if late
            else _("%(when)s前答复%(you)s。", when=when, you=you)
        )
    return (
        _("说好%(when)s前打电话问办得怎样，还没有打。", when=when)
        if late
        else _("%(when)s前给%(you)s打电话，问办得怎样。", when=when, you=you)
    )


def due_words(ticket: Ticket) -> str:
    """Return when the next word is due: a day, or a moment where hours count."""
    if ticket.due_at is None:
        return ""
    by_the_clock = ticket.urgency in deadlines.BY_THE_CLOCK and ticket.state in BEFORE_REPLY
    return moment_words(ticket.due_at) if by_the_clock else date_words(last_day(ticket.due_at))


def last_day(due_at: datetime) -> date:
    """Return the last day on which something is in time: the moment itself is too late."""
    return clock.local(due_at - timedelta(seconds=1)).date()


def is_late(ticket: Ticket) -> bool:
    """Whether the community's next word is overdue."""
    return deadlines.is_overdue(ticket, clock.now())


def question(ticket: Ticket, events: list[TicketEvent]) -> str:
    """Return what the branch waits to be told; empty when it waits for nothing."""
    if ticket.state is not S.WAITING_REPORTER:
        return ""
    return next((event.words for event in reversed(events) if event.action is A.ASK), "")


def next_steps(ticket: Ticket) -> list[str]:
    """Return what happens after it was filed, in order."""
    if ticket.urgency is Urgency.DANGER:
        first = _("值班的人马上会看到")
    elif ticket.about_staff:
        first = _("支部书记来看，说的那个人看不到")
    else:
        first = _("有人来看，分给管这件事的支部")
    found = [first, promise(ticket).rstrip("。")]
    if can_be_reached(ticket):
        found.append(_("办完打电话问您满不满意，没办好再办"))
    else:
        found.append(_("没留电话，凭编号来看答复；没办好，点「再办」"))
    if not ticket.is_private:
        found.append(_("社区看过，才放到大家看的那一页，不放名字"))
    return found


def replies(ticket: Ticket, events: list[TicketEvent], *, to_all: bool = False) -> list[Words]:
    """Return what the community answered, the newest first; ``to_all`` names nobody."""
    return [
        Words(
            _("社区的答复"),
            moment_words(event.at),
            _anonymous(event.words, ticket) if to_all else event.words,
        )
        for event in reversed(events)
        if event.action in _ANSWERS and event.words
    ]


def _anonymous(words: str, ticket: Ticket) -> str:
    """Return an answer without its reporter's name and without numbers to ring."""
    if ticket.reporter_name:
        words = words.replace(ticket.reporter_name, "**")
    return _NUMBERS.sub(_("（号码略）"), words)


def sounds_of_wages(text: str) -> bool:
    """Whether it is about wages that did not come: others help with that, too.

    >>> sounds_of_wages("老板拖了三个月工钱"), sounds_of_wages("想问工资证明怎么开")
    (True, False)
    """
    return bool(_PAY.search(text) and _NOT_PAID.search(text))


def row(ticket: Ticket, branch: str | None, href: str) -> Row:
    """Return the line of a ticket in its reporter's own list; what waits for them stands out."""
    subtitle = _(
        "%(day)s说的 · %(who)s",
        who=branch or _("还没分支部"),
        day=date_words(ticket.received_at),
    )
    if ticket.state is S.WAITING_REPORTER:
        return Row(href, title(ticket.words), subtitle, _("等您回话"), "warn")
    return Row(href, title(ticket.words), subtitle, *badge(ticket.state, ticket.outcome))


def title(words: str) -> str:
    """Return the beginning of what was said, on one line.

    >>> title("路灯不亮\\n三天了"), len(title("灯" * 99))
    ('路灯不亮 三天了', 36)
    """
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1] + "…"


def badge(state: TicketState, outcome: Outcome | None) -> tuple[str, str]:
    """Return in a few words where it stands, and their tone; how it ended is its own word."""
    if outcome is not None:
        tones = {Outcome.RESOLVED: "good", Outcome.PARTLY: "warn"}
        return outcome.label, tones.get(outcome, "neutral")
    if state is TicketState.CLOSED:
        return _("记下了"), "neutral"
    return {
        TicketState.RECEIVED: (_("收到了"), "wait"),
        TicketState.CLASSIFIED: (_("收到了"), "wait"),
        TicketState.DISPATCHED: (_("派了人"), "wait"),
        TicketState.WAITING_REPORTER: (_("等本人回话"), "wait"),
        TicketState.REPLIED: (_("答复了，等回访"), "neutral"),
        TicketState.CALLBACK: (_("答复了，等回访"), "neutral"),
        TicketState.REFERRED_OUT: (_("转到别处了"), "neutral"),
        TicketState.DUPLICATE: (_("并到另一件了"), "neutral"),
        TicketState.OUT_OF_SCOPE: (_("不归社区管"), "neutral"),
    }.get(state, (_("正在办"), "wait"))


def steps(ticket: Ticket, events: list[TicketEvent], *, to_all: bool = False) -> list[Step]:
    """Return the steps, newest first, without what only staff are told.

    ``to_all`` leaves out what the reporter said later, and says "the reporter", not "you".
    """
    found = []
    for event in reversed(events):
        if event.action in _INSIDE:
            continue
        sentence = _sentence(ticket, event, to_all=to_all)
        said = event.action not in _ANSWERS and event.action is not A.FILE and not to_all
        if said and event.words:
            sentence = f"{sentence}「{event.words}」"
        found.append(Step(sentence, moment_words(event.at)))
    return found


def _sentence(ticket: Ticket, event: TicketEvent, *, to_all: bool) -> str:
    you = _("本人") if to_all else _("您")
    if event.action is A.FILE:
        on_paper = ticket.channel is TicketChannel.PAPER
        return _("写的表交到社区了。") if on_paper else _("社区收到了。")
    if event.action is A.CLOSE:
        return _ended(event.outcome, you=you) + "。"
    if event.action is A.REOPEN:
        return (
            _("%(you)s说没办好，重新办。", you=you)
            if event.by_reporter
            else _("没有办好，重新办。")
        )
    if event.action is A.ADD:
        return _("%(you)s又说了几句。", you=you) if event.by_reporter else _("社区又记了几句。")
    return {
        A.CLASSIFY: _("看过了，分好了归哪个支部办。"),
        A.DISPATCH: _("支部派了人来办。"),
        A.REASSIGN: _("换了一位来办，天数照算。"),
        A.ACKNOWLEDGE: _("来办的人接下了。"),
        A.START: _("开始办了。"),
        A.ASK: _("社区要问%(you)s几句，天数先停着。", you=you),
        A.ANSWER: _("%(you)s回了话，接着办。", you=you),
        A.RESUME: _("不等了，社区接着办。"),
        A.EXTEND: _("要多办几天，说了原因。"),
        A.REPLY: _("社区答复了。"),
        A.CALL: _("社区打电话来问办得怎样。"),
        A.NOT_REACHED: _("打了电话，没找到%(you)s，改天再打。", you=you),
        A.REFER_OUT: _("要别处来办，转过去了，社区盯着。"),
        A.RETURN: _("那边的回音到了，社区接着办。"),
        A.MERGE: _("跟另一件是同一件事，并在一起办。"),
        A.SET_OUT_OF_SCOPE: _("这件事社区管不了，说了该去哪里。"),
        A.TAKE_NOTE: _("社区记下了，谢谢%(you)s。", you=you),
        A.PUBLISH: _("社区看过，放到大家看的那一页了。"),
        A.UNPUBLISH: _("从大家看的那一页拿下来了。"),
    }[event.action]


def _ended(outcome: Outcome | None, *, you: str = "") -> str:
    you = you or _("您")
    if outcome is None:
        return _("社区记下了，谢谢%(you)s", you=you)
    return {
        Outcome.RESOLVED: _("办好了，%(you)s说解决了", you=you),
        Outcome.PARTLY: _("办完了，%(you)s说解决了一部分", you=you),
        Outcome.UNRESOLVED: _("%(you)s说没有解决", you=you),
        Outcome.UNREACHABLE: _("几次没联系上%(you)s，先放下；随时可以叫再办", you=you),
    }[outcome]
