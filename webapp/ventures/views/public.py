"""/ventures/: stalls and projects, one of them, and how its places were given out."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.core import clock
from webapp.core.access import Permission, current_actor, public
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.guides.trades import GUIDES, Site
from webapp.ventures.blueprint import bp
from webapp.ventures.lifecycle import Allocation
from webapp.ventures.queries import ventures
from webapp.ventures.queries.cases import own_case
from webapp.ventures.queries.ventures import VentureView
from webapp.ventures.services.points import Criterion, worth
from webapp.ventures.views import pictures


@bp.get("/ventures/")
@public
def index() -> str:
    """Stalls and projects to apply for, those whose list is drawn after them."""
    shown = request.args.get("site", "")
    views = ventures.public_ventures(reader())
    sites = [site for site in Site if any(one.venture.site is site for one in views)]
    if shown:
        views = [one for one in views if one.venture.site == shown]
    return render_template("ventures/index.html", views=views, sites=sites, shown=shown)


@bp.get("/ventures/<id:venture_id>")
@public
def show(venture_id: int) -> ResponseReturnValue:
    """One venture in full."""
    view = _public(venture_id)
    actor = current_actor()
    return render_template(
        "ventures/show.html",
        view=view,
        venture=view.venture,
        opening=view.opening,
        mine=own_case(reader(), actor.resident_id, venture_id),
        may_apply=actor.may(Permission.VENTURE_OWN),
        role=actor.role,
        points=_points() if view.venture.allocation is Allocation.POINTS else [],
        rounds=ventures.rounds_of(reader(), venture_id),
        guide=GUIDES.get(view.venture.trade),
    )


@bp.get("/ventures/<id:venture_id>/photo")
@public
def photo(venture_id: int) -> ResponseReturnValue:
    """The picture of a venture."""
    return pictures.send(_public(venture_id).venture.photo, public=True)


@bp.get("/ventures/<id:venture_id>/results")
@public
def results(venture_id: int) -> str:
    """Who got the places, by receipt codes: no names, and nothing of what they said then."""
    view = _public(venture_id)
    return render_template(
        "ventures/results.html",
        view=view,
        rounds=ventures.rounds_of(reader(), venture_id),
        points=_points(),
    )


def _points() -> list[tuple[str, int]]:
    """Return what each criterion is worth today."""
    return [(one.label, worth(one, on=clock.today())) for one in Criterion]


def _public(venture_id: int) -> VentureView:
    view = ventures.public_venture(reader(), venture_id)
    if view is None:
        raise NotFound
    return view
