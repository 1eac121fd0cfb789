"""/staff/messages/: threads of the branch, reported messages, printed notices to hand over."""

import segno
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.core.access import SYSTEM, Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.formfields import EmptyForm
from webapp.core.paging import paginate
from webapp.messages.blueprint import bp
from webapp.messages.models import Side, Verdict
from webapp.messages.queries import inboxes, timeline
from webapp.messages.services import printed_notices, sending
from webapp.messages.views import threads

URLS = threads.ThreadUrls("staff")


@bp.get("/staff/messages/")
@requires(Permission.MATCH_DECIDE)
def staff_inbox() -> str:
    """Threads that wait for the branch, or all of them."""
    actor = current_actor()
    every = request.args.get("every") == "1"
    return render_template(
        "messages/staff_inbox.html",
        urls=URLS,
        page=paginate(reader(), inboxes.inbox(actor, unread_only=not every)),
        every=every,
        counts=inboxes.waiting_counts(reader(), actor),
        last_line=lambda row: timeline.last_line(row, Side.STAFF),
    )


@bp.get("/staff/messages/<id:match_id>")
@requires(Permission.MATCH_DECIDE)
def staff_thread(match_id: int) -> str:
    """One thread."""
    return threads.thread_page(URLS, match_id)


@bp.post("/staff/messages/<id:match_id>")
@requires(Permission.MATCH_DECIDE)
def staff_send(match_id: int) -> ResponseReturnValue:
    """Write into the thread, or for a resident one assists."""
    return threads.send(URLS, match_id)


@bp.post("/staff/messages/<id:match_id>/contacts/<any(agree, withdraw):step>")
@requires(Permission.MATCH_DECIDE)
def staff_contacts(match_id: int, step: str) -> ResponseReturnValue:
    """Record what a resident one assists said about exchanging numbers."""
    return threads.contacts(URLS, match_id, step)


@bp.get("/staff/messages/reports")
@requires(Permission.MATCH_DECIDE)
def staff_reports() -> str:
    """Messages that somebody finds wrong, each with one thing to do."""
    actor = current_actor()
    return render_template(
        "messages/reports.html",
        urls=URLS,
        page=paginate(reader(), inboxes.reports(actor)),
        counts=inboxes.waiting_counts(reader(), actor),
        own_id=actor.account_id,
    )


@bp.post("/staff/messages/reports/<id:report_id>/<any(hidden, kept):verdict>")
@requires(Permission.MATCH_DECIDE)
def staff_judge(report_id: int, verdict: str) -> ResponseReturnValue:
    """Hide a reported message, or let it stand."""
    if EmptyForm().validate_on_submit():
        actor = current_actor()
        with get_db().transaction(actor) as session:
            sending.judge_report(session, actor, report_id=report_id, verdict=Verdict(verdict))
        hidden = verdict == Verdict.HIDDEN
        told = _("遮掉了，两边都看不到原话。") if hidden else _("记下了：这条没有问题。")
        flash(told, "success")
    return redirect(url_for("messages.staff_reports"), 303)


@bp.get("/staff/messages/slips")
@requires(Permission.MATCH_DECIDE)
def staff_printed_notices() -> str:
    """Printed notices that wait to be handed over."""
    actor = current_actor()
    return render_template(
        "messages/printed_notices.html",
        urls=URLS,
        page=paginate(reader(), printed_notices.waiting(actor)),
        counts=inboxes.waiting_counts(reader(), actor),
    )


@bp.get("/staff/messages/slips/<id:slip_id>")
@requires(Permission.MATCH_DECIDE)
def staff_printed_notice(slip_id: int) -> str:
    """One printed notice, for the printer."""
    found = printed_notices.get_printed_notice(reader(), current_actor(), slip_id)
    if found.notice.printed_at is None:
        with get_db().transaction(SYSTEM) as session:
            printed_notices.mark_printed(session, notice_id=slip_id)
    address = url_for("messages.staff_thread", match_id=found.thread.match.id, _external=True)
    code = segno.make(address, error="m").svg_inline(omitsize=True, border=0)
    return render_template(
        "messages/printed_notice.html",
        found=found,
        lines=printed_notices.words(reader(), found),
        branch=printed_notices.branch_of(reader(), found),
        qr=Markup(code),  # noqa: S704 - drawn by segno from our own address
        paper="a6",
        back_href=url_for("messages.staff_printed_notices"),
    )


@bp.post("/staff/messages/slips/<id:slip_id>/<any(handed, phoned):how>")
@requires(Permission.MATCH_DECIDE)
def staff_hand_over(slip_id: int, how: str) -> ResponseReturnValue:
    """Note that the resident has the printed notice, or was told by telephone."""
    if EmptyForm().validate_on_submit():
        actor = current_actor()
        with get_db().transaction(actor) as session:
            printed_notices.hand_over(session, actor, notice_id=slip_id, by_phone=how == "phoned")
        flash(_("记下了：本人知道了。有了回话，写进对话里。"), "success")
    return redirect(url_for("messages.staff_printed_notices"), 303)
