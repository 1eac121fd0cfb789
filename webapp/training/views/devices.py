"""Telephones without network: the page they keep, what they claim and send; staff give and end.

What a telephone sends needs no session: it carries the token of its grant and is signed with the
telephone's key, so it is exempt from the token of forms, which lives in a session.
"""

from pathlib import Path
from typing import Any

import segno
from flask import Response, current_app, jsonify, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.accounts.actors import actor_of
from webapp.core import clock
from webapp.core.access import Actor, Permission, current_actor, public, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import Gone, NotFound
from webapp.core.posting import write_and_redirect
from webapp.training import policy
from webapp.training.blueprint import bp
from webapp.training.forms.sending import Claim, Envelope, Sending, read
from webapp.training.lifecycle import MarkOutcome, Presence
from webapp.training.models.devices import AttendanceGrant, DeviceMark
from webapp.training.queries import classes, devices
from webapp.training.services import attendance, codes, device_marks, grants
from webapp.training.services.device_marks import Tapped
from webapp.training.words import meeting_words, run_title

WORKER = "attendance-worker.js"
_DECIDE = "any(take, keep)"


@bp.get("/training/attendance/")
@public
def device_page() -> str:
    """The page a telephone keeps: no name and no mark is in it, its script reads what it holds."""
    return _shell(scanned=False)


@bp.get("/training/attendance/worker.js")
@public
def device_worker() -> Response:
    """The script that answers for the page without network; its address limits it to that page."""
    script = (Path(current_app.static_folder or "") / WORKER).read_text(encoding="utf-8")
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@bp.get("/training/attendance/<id:meeting_id>/<code>")
@public
def scanned(meeting_id: int, code: str) -> str:
    """What a person's code leads to: who may mark sees whom, anybody else learns nothing.

    Looking marks nobody: a button does, for those with a session here, for a telephone with a
    grant in its own list.
    """
    if not policy.can_manage(current_actor()):
        return _shell(scanned=True)
    found = classes.class_list(reader(), meeting_id)
    person = attendance.person_with(reader(), found.meeting, code)
    return render_template(
        "training/scanned.html",
        found=found,
        when=meeting_words(found.meeting),
        code=code,
        over=clock.now() > found.meeting.ends_at,
        too_early=found.meeting.starts_at - attendance.EARLY > clock.now(),
        person=next(
            (one for one in found.people if person and one.enrolment.id == person.id), None
        ),
    )


@bp.post("/training/attendance/claim")
@public
def claim_grant() -> Response:
    """Give a telephone its token and its short list, once."""
    wish = read(Claim, request.get_data())
    actor = _who_answers(grants.by_claim(reader(), wish.code))
    with get_db().transaction(actor) as session:
        grant_id, token = grants.claim(session, actor, code=wish.code, public_key=wish.public_key)
        listed = devices.phone_list(session, session.get_one(AttendanceGrant, grant_id))
    return jsonify(token=token, list=listed)


@bp.post("/training/attendance/marks")
@public
def device_marks_sent() -> Response:
    """Take in what a telephone marked, each tap once; answer with the list as it stands."""
    envelope = read(Envelope, request.get_data())
    grant = grants.opened_by(
        reader(), token=envelope.token, body=envelope.body, signature=envelope.signature
    )
    sent, actor = read(Sending, envelope.body), _who_answers(grant)
    if not sent.taps and not sent.ends:  # only asks how the list stands
        return jsonify(answers=[], list=devices.phone_list(reader(), grant))
    taps = [
        Tapped(
            key=tap.id,
            enrolment_id=tap.enrolment,
            presence=tap.presence,
            undoes=tap.undoes,
            by_code=tap.by_code,
            made_at=sent.put_right(tap.made_at, now=clock.now()),
        )
        for tap in sent.taps
    ]
    with get_db().transaction(actor) as session:
        done = device_marks.receive(session, actor, grant_id=grant.id, taps=taps, ends=sent.ends)
        answers = [_answer(row) for row in done]
        listed = devices.phone_list(session, grant)
    return jsonify(answers=answers, list=listed)


@bp.post("/staff/training/meetings/<id:meeting_id>/phones")
@requires(Permission.TRAINING_MANAGE)
def lend_list(meeting_id: int) -> ResponseReturnValue:
    """Give leave to this telephone, or to another one that scans the code on the next page."""
    own = request.form.get("whose") == "own"
    _meeting, run = attendance.get_meeting(reader(), meeting_id)
    holder = current_actor().name if own else run.trainer or _("老师")
    return write_and_redirect(
        grants.give,
        "",
        lambda grant: _claim_address(grant) if own else _grant_page(grant),
        meeting_id=meeting_id,
        holder=holder[:40],
    )


@bp.get("/staff/training/phones/<id:grant_id>")
@requires(Permission.TRAINING_MANAGE)
def lend_page(grant_id: int) -> str:
    """The code another telephone scans to take the list, while it may."""
    grant = reader().get(AttendanceGrant, grant_id)
    if grant is None or grant.granted_by_id != current_actor().account_id:
        raise NotFound
    found = classes.class_list(reader(), grant.meeting_id)
    address = request.host_url.rstrip("/") + _claim_address(grant)
    waits = (
        grant.claimed_at is None and grant.revoked_at is None and grant.claim_until >= clock.now()
    )
    code = segno.make(address, error="m").svg_inline(omitsize=True, border=2) if waits else ""
    return render_template(
        "training/lend.html",
        grant=grant,
        title=run_title(found.title, found.run.number),
        when=meeting_words(found.meeting),
        qr=Markup(code),  # noqa: S704 - drawn by segno from our own address
    )


@bp.post("/staff/training/phones/<id:grant_id>/revoke")
@requires(Permission.TRAINING_MANAGE)
def revoke_grant(grant_id: int) -> ResponseReturnValue:
    """Take a telephone's leave back."""
    return write_and_redirect(
        grants.revoke,
        _("收回了。那台手机一有网，名单就删掉；它没送到的不再收。"),
        lambda grant: url_for("training.meeting", meeting_id=grant.meeting_id),
        grant_id=grant_id,
    )


@bp.post(f"/staff/training/taps/<id:mark_id>/<{_DECIDE}:decision>")
@requires(Permission.TRAINING_MANAGE)
def settle_tap(mark_id: int, decision: str) -> ResponseReturnValue:
    """Decide between a telephone's tap and what a colleague marked meanwhile."""
    row = reader().get(DeviceMark, mark_id)
    if row is None:
        raise NotFound
    meeting_id = reader().get_one(AttendanceGrant, row.grant_id).meeting_id
    return write_and_redirect(
        device_marks.settle,
        _("照手机上的改了。") if decision == "take" else _("网上的不改。"),
        url_for("training.meeting", meeting_id=meeting_id, _anchor=f"p{row.enrolment_id}"),
        mark_id=mark_id,
        take=decision == "take",
    )


def _shell(*, scanned: bool) -> str:
    return render_template("training/device.html", scanned=scanned, presences=list(Presence))


def _who_answers(grant: AttendanceGrant) -> Actor:
    """Return who gave the grant, as they act now; it ends with their account or their role."""
    actor = actor_of(reader(), grant.granted_by_id)
    if actor is None or not policy.can_manage(actor):
        raise Gone
    return actor


def _answer(row: DeviceMark) -> dict[str, Any]:
    words = row.reason or row.outcome.label
    bad = row.outcome in {MarkOutcome.REFUSED, MarkOutcome.CONFLICT}
    return {"id": row.client_key, "enrolment": row.enrolment_id, "words": words, "bad": bad}


def _claim_address(grant: AttendanceGrant) -> str:
    # Behind the #, which browsers send to no server and which stands in no log.
    return url_for("training.device_page", _anchor=codes.claim_code(grant))


def _grant_page(grant: AttendanceGrant) -> str:
    return url_for("training.lend_page", grant_id=grant.id)


def _exempt(state: BlueprintSetupState) -> None:
    for view in (claim_grant, device_marks_sent):
        state.app.extensions["csrf"].exempt(view)


bp.record_once(_exempt)
