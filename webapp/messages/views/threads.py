"""What the three roles' pages of threads have in common; each role has its own addresses."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import SYSTEM, current_actor
from webapp.core.db import close_reader, get_db, reader
from webapp.core.errors import AppError, TooMany
from webapp.matches import presentation
from webapp.messages import agreements, policy, queries, service, timeline
from webapp.messages.access import Talk, get_talk
from webapp.messages.forms import MessageForm, ReportForm, StaffMessageForm, new_token
from webapp.messages.models import ReportReason, Side
from webapp.residents.forms.registration import EmptyForm

_MOST_DIGITS = 9


@dataclass(frozen=True)
class Desk:
    """One role's addresses: ``my``, ``employer`` or ``staff`` before the name of each view."""

    role: str

    def href(self, view: str, **values: Any) -> str:
        """Return the address of one of the role's views."""
        return url_for(f"messages.{self.role}_{view}", **values)


def thread_page(desk: Desk, match_id: int, failed: MessageForm | None = None) -> str:
    """Draw a thread; what it holds counts as read from now on."""
    actor = current_actor()
    talk = get_talk(reader(), actor, match_id)
    if talk.thread is not None and getattr(talk.thread, f"unread_{talk.side.value}"):
        with get_db().transaction(SYSTEM) as session:  # reading is no deed to be audited
            service.mark_read(session, talk)
        close_reader()  # what is read from here on, the navigation too, comes after the mark
        talk = get_talk(reader(), actor, match_id)
    found, earlier = timeline.read_lines(reader(), talk, before=_before())
    ids = [line.message.id for line in found if line.message is not None and not line.own]
    form = failed or _form(talk)
    return render_template(
        "messages/thread.html",
        at=desk,
        talk=talk,
        lines=found,
        earlier=earlier,
        later=_before() is not None,
        form=form,
        failed=failed,
        reported=queries.reported_ids(reader(), actor, ids),
        seen=_seen(talk, found),
        standing=presentation.standing(talk.match) if talk.side is Side.RESIDENT else "",
        may_write=policy.can_write(actor, side=talk.side, state=talk.match.state, gone=talk.gone),
        Side=Side,
    )


def send(desk: Desk, match_id: int) -> ResponseReturnValue:
    """Write what was typed and come back to the thread; with faults it stays typed."""
    actor = current_actor()
    form = _form(get_talk(reader(), actor, match_id))
    if not form.validate_on_submit():
        if form.once.errors:  # a page from before: a fresh token, the words stay
            form.once.data = new_token()
        return thread_page(desk, match_id, form), 400
    on_behalf = isinstance(form, StaffMessageForm) and form.speaker.data == "resident"
    try:
        with get_db().transaction(actor) as session:
            sent = service.send_message(
                session,
                actor,
                match_id=match_id,
                text=form.text.data,
                once=form.once.data,
                on_behalf=on_behalf,
            )
    except TooMany as error:
        form.text.errors = [error.message]
        page = thread_page(desk, match_id, form)
        return page, error.status, {"Retry-After": str(error.retry_after)}
    if sent.message.masked:
        flash(
            _("发出去了，但里面的电话、微信这些先遮住了：两边都点「同意换电话」以后才看得到。"),
            "warning",
        )
    elif sent.again:
        flash(_("这条已经发过了，不用再发。"), "info")
    else:
        flash(_("发出去了，对方一看就知道。"), "success")
    return redirect(desk.href("thread", match_id=match_id) + "#newest", 303)


def contacts(desk: Desk, match_id: int, step: str) -> ResponseReturnValue:
    """Agree to exchange telephone numbers, or take it back."""
    if not EmptyForm().validate_on_submit():
        return thread_page(desk, match_id), 400
    actor = current_actor()
    act = agreements.agree if step == "agree" else agreements.withdraw
    with get_db().transaction(actor) as session:
        talk = act(session, actor, match_id=match_id, on_behalf=actor.is_staff)
    if step == "withdraw":
        flash(_("收回了，从现在起两边都看不到对方的号码。"), "success")
    elif talk.contacts_open:
        flash(_("两边都同意了，号码写在下面。"), "success")
    else:
        flash(_("记下了。等对方也同意，就看得到号码了。"), "success")
    return redirect(desk.href("thread", match_id=match_id), 303)


def report(desk: Desk, message_id: int) -> ResponseReturnValue:
    """Say what is wrong with a message; staff decide."""
    actor = current_actor()
    message, talk = service.get_message(reader(), actor, message_id)
    form = ReportForm()
    if form.validate_on_submit():
        try:
            with get_db().transaction(actor) as session:
                service.report_message(
                    session,
                    actor,
                    message_id=message_id,
                    reason=ReportReason(form.reason.data),
                    note=form.note.data,
                )
        except AppError as error:
            form.reason.errors = [error.message]
            return _report_page(desk, talk, message, form), error.status
        flash(_("已告诉社区，社区看过以后会处理。着急就打社区电话。"), "success")
        return redirect(desk.href("thread", match_id=talk.match.id), 303)
    return _report_page(desk, talk, message, form), 400 if form.is_submitted() else 200


def _report_page(desk: Desk, talk: Talk, message: Any, form: ReportForm) -> str:
    return render_template(
        "messages/report.html",
        at=desk,
        talk=talk,
        line=timeline.message_line(reader(), talk, message),
        form=form,
    )


def wish(desk: Desk) -> ResponseReturnValue:
    """Switch notices outside the portal on or off."""
    if EmptyForm().validate_on_submit():
        wanted = request.form.get("on") == "1"
        with get_db().transaction(current_actor()) as session:
            service.wish_notices(session, current_actor(), wanted=wanted)
        told = _("开了。有新消息时会提醒您一声，晚上不打扰。") if wanted else _("关了，不再提醒。")
        flash(told, "success")
    return redirect(desk.href("inbox"), 303)


def _form(talk: Talk) -> MessageForm:
    if policy.can_write_on_behalf(current_actor(), side=talk.side, assisted=talk.assisted):
        return StaffMessageForm()
    return MessageForm()


def _before() -> int | None:
    text = request.args.get("before", "")
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        return None
    return int(text)


def _seen(talk: Talk, found: list[timeline.Line]) -> str:
    """Return who has read the reader's last message, in words."""
    own = [line for line in found if line.own]
    if not own or talk.thread is None:
        return ""
    readers = [
        (Side.RESIDENT, talk.thread.read_resident_at, talk.resident_name),
        (Side.EMPLOYER, talk.thread.read_employer_at, talk.employer_name),
        (Side.STAFF, talk.thread.read_staff_at, _("社区")),
    ]
    names = [
        name
        for side, read_at, name in readers
        if side is not talk.side and read_at is not None and read_at >= own[-1].at
    ]
    return _("%(who)s看过了", who="、".join(names)) if names else ""
