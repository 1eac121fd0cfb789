"""/: one tap to each kind of opening, what is new, what was promised, whom to turn to today."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.views import wants_pictures
from webapp.branches import estate_map
from webapp.branches.queries.help_today import help_today
from webapp.core import clock
from webapp.core.access import public
from webapp.core.db import reader
from webapp.core.vocabulary import Kind
from webapp.home import four_promises
from webapp.home.blueprint import bp
from webapp.openings import catalogue_cache
from webapp.openings.queries.catalogue import Shown
from webapp.openings.views.public import cards
from webapp.posts.queries import posts

NEWEST_EACH = 2
POSTS = 3
_KEPT = 600  # seconds for which the month's figures and the offices stand as they were drawn


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """The community's first page; drawn anew when an opening or a post changes, or after a while.

    Else two small queries say that it stands as it was drawn. Who wants pictures begins there.
    """
    if wants_pictures():
        return redirect(url_for("home.pictures"), 303)
    shown = catalogue_cache.shown(reader())
    key = ("home", request.script_root, posts.version(reader()), _stretch())
    body = shown.draw_once(key, lambda: _draw(shown))
    return render_template("home/public.html", body=body)


def _stretch() -> int:
    return int(clock.now().timestamp()) // _KEPT


def _draw(shown: Shown) -> str:
    newest = [
        one
        for kind in Kind
        for one in [entry for entry in shown.entries if entry.kind is kind][:NEWEST_EACH]
    ]
    return render_template(
        "home/public_body.html",
        cards=cards(newest),
        posts=posts.newest(reader(), POSTS),
        promises=four_promises.of_month(reader()),
        drawn_at=clock.now(),
        help=help_today(reader()),
        map_places=estate_map.places(),
        map_size=(estate_map.WIDTH, estate_map.HEIGHT),
    )
