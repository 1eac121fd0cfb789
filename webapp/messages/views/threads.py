"""What the three roles' pages of threads have in common; each role has its own addresses."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import SYSTEM, current_actor
from webapp.core.db import close_reader, get_db, reader
from webapp.core.errors import AppError, TooMany
from webapp.core.formfields import EmptyForm
from webapp.matches import presentation
from webapp.messages import policy
from webapp.messages.forms import MessageForm, ReportForm, StaffMessageForm, new_token
from webapp.messages.models import ReportReason, Side
from webapp.messages.queries import inboxes, timeline
from webapp.messages.queries.threads import ThreadView, get_thread
from webapp.messages.services import agreements, sending
from webapp.openings.kind_words import by_kind

_MOST_DIGITS = 9


@dataclass(frozen=True)
class ThreadUrls:
    """One role's addresses: ``my``, ``employer`` or ``staff`` before the name of each view."""

    role: str

    def href(self, view: str, **values: Any) -> str:
        """Return the address of one of the role's views."""
        return url_for(f"messages.{self.role}_{view}", **values)


def thread_page(urls: ThreadUrls, match_id: int, failed: MessageForm | None = None) -> str:
    """Draw a thread; what it holds counts as read from now on."""
    actor = current_actor()
    thread = get_thread(reader(), actor, match_id)
    if thread.row is not None and getattr(thread.row, f"unread_{thread.side.value}"):
        with get_db().transaction(SYSTEM) as session:  # reading is no deed to be audited
            sending.mark_read(session, thread)
        close_reader()  # what is read from here on, the navigation too, comes after the mark
        thread = get_thread(reader(), actor, match_id)
    found, earlier = timeline.read_lines(reader(), thread, before=_before())
    ids = [line.message.id for line in found if line.message is not None and not line.own]
    form = failed or _form(thread)
    return render_template(
        "messages/thread.html",
        urls=urls,
        thread=thread,
        lines=found,
        earlier=earlier,
        later=_before() is not None,
        form=form,
        failed=failed,
        reported=inboxes.reported_ids(reader(), actor, ids),
        seen=_seen(thread, found),
        standing=by_kind(presentation.standing(thread.match), thread.kind)
        if thread.side is Side.RESIDENT
        else "",
        may_write=policy.can_write(
            actor, side=thread.side, state=thread.match.state, gone=thread.gone
        ),
        Side=Side,
    )


def send(urls: ThreadUrls, match_id: int) -> ResponseReturnValue:
    """Write what was typed and come back to the thread; with faults it stays typed."""
    actor = current_actor()
    form = _form(get_thread(reader(), actor, match_id))
    if not form.validate_on_submit():
        if form.once.errors:  # a page from before: a fresh token, the words stay
            form.once.data = new_token()
        return thread_page(urls, match_id, form), 400
    on_behalf = isinstance(form, StaffMessageForm) and form.speaker.data == "resident"
    try:
        with get_db().transaction(actor) as session:
            sent = sending.send_message(
                session,
                actor,
                match_id=match_id,
                text=form.text.data,
                once=form.once.data,
                on_behalf=on_behalf,
            )
    except TooMany as error:
        form.text.errors = [error.message]
        page = thread_page(urls, match_id, form)
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
    return redirect(urls.href("thread", match_id=match_id) + "#newest", 303)


def contacts(urls: ThreadUrls, match_id: int, step: str) -> ResponseReturnValue:
    """Agree to exchange telephone numbers, or take it back."""
    if not EmptyForm().validate_on_submit():
        return thread_page(urls, match_id), 400
    actor = current_actor()
    act = agreements.agree if step == "agree" else agreements.withdraw
    with get_db().transaction(actor) as session:
        thread = act(session, actor, match_id=match_id, on_behalf=actor.is_staff)
    if step == "withdraw":
        flash(_("收回了，从现在起两边都看不到对方的号码。"), "success")
    elif thread.contacts_open:
        flash(_("两边都同意了，号码写在下面。"), "success")
    else:
        flash(_("记下了。等对方也同意，就看得到号码了。"), "success")
    return redirect(urls.href("thread", match_id=match_id), 303)


def report(urls: ThreadUrls, message_id: int) -> ResponseReturnValue:
    """Say what is wrong with a message; staff decide."""
    actor = current_actor()
    message, thread = sending.get_message(reader(), actor, message_id)
    form = ReportForm()
    if form.validate_on_submit():
        try:
            with get_db().transaction(actor) as session:
                sending.report_message(
                    session,
                    actor,
                    message_id=message_id,
                    reason=ReportReason(form.reason.data),
                    note=form.note.data,
                )
        except AppError as error:
            form.reason.errors = [error.message]
            return _report_page(urls, thread, message, form), error.status
        flash(_("已告诉社区，社区看过以后会处理。着急就打社区电话。"), "success")
        return redirect(urls.href("thread", match_id=thread.match.id), 303)
    return _report_page(urls, thread, message, form), 400 if form.is_submitted() else 200


def _report_page(urls: ThreadUrls, thread: ThreadView, message: Any, form: ReportForm) -> str:
    return render_template(
        "messages/report.html",
        urls=urls,
        thread=thread,
        line=timeline.message_line(reader(), thread, message),
        form=form,
    )


def switch_notifications(urls: ThreadUrls) -> ResponseReturnValue:
    """Switch notices outside the portal on or off."""
    if EmptyForm().validate_on_submit():
        wanted = request.form.get("on") == "1"
        with get_db().transaction(current_actor()) as session:
            sending.switch_notifications(session, current_actor(), wanted=wanted)
        told = _("开了。有新消息时会提醒您一声，晚上不打扰。") if wanted else _("关了，不再提醒。")
        flash(told, "success")
    return redirect(urls.href("inbox"), 303)


def _form(thread: ThreadView) -> MessageForm:
    if policy.can_write_on_behalf(current_actor(), side=thread.side, assisted=thread.assisted):
        return StaffMessageForm()
    return MessageForm()


def _before() -> int | None:
    text = request.args.get("before", "")
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        return None
    return int(text)


def _seen(thread: ThreadView, found: list[timeline.Line]) -> str:
    """Return who has read the reader's last message, in words."""
    own = [line for line in found if line.own]
    if not own or thread.row is None:
        return ""
    readers = [
        (Side.RESIDENT, thread.row.read_resident_at, thread.resident_name),
        (Side.EMPLOYER, thread.row.read_employer_at, thread.employer_name),
        (Side.STAFF, thread.row.read_staff_at, _("社区")),
    ]
    names = [
        name
        for side, read_at, name in readers
        if side is not thread.side and read_at is not None and read_at >= own[-1].at
    ]
    return _("%(who)s看过了", who="、".join(names)) if names else ""
