"""/guides/: how to begin a small trade, one screen each, to read, hear and print."""

import segno
from flask import Blueprint, render_template, request, url_for
from markupsafe import Markup

from webapp.branches.queries.members import is_here
from webapp.core import clock
from webapp.core.access import public
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.formatting import hours_words
from webapp.guides import queries
from webapp.guides.library import Guide, guides

bp = Blueprint("guides", __name__, url_prefix="/guides")


@bp.get("/")
@public
def index() -> str:
    """All guides, or those that answer ``?q=``."""
    query = request.args.get("q", "").strip()[: queries.LONGEST]
    return render_template(
        "guides/index.html",
        query=query,
        found=queries.search(query) if query else None,
        guides=list(guides().values()),
    )


@bp.get("/<slug>")
@public
def show(slug: str) -> str:
    """One guide."""
    guide = _guide(slug)
    now = clock.now()
    return render_template(
        "guides/show.html",
        guide=guide,
        members=queries.who_to_ask(reader(), guide),
        hours_words=hours_words,
        is_here=lambda profile: is_here(profile.hours, now),
    )


@bp.get("/<slug>/print")
@public
def print_guide(slug: str) -> str:
    """One guide on a sheet of A4, with its address as a QR code."""
    guide = _guide(slug)
    url = url_for(".show", slug=slug, _external=True)
    code = segno.make(url, error="m").svg_inline(omitsize=True, border=0)
    return render_template(
        "guides/print.html",
        guide=guide,
        qr=Markup(code),  # noqa: S704 - drawn by segno from our own address
        members=queries.who_to_ask(reader(), guide),
        back_href=url_for(".show", slug=slug),
    )


def _guide(slug: str) -> Guide:
    guide = guides().get(slug)
    if guide is None:
        raise NotFound
    return guide
