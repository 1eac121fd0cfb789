"""/staff/matches/: the queue of suggestions, one decision after the other."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import col, select
from werkzeug.exceptions import BadRequest

from webapp.accounts.models import FilteredList
from webapp.accounts.saved_filters import saved_filters
from webapp.branches.models import Branch
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import Conflict
from webapp.core.formfields import choices
from webapp.core.labels import label
from webapp.core.local_addresses import local_next
from webapp.core.paging import SIZE, asked_id, asked_number, page_size
from webapp.core.posting import write_and_redirect
from webapp.core.vocabulary import Kind
from webapp.matches import policy, services
from webapp.matches.actions import DECIDING
from webapp.matches.blueprint import back_to_person, bp
from webapp.matches.forms.suggesting import BulkForm, UndoForm
from webapp.matches.lifecycle import MatchState
from webapp.matches.queries import doubts
from webapp.matches.queries import staff_queue as queries
from webapp.matches.queries.match_detail import Pair, read_pair
from webapp.matches.queries.recent_decisions import Recent, recent_decisions
from webapp.matches.reason_codes import Channel, DismissReason
from webapp.matches.services import undoing
from webapp.matches.suggestions.impressions import note_after_response
from webapp.matches.views import staff

STEPS = "any(confirm, dismiss, postpone)"
_BRANCHES = select(col(Branch.id), col(Branch.name)).order_by(col(Branch.id))


@bp.get("/staff/matches/")
@requires(Permission.MATCH_DECIDE)
def queue() -> str:
    """The list on the left, the chosen suggestion (the first, else ``?id=``) on the right."""
    return _page(asked_id("id"))


@bp.post(f"/staff/matches/<id:match_id>/<{STEPS}:step>")
@requires(Permission.MATCH_DECIDE)
def decide(match_id: int, step: str) -> ResponseReturnValue:
    """Decide on one suggestion and go on to the next."""
    act = DECIDING[step]
    form = act.form()
    if not form.validate_on_submit():
        return staff.page_of(match_id, form, step), 400
    onward = back_to_person(match_id) or url_for(
        "matches.queue", id=asked_id("next"), **_filters().chosen
    )
    try:
        return write_and_redirect(
            act.run, act.success_message, onward, match_id=match_id, form=form
        )
    except Conflict as moved:  # somebody else was first: say so and go on
        flash(moved.message, "warning")
    return redirect(onward, 303)


@bp.post("/staff/matches/bulk")
@requires(Permission.MATCH_DECIDE)
def decide_many() -> ResponseReturnValue:
    """Show what would be done with the suggestions ticked; once agreed to, do it."""
    form = BulkForm()
    if not form.validate_on_submit():
        return _page(None, form), 400
    if not form.sure.data:
        lines = queries.read_lines(reader(), form.ids.data)
        found = doubts.doubts_of(reader(), [line.id for line in lines])
        return render_template(
            "matches/bulk.html",
            form=form,
            lines=lines,
            told=_told(form, lines),
            doubts=found,
            doubtful_ids=[id_ for id_, why in found.items() if why],
            onward=_filters().chosen,
            word=label((Channel if form.act.data == "confirm" else DismissReason)(_how(form))),
        )
    verb: Any
    how: dict[str, Any]
    if form.act.data == "confirm":
        verb, how = services.confirm_many, {"channel": Channel(form.bulk_channel.data)}
    else:
        verb, how = (
            services.dismiss_many,
            {
                "code": DismissReason(form.bulk_code.data),
                "note": form.bulk_note.data or "",
            },
        )
    return write_and_redirect(
        verb,
        _done_words,
        url_for("matches.queue", **_filters().chosen),
        match_ids=form.ids.data,
        **how,
    )


@bp.post("/staff/matches/undo")
@requires(Permission.MATCH_DECIDE)
def undo() -> ResponseReturnValue:
    """Take back what the reader decided in the last ten seconds; after them it is a 409."""
    form = UndoForm()
    if not form.validate_on_submit():
        raise BadRequest
    return write_and_redirect(
        undoing.undo_decisions,
        _undone_words,
        local_next() or url_for("matches.queue"),
        match_ids=form.decided.data,
    )


def _undone_words(undone: undoing.Undone) -> str:
    words = (
        _("撤销了 %(n)d 条，还是待确认。", n=undone.count)
        if undone.waiting == undone.count
        else _("撤销了 %(n)d 条，还是原来的样子。", n=undone.count)
    )
    return words + _("有 %(n)d 条撤不回来了。", n=undone.late) if undone.late else words


@bp.app_template_global("recent_decisions")
def _recent_decisions() -> list[Recent]:
    """Return what the reader may still take back, for the line that says so."""
    return recent_decisions(reader(), current_actor())


def _done_words(counted: tuple[int, int]) -> str:
    done, moved = counted
    words = _("办好了 %(n)d 条。", n=done)
    return words + _("有 %(n)d 条情况已变，没有动。", n=moved) if moved else words


def _told(form: BulkForm, lines: list[queries.Line]) -> dict[int, str]:
    """Return how each resident would be told: the chosen way, or the one that reaches them."""
    chosen = Channel(form.bulk_channel.data)
    return {line.id: str(label(policy.reaching(line, chosen))) for line in lines}


def _how(form: BulkForm) -> str:
    chosen = form.bulk_channel if form.act.data == "confirm" else form.bulk_code
    return str(chosen.data)


def _page(match_id: int | None, bulk: BulkForm | None = None) -> str:
    filters = _filters()
    page = queries.read_queue(
        reader(), current_actor(), filters, number=asked_number(), size=page_size()
    )
    listed = [line.id for line in page.rows]
    chosen = match_id or (listed[0] if listed else None)
    pair = read_pair(reader(), chosen) if chosen else None
    following = _following(listed, chosen)
    note_after_response(
        current_actor().account_id,
        page.rows,
        chosen,
        first_place=(page.number - 1) * SIZE + 1,
    )
    return render_template(
        "matches/queue.html",
        page=page,
        waiting=queries.counted(page.total),
        behind=None if filters.chosen else queries.counted(queries.count_behind(reader())),
        pair=pair,
        usual_channel=policy.channels_to(pair.resident)[0].value if pair else "",
        open_here=bool(pair and pair.match.state is MatchState.SUGGESTED),
        bulk=bulk,
        channels=choices(Channel),
        why_not=choices(DismissReason),
        room=_places(page.rows, pair),
        ticked="ticked" in request.args,
        filters=filters,
        kept={**filters.chosen, **({"page": page.number} if page.number > 1 else {})},
        following=following,
        onward={**filters.chosen, **({"next": following} if following else {})},
        list_first="list" in request.args,
        kinds=list(Kind),
        branches=reader().execute(_BRANCHES).all(),
        saved=saved_filters(reader(), current_actor().account_id, FilteredList.QUEUE),
    )


def _places(lines: Sequence[queries.Line], pair: Pair | None) -> dict[int, doubts.Places]:
    """Return the places of every opening on the page."""
    chosen = {pair.opening.id} if pair else set()
    return doubts.places_of(reader(), {line.opening_id for line in lines} | chosen)


def _following(listed: list[int], chosen: int | None) -> int | None:
    """Return the suggestion after the chosen one on this page, or the one before at its end."""
    others = [one for one in listed if one != chosen]
    if chosen not in listed or not others:
        return others[0] if others else None
    place = listed.index(chosen)
    return others[place] if place < len(others) else None


def _filters() -> queries.Filters:
    """Return the filters in the address; nonsense is left out."""
    kind = request.args.get("kind", "")
    return queries.Filters(
        kind=Kind(kind) if kind in set(Kind) else None,
        branch_id=asked_id("branch"),
        mine="mine" in request.args,
        assisted="assisted" in request.args,
        opening_id=asked_id("opening"),
        every="every" in request.args,
    )
