"""/: what is new, and one tap to each kind of opening."""

from flask import render_template, request

from webapp.core.access import public
from webapp.core.db import reader
from webapp.home.blueprint import bp
from webapp.openings import catalogue_cache
from webapp.openings.views.public import cards

NEWEST = 8


@bp.get("/")
@public
def index() -> str:
    """What is new, and one tap to each kind."""
    shown = catalogue_cache.shown(reader())
    body = shown.draw_once(
        ("home", request.script_root),
        lambda: render_template("home/public_body.html", cards=cards(shown.entries[:NEWEST])),
    )
    return render_template("home/public.html", body=body)
