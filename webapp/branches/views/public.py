"""/help and /branches/ for everybody: who serves, what they do, promise and put on."""

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.branches import estate_map
from webapp.branches.blueprint import bp
from webapp.branches.models import Branch
from webapp.branches.models.commitments import BranchActivity, BranchPromise
from webapp.branches.models.office import ONLY, OfficeGuide
from webapp.branches.queries import activities, members, promises, volunteering
from webapp.branches.queries.help_today import help_today
from webapp.branches.services.commitments import PHOTOS
from webapp.core import clock, picture_forms
from webapp.core.access import public
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.formatting import hours_words, map_search_url

_MOST_OVER = 30


@bp.get("/help", endpoint="help")
@public
def help_page() -> str:
    """Whom to ask, how to reach them and the way there; first who is on duty now."""
    now = clock.now()
    today = help_today(reader())
    guide = reader().get(OfficeGuide, ONLY)
    return render_template(
        "branches/help.html",
        offices=today.offices,
        duty_phone=today.duty_phone,
        guide=guide,
        map_href=map_search_url(guide.address) if guide else "",
        map_places=estate_map.places(),
        map_size=(estate_map.WIDTH, estate_map.HEIGHT),
        hours_words=hours_words,
        is_here=lambda profile: members.is_here(profile.hours, now),
    )


@bp.get("/branches/<id:branch_id>")
@public
def branch(branch_id: int) -> str:
    """One branch: its duties, its people, what it promised and puts on."""
    row = reader().get(Branch, branch_id)
    if row is None:
        raise NotFound
    now = clock.now()
    return render_template(
        "branches/branch.html",
        branch=row,
        duties=members.duties_by_branch(reader()).get(branch_id, []),
        members=members.of_branch(reader(), branch_id),
        hours_words=hours_words,
        is_here=lambda profile: members.is_here(profile.hours, now),
        to_come=activities.to_come(reader(), branch_id=branch_id),
        held=activities.over(reader(), branch_id=branch_id, most=_MOST_OVER),
        open_promises=promises.promise_lines(reader(), branch_id=branch_id, still_open=True),
        past_promises=promises.promise_lines(
            reader(), branch_id=branch_id, still_open=False, most=_MOST_OVER
        ),
        minutes=volunteering.minutes_by_branch(reader()).get(branch_id, 0),
    )


@bp.get("/branches/promises")
@public
def public_promises() -> str:
    """What all branches promised, with how each stands."""
    return render_template(
        "branches/promises_public.html",
        desks=members.desks(reader()),
        open_promises=promises.promise_lines(reader(), still_open=True),
        past_promises=promises.promise_lines(reader(), still_open=False),
        months=promises.promises_kept(reader()),
    )


@bp.get("/branches/promises/<id:promise_id>/photo")
@public
def promise_photo(promise_id: int) -> ResponseReturnValue:
    """The picture of a promise that was kept."""
    row = reader().get(BranchPromise, promise_id)
    return picture_forms.send(PHOTOS, row.photo if row else "", public=True)


@bp.get("/branches/activities/<id:activity_id>/photo")
@public
def activity_photo(activity_id: int) -> ResponseReturnValue:
    """The picture of an activity that was held."""
    row = reader().get(BranchActivity, activity_id)
    return picture_forms.send(PHOTOS, row.photo if row else "", public=True)
