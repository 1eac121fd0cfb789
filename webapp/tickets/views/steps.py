"""The steps of the desk: which form and service a button has, and who sees it when."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from webapp.core import clock
from webapp.core.access import Actor
from webapp.tickets import deadlines, policy
from webapp.tickets.forms import desk as forms
from webapp.tickets.forms.desk import StepForm
from webapp.tickets.lifecycle import TRANSITIONS, TicketAction, TicketState, Urgency
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.policy import Standing
from webapp.tickets.services import calling, handling, publishing, sorting

A, S = TicketAction, TicketState
May = Callable[[Actor, Ticket, Standing], bool]


@dataclass(frozen=True)
class Step:
    """One thing to do: ``title`` is its button, ``message`` what is said when it was done."""

    title: Any
    action: TicketAction
    verb: Callable[..., Ticket]
    may: May
    message: Any
    form: type[StepForm] = StepForm


def _may_extend(actor: Actor, ticket: Ticket, standing: Standing) -> bool:
    return (
        policy.can_work(actor, ticket, standing)
        and ticket.urgency not in deadlines.BY_THE_CLOCK
        and ticket.extended_at is None
        and ticket.first_replied_at is None
        and not deadlines.is_overdue(ticket, clock.now())
    )


def _may_end(actor: Actor, ticket: Ticket, standing: Standing) -> bool:
    harmless = ticket.urgency is not Urgency.DANGER
    return harmless and policy.can_end_early(actor, ticket, standing)


def _may_thank(actor: Actor, ticket: Ticket, standing: Standing) -> bool:
    return ticket.urgency is not Urgency.DANGER and policy.can_sort(actor, ticket, standing)


def _may_hear(actor: Actor, ticket: Ticket, standing: Standing) -> bool:
    """The outcome is heard in a call; who cannot be called is noted without one."""
    in_call = ticket.state is S.CALLBACK or not calling.can_be_reached(ticket)
    return in_call and policy.can_call(actor, ticket, standing)


def _may_unpublish(actor: Actor, ticket: Ticket, standing: Standing) -> bool:
    return ticket.published_at is not None and policy.can_read(actor, ticket, standing)


#: In the order of the page: the first that may be done is the main button.
STEPS: dict[str, Step] = {
    "sort": Step(
        _("分给支部"),
        A.CLASSIFY,
        sorting.classify,
        policy.can_sort,
        _("分好了，接着派给人"),
        forms.SortForm,
    ),
    "dispatch": Step(
        _("派给人"),
        A.DISPATCH,
        sorting.dispatch,
        policy.can_dispatch,
        _("派好了，责任人打开「今天要办」就看得到"),
        forms.HandsForm,
    ),
    "acknowledge": Step(
        _("接下来"), A.ACKNOWLEDGE, handling.acknowledge, policy.can_work, _("接下了")
    ),
    "outcome": Step(
        _("记下本人说的"),
        A.CLOSE,
        calling.note_outcome,
        _may_hear,
        _("记下了"),
        forms.OutcomeForm,
    ),
    "call": Step(
        _("开始回访"),
        A.CALL,
        calling.call,
        policy.can_call,
        _("电话在这一页上，打完记下本人说的"),
    ),
    "resume": Step(
        _("本人回话了，接着办"),
        A.RESUME,
        handling.resume,
        policy.can_work,
        _("钟接着走了"),
        forms.ResumeForm,
    ),
    "take-back": Step(
        _("那边有回音了"),
        A.RETURN,
        handling.take_back,
        policy.can_work,
        _("收回来了，接着办"),
        forms.InsideForm,
    ),
    "reply": Step(
        _("答复本人"),
        A.REPLY,
        handling.reply,
        policy.can_work,
        _("答复了。三个工作日内由别的同事打电话回访"),
        forms.ReplyForm,
    ),
    "start": Step(
        _("办到哪一步，告诉本人"),
        A.START,
        handling.start,
        policy.can_work,
        _("记下了"),
        forms.StartForm,
    ),
    "ask": Step(
        _("要先问本人"),
        A.ASK,
        handling.ask,
        policy.can_work,
        _("问了本人，钟停着，一回话就接着走"),
        forms.AskForm,
    ),
    "extend": Step(
        _("延期（只能一次）"),
        A.EXTEND,
        handling.extend,
        _may_extend,
        _("延了，缘由本人看得到"),
        forms.ExtendForm,
    ),
    "refer": Step(
        _("转到别处办"),
        A.REFER_OUT,
        handling.refer_out,
        policy.can_work,
        _("转出去了，三十天没有回音会自动收回来"),
        forms.ReferForm,
    ),
    "not-reached": Step(
        _("没人接"), A.NOT_REACHED, calling.not_reached, policy.can_call, _("记了一次没打通")
    ),
    "reassign": Step(
        _("换人办"),
        A.REASSIGN,
        sorting.reassign,
        policy.can_move,
        _("换了人，时间照算"),
        forms.ReassignForm,
    ),
    "merge": Step(
        _("跟另一件是一回事"),
        A.MERGE,
        sorting.merge,
        _may_end,
        _("并过去了，本人以后看那一件"),
        forms.MergeForm,
    ),
    "out-of-scope": Step(
        _("不归社区管"),
        A.SET_OUT_OF_SCOPE,
        sorting.set_out_of_scope,
        _may_end,
        _("告诉本人该找谁了"),
        forms.EndForm,
    ),
    "thanks": Step(
        _("是来道谢的，记下"),
        A.TAKE_NOTE,
        sorting.take_note,
        _may_thank,
        _("记下了"),
        forms.EndForm,
    ),
    "publish": Step(
        _("公开"),
        A.PUBLISH,
        publishing.publish,
        policy.can_publish,
        _("大家看得到了"),
        forms.PublishForm,
    ),
    "unpublish": Step(
        _("收回，不再公开"), A.UNPUBLISH, publishing.unpublish, _may_unpublish, _("收回来了")
    ),
    "remark": Step(
        _("给同事记一笔"),
        A.ADD,
        handling.add_remark,
        policy.can_read,
        _("记下了"),
        forms.InsideForm,
    ),
}
#: What is only done on the way, and never the one main thing.
_ASIDE = {"not-reached", "reassign", "merge", "out-of-scope", "thanks", "publish", "unpublish",
          "remark", "ask", "extend", "refer", "start"}  # fmt: skip


def offered(actor: Actor, ticket: Ticket, standing: Standing) -> list[str]:
    """Return the names of the steps the actor may take now, the main one first."""
    return [
        name
        for name, step in STEPS.items()
        if (ticket.state, step.action) in TRANSITIONS and step.may(actor, ticket, standing)
    ]


def main_of(ticket: Ticket, names: list[str]) -> str | None:
    """Return the one main thing to do.

    Sorting again is none, once it is sorted; and somebody is rung up before their word is noted.
    """
    aside = set(_ASIDE)
    if ticket.state is not S.RECEIVED:
        aside.add("sort")
    if "call" in names:
        aside.add("outcome")
    ready = [name for name in names if name not in aside]
    return next(iter(ready), None)
