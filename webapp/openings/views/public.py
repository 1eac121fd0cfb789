"""The public pages of openings: the list and one opening."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from flask import get_template_attribute, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlmodel import col, select

from webapp.branches.queries.members import serving_phone
from webapp.core import clock
from webapp.core.access import current_actor, public
from webapp.core.db import reader
from webapp.core.drawings import Drawing
from webapp.core.errors import NotFound
from webapp.core.formatting import date_words
from webapp.core.labels import labels_of
from webapp.core.paging import page_of
from webapp.core.vocabulary import Demand, Hours, Kind, ReservedFor
from webapp.employers.models import Employer
from webapp.engine import records
from webapp.guides import queries as guides
from webapp.openings import (
    catalogue_cache,
    last_list,
    own_marks,
    own_pages,
    pictured,
    policy,
    presentation,
)
from webapp.openings.blueprint import bp
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.queries.catalogue import Entry
from webapp.openings.queries.filters import NEAR, Filters, Sort, filter_faults, read_filters
from webapp.openings.queries.search import VISITOR_HOME, SearchHits, search
from webapp.openings.views import jsonld
from webapp.residents.models import Household, Resident

NO_REASONS: Mapping[int, Sequence[str]] = {}
_OTHERS = 3  # shown beside one that is over
_LONGEST_ADDRESS = 1000  # lists under longer addresses are drawn each time
# Once shown and not taken back: over, or waiting for the employer's papers to be checked again.
_ENDED = (
    OpeningState.PUBLISHED,
    OpeningState.PAUSED,
    OpeningState.EXPIRED,
    OpeningState.CLOSED,
)


@bp.get("/openings/")
@public
def index() -> ResponseReturnValue:
    """All that is open, newest first: the same order for everybody.

    A filter that makes no sense is said beside its field (400); the list is shown by the rest.
    """
    filters = read_filters(request.args)
    faults = filter_faults(request.args)
    if "suits" in request.args or filters.near or filters.sort is Sort.NEAR:
        filters = _with_own(filters)
    shown = catalogue_cache.shown(reader())
    signed_in = current_actor().resident_id is not None
    marks = own_marks.of(reader(), current_actor())
    # All that a list depends on: its address, what was read from it, and whose limits count.
    key = (request.script_root, request.query_string, filters, signed_in)
    chosen = filters.apply(shown.entries) if filters.active else shown.entries
    passed = filters.in_order(chosen)
    # What bears marks of one person is never kept for another.
    kept = len(request.query_string) <= _LONGEST_ADDRESS and marks.keys().isdisjoint(
        entry.id for entry in passed
    )
    hits = None
    if filters.q and (not kept or key not in shown.drawn):
        hits = search(reader(), shown, filters.q, passed)
        kept = kept and hits.complete
    body = shown.draw_once(
        key if kept else None, lambda: _list(passed, filters, faults, signed_in, hits, marks)
    )
    last_list.remember(request.query_string.decode(errors="replace"))
    may_keep = signed_in and filters.active and not faults
    page = render_template("openings/index.html", body=body, filters=filters, may_keep=may_keep)
    return page, 400 if faults else 200


def _list(
    entries: Sequence[Entry],
    filters: Filters,
    faults: dict[str, str],
    signed_in: bool,
    hits: SearchHits | None,
    marks: own_marks.Marks,
) -> str:
    page = page_of(entries if hits is None else filters.in_order(hits.answers))
    why = {} if hits is None else hits.why
    nearest = [] if hits is None or page.number > 1 else hits.nearest
    return render_template(
        "openings/index_body.html",
        cards=_anchored(page.rows, why, marks),
        nearest=_anchored(nearest, why, marks),
        meant=_meant(filters.q, hits),
        demands=labels_of(Demand).items(),
        faults=faults,
        filters=filters,
        hours=labels_of(Hours).items(),
        kinds=labels_of(Kind).items(),
        reserved=labels_of(ReservedFor).items(),
        typed=request.args,
        near=[(value, value.label) for value in NEAR],
        page=page,
        sorts=_sorts(filters),
        signed_in=signed_in,
        suits="suits" in request.args,
    )


def _anchored(
    entries: Sequence[Entry], why: Mapping[int, Sequence[str]], marks: own_marks.Marks
) -> list[tuple[int, Markup]]:
    drawn = cards(entries, why, marks)
    return [(entry.id, card) for entry, card in zip(entries, drawn, strict=True)]


def _sorts(filters: Filters) -> list[tuple[str, str, bool]]:
    """Return the orders to choose from: words, address of this list in it, whether it is so now."""
    kept = {
        name: values
        for name, values in request.args.to_dict(flat=False).items()
        if name not in {"page", "sort"}
    }
    base = url_for("openings.index")
    usual = _("最合适的") if filters.q else _("新来的")
    found = []
    for sort, words in [(None, usual), *labels_of(Sort).items()]:
        query = urlencode({**kept, **({"sort": sort} if sort else {})}, doseq=True)
        found.append((str(words), f"{base}?{query}" if query else base, filters.sort == sort))
    return found


@bp.get("/openings/<id:opening_id>")
@public
def show(opening_id: int) -> ResponseReturnValue:
    """One opening in full; 410 once it is over."""
    opening, employer = published(opening_id)
    own_page = own_pages.shown(reader(), current_actor(), opening)
    if own_page:
        return redirect(own_page)
    if not policy.is_open(opening, on=clock.today()):
        return gone(opening)
    shown = catalogue_cache.shown(reader())
    entry = next((one for one in shown.entries if one.id == opening_id), None)
    url = url_for("openings.show", opening_id=opening_id, _external=True)
    posting = (
        jsonld.script_text(jsonld.job_posting(opening, employer=employer, url=url))
        if opening.kind is Kind.VACANCY
        else None
    )
    return render_template(
        "openings/show.html",
        opening=opening,
        deciding=presentation.deciding_facts(
            opening,
            _("%(name)s（已核实）", name=employer) if entry and entry.verified else employer,
            an_hour=entry.an_hour if entry else "",
            map_href=presentation.map_url(opening),
        ),
        further=presentation.further_facts(opening),
        pay=presentation.pay_of(opening),
        work=pictured.drawing_of(opening.kind, opening.title, opening.category),
        hours=Drawing(
            pictured.hours_drawing(opening.hours, opening.flexible),
            presentation.hours_line(opening.hours, opening.flexible) or _("时间自己安排"),
            "",
        ),
        posting=posting,
        role=current_actor().role,
        phone=serving_phone(reader()),
        taken_on=own_pages.taken(reader(), current_actor(), opening),
        marks=own_marks.of(reader(), current_actor()).get(opening_id, ()),
        guide=guides.guide_for(opening.title) if opening.kind is Kind.VENTURE else None,
        url=url,
        share_text=presentation.share_text(opening, employer, url),
        back_href=last_list.address(opening_id),
        welfare=entry.welfare if entry else [],
        samples=entry.samples if entry else (),
        posted=_("%(day)s发布", day=date_words(clock.local(opening.published_at).date()))
        if opening.published_at
        else "",
    )


def published(opening_id: int) -> tuple[Opening, str]:
    """Return an opening that is or was public, with its employer's name."""
    found = reader().exec(
        select(Opening, col(Employer.name))
        .outerjoin(Employer, col(Employer.id) == col(Opening.employer_id))
        .where(Opening.id == opening_id)
    )
    opening, employer = found.first() or (None, None)
    if opening is None or opening.published_at is None or opening.state not in _ENDED:
        raise NotFound
    return opening, employer or ""


def gone(opening: Opening) -> ResponseReturnValue:
    """Return the page of an opening that is over, with a few that are not, under 410."""
    same_kind = [e for e in catalogue_cache.shown(reader()).entries if e.kind is opening.kind]
    page = render_template(
        "openings/gone.html",
        opening=opening,
        cards=cards(same_kind[:_OTHERS]),
        paused=policy.is_paused(opening, on=clock.today()),
    )
    return page, 410


def cards(
    entries: Sequence[Entry],
    why: Mapping[int, Sequence[str]] = NO_REASONS,
    marks: own_marks.Marks = own_marks.NONE,
) -> list[Markup]:
    """Return the entries' cards, those in ``why`` with the reasons why they were found.

    One without a reason, and without the reader's own ``marks``, is drawn once and kept until its
    opening changes.
    """
    root = request.script_root
    draw = get_template_attribute("components/cards.html", "opening_card")
    found = []
    for entry in entries:
        own = {}
        if why.get(entry.id):
            own["reasons"] = why[entry.id]
        if marks.get(entry.id):
            own["marks"] = [mark.label for mark in marks[entry.id]]
        if not own and root in entry.drawn:
            found.append(entry.drawn[root])
            continue
        href = url_for("openings.show", opening_id=entry.id)
        drawn = draw({"href": href, **entry.card, **own})
        if not own:
            entry.drawn[root] = drawn
        found.append(drawn)
    return found


def _meant(typed: str, hits: SearchHits | None) -> str:
    """Return how a query was understood, if that is not how it was typed."""
    if hits is None or records.search_keys(typed).plain == hits.meant:
        return ""
    return hits.meant


def _with_own(filters: Filters) -> Filters:
    """Return the filters with the signed-in resident's home and, if asked for, limits."""
    limits: Sequence[str] = ()
    home = VISITOR_HOME
    row = reader().exec(
        select(Resident.limits, Household.place)
        .join(Household, col(Household.id) == col(Resident.household_id))
        .where(Resident.id == current_actor().resident_id)
    )
    found = row.first()
    if found:
        limits, home = found
    own = frozenset(limits if "suits" in request.args else ())
    return replace(filters, avoid=filters.avoid | own, home=records.place_parts(home))
