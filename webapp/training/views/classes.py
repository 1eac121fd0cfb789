"""Attendance of a class meeting: one list with big buttons, and the list on paper."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import clock, request_keys
from webapp.core.access import Permission, current_actor, requires
from webapp.core.converters import LARGEST_ID
from webapp.core.db import reader
from webapp.core.errors import NotFound, Refused
from webapp.core.posting import write_and_redirect
from webapp.training.blueprint import bp
from webapp.training.lifecycle import Presence
from webapp.training.models.results import Attendance
from webapp.training.queries import classes
from webapp.training.services import attendance
from webapp.training.words import meeting_words


@bp.get("/staff/training/meetings/<id:meeting_id>")
@requires(Permission.TRAINING_MANAGE)
def meeting(meeting_id: int) -> str:
    """The list of one class meeting, to mark who is there."""
    found = classes.class_list(reader(), meeting_id)
    return render_template(
        "training/meeting.html",
        found=found,
        when=meeting_words(found.meeting),
        too_early=found.meeting.starts_at - attendance.EARLY > clock.now(),
        presences=list(Presence),
        own_id=current_actor().account_id,
    )


@bp.post("/staff/training/meetings/<id:meeting_id>/mark")
@requires(Permission.TRAINING_MANAGE)
def mark(meeting_id: int) -> ResponseReturnValue:
    """Mark one person; the key of the tap makes it once."""
    chosen, said = request.form.get("enrolment_id", ""), request.form.get("presence", "")
    key = request.form.get("client_key", "")
    if not (chosen.isascii() and chosen.isdecimal()) or not 0 < int(chosen[:10]) <= LARGEST_ID:
        raise NotFound
    if said not in set(Presence) or not request_keys.WELL_FORMED.fullmatch(key):
        raise Refused(_("请从名单上的按钮点。"))
    return write_and_redirect(
        attendance.mark,
        "",
        url_for("training.meeting", meeting_id=meeting_id, _anchor=f"p{chosen}"),
        meeting_id=meeting_id,
        enrolment_id=int(chosen),
        presence=Presence(said),
        client_key=key,
    )


@bp.post("/staff/training/marks/<id:mark_id>/undo")
@requires(Permission.TRAINING_MANAGE)
def undo_mark(mark_id: int) -> ResponseReturnValue:
    """Take a mark back."""
    return write_and_redirect(
        attendance.undo, _("撤回了，可以重新点。"), _back(mark_id), mark_id=mark_id
    )


@bp.post("/staff/training/marks/<id:mark_id>/seen")
@requires(Permission.TRAINING_MANAGE)
def see_late_mark(mark_id: int) -> ResponseReturnValue:
    """Note that a second member has looked at a mark made late."""
    return write_and_redirect(
        attendance.see_late, _("看过了，这次算数。"), _back(mark_id), mark_id=mark_id
    )


@bp.get("/staff/training/meetings/<id:meeting_id>/print")
@requires(Permission.TRAINING_MANAGE)
def print_meeting(meeting_id: int) -> str:
    """The list on paper, to be signed and typed in later."""
    found = classes.class_list(reader(), meeting_id)
    return render_template(
        "training/meeting_print.html",
        found=found,
        when=meeting_words(found.meeting),
        back_href=url_for("training.meeting", meeting_id=meeting_id),
    )


def _back(mark_id: int) -> str:
    row = reader().get(Attendance, mark_id)
    if row is None:
        raise NotFound
    return url_for("training.meeting", meeting_id=row.meeting_id, _anchor=f"p{row.enrolment_id}")
