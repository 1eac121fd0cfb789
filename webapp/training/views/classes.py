"""Attendance of a class meeting: one list with big buttons, codes, the list on paper."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import clock, request_keys
from webapp.core.access import Permission, current_actor, requires
from webapp.core.converters import LARGEST_ID
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound, Refused
from webapp.core.formfields import clean
from webapp.core.posting import write_and_redirect
from webapp.training.blueprint import bp
from webapp.training.forms.paper import PaperForm
from webapp.training.lifecycle import Presence
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.results import Attendance
from webapp.training.queries import classes, devices
from webapp.training.services import attendance, codes, grants, paper
from webapp.training.words import meeting_words


@bp.get("/staff/training/meetings/<id:meeting_id>")
@requires(Permission.TRAINING_MANAGE)
def meeting(meeting_id: int) -> str:
    """The list of one class meeting, to mark who is there."""
    found, own_id = classes.class_list(reader(), meeting_id), current_actor().account_id
    now = clock.now()
    return render_template(
        "training/meeting.html",
        found=found,
        when=meeting_words(found.meeting),
        too_early=found.meeting.starts_at - attendance.EARLY > now,
        is_on=found.meeting.starts_at - attendance.EARLY <= now <= found.meeting.ends_at,
        may_lend=found.meeting.starts_at - grants.BEFORE <= now <= found.meeting.ends_at,
        presences=list(Presence),
        own_id=own_id,
        conflicts=devices.conflicts_of(reader(), meeting_id),
        phones=devices.grants_of(reader(), meeting_id),
        late=found.late_of_others(own_id),
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


@bp.post("/staff/training/meetings/<id:meeting_id>/seen")
@requires(Permission.TRAINING_MANAGE)
def see_late_marks(meeting_id: int) -> ResponseReturnValue:
    """Note that a second member has looked at all late marks of a meeting."""
    return write_and_redirect(
        attendance.see_all_late,
        lambda seen: _("%(n)d 条补记的看过了，算数。", n=seen),
        url_for("training.meeting", meeting_id=meeting_id),
        meeting_id=meeting_id,
    )


@bp.post("/staff/training/meetings/<id:meeting_id>/check-in")
@requires(Permission.TRAINING_MANAGE)
def check_in(meeting_id: int) -> ResponseReturnValue:
    """Mark who shows this code, scanned or typed."""
    return write_and_redirect(
        attendance.check_in,
        lambda mark: _("%(n)d 号到了，记好了。", n=_seat(mark)),
        url_for("training.meeting", meeting_id=meeting_id),
        meeting_id=meeting_id,
        code=str(clean(request.form.get("code", "")))[:40],
    )


@bp.route("/staff/training/meetings/<id:meeting_id>/paper", methods=["GET", "POST"])
@requires(Permission.TRAINING_MANAGE)
def type_in_paper(meeting_id: int) -> ResponseReturnValue:
    """Type in what was ticked on the printed list, all in one form."""
    found, form = classes.class_list(reader(), meeting_id), PaperForm()
    ticked, faults = form.ticked(), {}
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                paper.type_in,
                lambda new: _("照纸上补录了 %(n)d 个人。", n=new),
                url_for("training.meeting", meeting_id=meeting_id),
                meeting_id=meeting_id,
                code=form.code.data or "",
                presences=ticked,
                idempotency_key=form.own_key,
            )
        except BadField as error:
            if error.field == "code":
                form.code.errors = [error.message]
            else:
                faults[error.field] = error.message
                form.form_errors.append(error.message)
        except Refused as error:
            form.form_errors.append(error.message)
    page = render_template(
        "training/paper.html",
        form=form,
        found=found,
        when=meeting_words(found.meeting),
        too_early=found.meeting.starts_at - attendance.EARLY > clock.now(),
        late=attendance.is_late(found.meeting),
        presences=list(Presence),
        ticked=ticked,
        faults=faults,
    )
    return page, 400 if form.is_submitted() else 200


@bp.get("/staff/training/meetings/<id:meeting_id>/print")
@requires(Permission.TRAINING_MANAGE)
def print_meeting(meeting_id: int) -> str:
    """The list on paper, to be signed and typed in later."""
    found = classes.class_list(reader(), meeting_id)
    return render_template(
        "training/meeting_print.html",
        found=found,
        when=meeting_words(found.meeting),
        code=codes.sheet_code(meeting_id),
        presences=list(Presence),
        back_href=url_for("training.meeting", meeting_id=meeting_id),
    )


def _seat(mark: Attendance) -> int:
    enrolment = reader().get_one(Enrolment, mark.enrolment_id)
    return enrolment.seat or 0


def _back(mark_id: int) -> str:
    row = reader().get(Attendance, mark_id)
    if row is None:
        raise NotFound
    return url_for("training.meeting", meeting_id=row.meeting_id, _anchor=f"p{row.enrolment_id}")
