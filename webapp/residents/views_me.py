"""/me/: a resident's home, file and data."""

import json

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from webapp import clock
from webapp.access import Permission, current_actor, requires
from webapp.db import get_db, reader
from webapp.matches.queries import for_resident
from webapp.residents import privacy, queries, service
from webapp.residents.blueprint import bp
from webapp.residents.forms import EmptyForm
from webapp.residents.lifecycle import ResidentAction
from webapp.residents.places import my_place, resident_at
from webapp.residents.sections import SECTIONS, STEPS, is_open, standing


@bp.get("/me/")
@requires(Permission.RESIDENT_SELF)
def me() -> str:
    """The resident's home: what fits them, what to do next."""
    resident = resident_at(my_place())
    tasks = [
        {
            "label": SECTIONS[key].title,
            "href": url_for("residents.my_section", section=key),
            "status": standing(resident, key),
            "tone": "warn" if is_open(resident, key) else "neutral",
        }
        for key in STEPS
    ]
    waiting = [key for key in STEPS if is_open(resident, key)]
    return render_template(
        "residents/me.html",
        resident=resident,
        tasks=tasks,
        waiting=waiting,
        matches=for_resident(reader(), resident.id),
    )


@bp.get("/me/profile")
@requires(Permission.RESIDENT_SELF)
def my_profile() -> str:
    """All that is in the file, with a way to change each part."""
    place = my_place()
    return render_template(
        "residents/my_profile.html",
        place=place,
        file=queries.read_file(reader(), resident_at(place)),
        sections=SECTIONS,
    )


@bp.post("/me/pause")
@requires(Permission.RESIDENT_SELF)
def pause() -> ResponseReturnValue:
    """No suggestions for the time being."""
    _change_state(ResidentAction.PAUSE)
    flash(_("先不给您推荐了。想找的时候，回到这里点一下就行。"), "success")
    return redirect(url_for("residents.me"), 303)


@bp.post("/me/resume")
@requires(Permission.RESIDENT_SELF)
def resume() -> ResponseReturnValue:
    """Suggestions again."""
    _change_state(ResidentAction.RESUME)
    flash(_("好，又开始帮您找了。社区看过就推荐给您。"), "success")
    return redirect(url_for("residents.me"), 303)


def _change_state(action: ResidentAction) -> None:
    actor = current_actor()
    with get_db().transaction(actor) as session:
        service.change_state(session, actor, resident_id=my_place().resident_id, action=action)


@bp.get("/me/data")
@requires(Permission.RESIDENT_SELF)
def data() -> str:
    """What a person may do with their own data."""
    return render_template("residents/data.html")


@bp.get("/me/data.json")
@requires(Permission.RESIDENT_SELF)
def data_file() -> Response:
    """All personal rows as one JSON file."""
    copy = privacy.export(reader(), current_actor(), resident_id=my_place().resident_id)
    name = f"fumin-{clock.today():%Y%m%d}.json"
    return Response(
        json.dumps(copy, ensure_ascii=False, indent=2),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.route("/me/data/leave", methods=["GET", "POST"])
@requires(Permission.RESIDENT_SELF)
def leave() -> ResponseReturnValue:
    """End the service and erase the file, after a page that says what happens."""
    actor = current_actor()
    if not EmptyForm().validate_on_submit():
        return render_template("residents/leave.html", own=True, cancel=url_for("residents.data"))
    with get_db().transaction(actor) as session:
        privacy.leave(session, actor, resident_id=my_place().resident_id)
    logout_user()
    flash(_("您的账号停用了，资料已经删除。哪天想回来，随时重新登记。"), "success")
    return redirect(url_for("openings.home"), 303)
