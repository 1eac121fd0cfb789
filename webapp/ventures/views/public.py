"""/ventures/: stalls and projects, one of them, and how its places were given out."""

import segno
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from webapp.core import clock, picture_forms
from webapp.core.access import Permission, current_actor, public
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.guides.trades import GUIDES, Site
from webapp.openings import last_list
from webapp.openings.views.sharing import text_for_groups
from webapp.ventures.blueprint import bp
from webapp.ventures.lifecycle import Allocation
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.queries import ventures
from webapp.ventures.queries.own import own_case
from webapp.ventures.queries.ventures import VentureView
from webapp.ventures.services.points import Criterion, worth
from webapp.ventures.services.visits import PHOTOS


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
        list_href=last_list.came_from(view.opening.id),
        view=view,
        venture=view.venture,
        opening=view.opening,
        share_text=text_for_groups(
            view.opening,
            view.employer,
            url_for("ventures.show", venture_id=venture_id, _external=True),
        ),
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
    return picture_forms.send(PHOTOS, _public(venture_id).venture.photo, public=True)


@bp.get("/ventures/<id:venture_id>/slip")
@public
def slip(venture_id: int) -> str:
    """A slip of A6 to hang up or take along."""
    view = _public(venture_id)
    return slip_page(view, None, back=url_for("ventures.show", venture_id=venture_id))


def slip_page(view: VentureView, case: VentureCase | None, *, back: str) -> str:
    """Return the slip of a stall; with a case, the receipt of somebody who applied."""
    endpoint = "ventures.show" if case is None else "ventures.results"
    url = url_for(endpoint, venture_id=view.venture.id, _external=True)
    code = segno.make(url, error="m").svg_inline(omitsize=True, border=0)
    return render_template(
        "ventures/slip.html",
        view=view,
        case=case,
        qr=Markup(code),  # noqa: S704 - drawn by segno from our own address
        paper="a6",
        back_href=back,
    )


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
    if view is None and own_case(reader(), current_actor().resident_id, venture_id):
        view = ventures.staff_view(reader(), venture_id)  # who has a part in it still sees it
    if view is None:
        raise NotFound
    return view
