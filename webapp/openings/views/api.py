"""The read-only JSON interface: openings as on the public list, and its description."""

from typing import Any

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import col, select

from webapp.core.access import public
from webapp.core.db import reader
from webapp.core.paging import SIZE
from webapp.engine import records
from webapp.openings import catalogue_cache
from webapp.openings.blueprint import bp
from webapp.openings.models import Opening
from webapp.openings.queries.catalogue import Entry
from webapp.openings.queries.filters import read_filters, read_page
from webapp.openings.queries.search import VISITOR_HOME, SearchHits, search
from webapp.openings.views.openapi import describe


@bp.get("/api/v1/openings")
@public
def api_openings() -> ResponseReturnValue:
    """Return one page of open openings; filters, order and what is near as on the public list."""
    filters = read_filters(request.args, strict=True, home=records.place_parts(VISITOR_HOME))
    number = read_page(request.args)
    open_now = catalogue_cache.shown(reader())
    entries = filters.apply(open_now.entries)
    hits = search(reader(), open_now, filters.q, entries) if filters.q else SearchHits(entries)
    entries = list(filters.in_order(hits.answers))
    shown = entries[(number - 1) * SIZE : number * SIZE]
    pages = max(-(-len(entries) // SIZE), 1)
    asked: dict[str, Any] = dict(request.args.lists())
    following = {key: value for key, value in asked.items() if not key.startswith("_")}
    following["page"] = number + 1
    return jsonify(
        items=_items(shown, hits),
        nearest=_items(hits.nearest, hits) if number == 1 else [],
        page=number,
        pages=pages,
        total=len(entries),
        next=url_for("openings.api_openings", **following) if number < pages else None,
    )


@bp.get("/api/v1/openapi.json")
@public
def api_description() -> ResponseReturnValue:
    """Return the OpenAPI 3.1 description of this interface."""
    return jsonify(describe(server=url_for("home.index", _external=True).rstrip("/")))


def _items(entries: list[Entry], hits: SearchHits) -> list[dict[str, Any]]:
    rows = reader().exec(
        select(Opening).where(col(Opening.id).in_([entry.id for entry in entries]))
    )
    openings = {opening.id: opening for opening in rows}
    return [
        {**_item(openings[entry.id], entry), "found_because": hits.why.get(entry.id, [])}
        for entry in entries
        if entry.id in openings
    ]


def _item(opening: Opening, entry: Entry) -> dict[str, Any]:
    """Return what the public page says; nobody's name, phone or file is in it."""
    return {
        "id": opening.id,
        "url": url_for("openings.show", opening_id=opening.id, _external=True),
        "kind": opening.kind,
        "title": opening.title,
        "employer": entry.employer or None,
        "category": opening.category,
        "description": opening.description,
        "place": opening.place,
        "address": opening.address,
        "at_home": opening.at_home,
        "skills": opening.skills,
        "certificates": opening.certificates,
        "education": opening.education,
        "demands": opening.demands,
        "hours": [
            {"days": one.get("days", "1234567"), "start": one["start"], "end": one["end"]}
            for one in opening.hours
        ],
        "flexible": opening.flexible,
        "hazardous": opening.hazardous,
        "reserved_for": opening.reserved_for,
        "teaches": opening.teaches,
        "pay": {
            "text": opening.pay_text,
            "min": _yuan(opening.pay_min_fen),
            "max": _yuan(opening.pay_max_fen),
            "unit": opening.pay_unit,
        },
        "headcount": opening.headcount,
        "places_left": opening.places_left,
        "valid_until": opening.valid_until.isoformat() if opening.valid_until else None,
        "published_at": opening.published_at.isoformat() if opening.published_at else None,
    }


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / 100
