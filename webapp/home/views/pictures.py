"""/pictures/: the road of pictures, for who does not read; two choices a screen."""

from collections import Counter

from flask import render_template, request, url_for

from webapp.branches.queries.members import serving_phone
from webapp.core import drawings
from webapp.core.access import public
from webapp.core.db import reader
from webapp.core.paging import page_of
from webapp.home.blueprint import bp
from webapp.home.picture_road import stop_at
from webapp.openings import catalogue_cache
from webapp.openings.queries.catalogue import Entry

A_SCREEN = 2
_LONGEST = 12  # letters of a way


@bp.get("/pictures/")
@public
def pictures() -> str:
    """A question of two pictures; at the end of the road, or where it is wished, what is open."""
    way = request.args.get("way", "")[:_LONGEST]
    stop = stop_at(catalogue_cache.shown(reader()).entries, way)
    if stop.choices and "all" not in request.args:
        return render_template(
            "home/pictures.html",
            stop=stop,
            back=url_for("home.pictures", way=way[:-1]) if way else "",
            all_href=url_for("home.pictures", way=way, all=1),
            phone=serving_phone(reader()),
        )
    kinds = tuple(Counter(entry.drawing for entry in stop.entries))
    only = request.args.get("only", "")
    chosen = [entry for entry in stop.entries if only in {"", entry.drawing.name}]
    page = page_of(chosen, size=A_SCREEN)
    before = way if stop.choices else way[:-1]
    return render_template(
        "home/pictured_openings.html",
        page=page,
        openings=[_pictured(entry) for entry in page.rows],
        kinds=[
            (one, url_for("home.pictures", way=way, all=1, only=one.name))
            for one in kinds
            if one.name and len(kinds) > 1 and not only
        ],
        back=url_for("home.pictures", way=before),
        phone=serving_phone(reader()),
    )


def _pictured(entry: Entry) -> dict[str, object]:
    """Return an opening as a picture: its drawing, its pay, its hours, its place."""
    return {
        **entry.card,
        "href": url_for("openings.show", opening_id=entry.id),
        "drawing": entry.drawing,
        "time": drawings.named(entry.hours_drawing),
    }
