"""/staff/duplicates/: two files that may be one, side by side."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.duplicates import queries
from webapp.duplicates.models import DuplicateKind, DuplicatePair
from webapp.duplicates.services import judging

bp = Blueprint("duplicates", __name__)


@bp.get("/staff/duplicates/")
@requires(Permission.RESIDENT_MANAGE)
def index() -> str:
    """The pairs nobody has judged yet, of people or of openings; or those merged."""
    asked = request.args.get("kind", "")
    kind = DuplicateKind(asked) if asked in set(DuplicateKind) else DuplicateKind.RESIDENT
    merged = "merged" in request.args
    page = paginate(reader(), queries.pairs(kind, merged=merged))
    return render_template(
        "duplicates/index.html",
        page=page,
        kind=kind,
        kinds=list(DuplicateKind),
        merged=merged,
        evidence=queries.evidence_words,
    )


@bp.get("/staff/duplicates/<id:pair_id>")
@requires(Permission.RESIDENT_MANAGE)
def show(pair_id: int) -> str:
    """One pair side by side, what is alike marked."""
    pair = judging.get_pair(reader(), current_actor(), pair_id)
    return render_template(
        "duplicates/show.html",
        pair=pair,
        sides=queries.sides(reader(), pair),
        evidence=queries.evidence_words(pair.evidence),
        judge=queries.judge_of(reader(), pair),
    )


@bp.post("/staff/duplicates/<id:pair_id>/merge/<id:kept_id>")
@requires(Permission.RESIDENT_MANAGE)
def merge(pair_id: int, kept_id: int) -> ResponseReturnValue:
    """Merge the two."""
    message = _("合并好了，经过都并到了一起。弄错了可以撤销。")
    return _do(judging.merge, message, pair_id, kept_id=kept_id)


@bp.post("/staff/duplicates/<id:pair_id>/apart")
@requires(Permission.RESIDENT_MANAGE)
def apart(pair_id: int) -> ResponseReturnValue:
    """Keep the two apart."""
    return _do(judging.keep_apart, _("记下了：不是同一个，不会再提。"), pair_id)


@bp.post("/staff/duplicates/<id:pair_id>/undo")
@requires(Permission.RESIDENT_MANAGE)
def undo(pair_id: int) -> ResponseReturnValue:
    """Take a merge back."""
    return _do(judging.undo, _("撤销了，两份都回到原来的样子。"), pair_id)


def _do(verb: Any, message: str, pair_id: int, **given: int) -> ResponseReturnValue:
    def target(pair: DuplicatePair) -> str:
        if pair.kept_id:
            return url_for(".show", pair_id=pair.id)
        return url_for(".index", kind=pair.kind.value)

    return write_and_redirect(verb, message, target, pair_id=pair_id, **given)
