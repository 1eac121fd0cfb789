"""/employer/messages/: threads with applicants who agreed to be seen by this employer."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.paging import paginate
from webapp.messages.blueprint import bp
from webapp.messages.models import Side
from webapp.messages.queries import inboxes, timeline
from webapp.messages.views import threads

URLS = threads.ThreadUrls("employer")


@bp.get("/employer/messages/")
@requires(Permission.MATCH_HIRE)
def employer_inbox() -> str:
    """All threads, the latest first; ``show=unread`` narrows to those with something new."""
    actor = current_actor()
    unread = request.args.get("show") == "unread"
    return render_template(
        "messages/employer_inbox.html",
        urls=URLS,
        unread=unread,
        page=paginate(reader(), inboxes.inbox(actor, unread_only=unread)),
        last_line=lambda row: timeline.last_line(row, Side.EMPLOYER),
        outside=inboxes.outside_choice(reader(), actor),
    )


@bp.get("/employer/messages/<id:match_id>")
@requires(Permission.MATCH_HIRE)
def employer_thread(match_id: int) -> str:
    """One thread."""
    return threads.thread_page(URLS, match_id)


@bp.post("/employer/messages/<id:match_id>")
@requires(Permission.MATCH_HIRE)
def employer_send(match_id: int) -> ResponseReturnValue:
    """Write into the thread."""
    return threads.send(URLS, match_id)


@bp.post("/employer/messages/<id:match_id>/contacts/<any(agree, withdraw):step>")
@requires(Permission.MATCH_HIRE)
def employer_contacts(match_id: int, step: str) -> ResponseReturnValue:
    """Agree to exchange numbers, or take it back."""
    return threads.contacts(URLS, match_id, step)


@bp.route("/employer/messages/report/<id:message_id>", methods=["GET", "POST"])
@requires(Permission.MATCH_HIRE)
def employer_report(message_id: int) -> ResponseReturnValue:
    """Report a message."""
    return threads.report(URLS, message_id)


@bp.post("/employer/messages/outside")
@requires(Permission.MATCH_HIRE)
def employer_notifications() -> ResponseReturnValue:
    """Choose notices outside the portal or not."""
    return threads.switch_notifications(URLS)
