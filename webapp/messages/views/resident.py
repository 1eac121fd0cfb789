"""/me/messages/: what happened in a resident's matches and what was written about them."""

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.paging import paginate
from webapp.matches.queries.own_matches import for_resident
from webapp.messages.blueprint import bp
from webapp.messages.models import Side
from webapp.messages.queries import inboxes, timeline
from webapp.messages.views import threads

URLS = threads.ThreadUrls("my")


@bp.get("/me/messages/")
@requires(Permission.RESIDENT_SELF)
def my_inbox() -> str:
    """What waits for an answer, then all threads, the latest first."""
    actor = current_actor()
    if actor.resident_id is None:  # an account whose file was never begun or is gone
        raise NotFound
    cards = for_resident(reader(), actor.resident_id)
    return render_template(
        "messages/my_inbox.html",
        urls=URLS,
        page=paginate(reader(), inboxes.inbox(actor)),
        waiting=[card for card in cards if card.group == "answer"],
        last_line=lambda row: timeline.last_line(row, Side.RESIDENT),
        outside=inboxes.outside_choice(reader(), actor),
    )


@bp.get("/me/messages/<id:match_id>")
@requires(Permission.MATCH_ANSWER)
def my_thread(match_id: int) -> str:
    """One thread."""
    return threads.thread_page(URLS, match_id)


@bp.post("/me/messages/<id:match_id>")
@requires(Permission.MATCH_ANSWER)
def my_send(match_id: int) -> ResponseReturnValue:
    """Write into the thread."""
    return threads.send(URLS, match_id)


@bp.post("/me/messages/<id:match_id>/contacts/<any(agree, withdraw):step>")
@requires(Permission.MATCH_ANSWER)
def my_contacts(match_id: int, step: str) -> ResponseReturnValue:
    """Agree to exchange numbers, or take it back."""
    return threads.contacts(URLS, match_id, step)


@bp.route("/me/messages/report/<id:message_id>", methods=["GET", "POST"])
@requires(Permission.MATCH_ANSWER)
def my_report(message_id: int) -> ResponseReturnValue:
    """Report a message."""
    return threads.report(URLS, message_id)


@bp.post("/me/messages/outside")
@requires(Permission.RESIDENT_SELF)
def my_notifications() -> ResponseReturnValue:
    """Choose notices outside the portal or not."""
    return threads.switch_notifications(URLS)
