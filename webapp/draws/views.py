"""/draws/ for everybody: frozen lists, results, how to check; /staff/draws/: freeze, type in."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import clock, receipt_codes
from webapp.core.access import Permission, current_actor, public, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound, Refused
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.draws import queries, service
from webapp.draws.forms import CancelForm, FreezeForm, SeedForm
from webapp.draws.lifecycle import AWAITS_SEED, DrawState, SeedSource
from webapp.draws.models import Draw

bp = Blueprint("draws", __name__)


@bp.get("/draws/")
@public
def index() -> str:
    """Every draw whose list stands."""
    return render_template("draws/index.html", page=paginate(reader(), queries.published()))


@bp.get("/draws/<code>")
@public
def show(code: str) -> str:
    """One draw: list, hash, result, order, and how to check them; ``?receipt=`` finds one's own."""
    draw = _public_draw(code)
    asked = request.args.get("receipt", "")[:40]
    lines = queries.lines(reader(), draw) if draw.list_hash else []
    plain = receipt_codes.plain(asked)
    return render_template(
        "draws/show.html",
        draw=draw,
        lines=lines,
        asked=asked,
        own=next((line for line in lines if line.code == plain), None),
    )


@bp.get("/draws/<code>/list.txt")
@public
def list_file(code: str) -> ResponseReturnValue:
    """The frozen list, byte by byte as it was hashed."""
    draw = _public_draw(code)
    if not draw.list_hash:
        raise NotFound
    name = f"draw-{draw.code}.txt"
    return Response(
        draw.list_text.encode(),
        mimetype="text/plain",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.get("/staff/draws/")
@requires(Permission.DRAW_RUN)
def board() -> str:
    """All draws, those to type in first."""
    return render_template("draws/board.html", page=paginate(reader(), queries.all_draws()))


@bp.get("/staff/draws/<id:draw_id>")
@requires(Permission.DRAW_RUN)
def staff_draw(draw_id: int) -> str:
    """One draw and the next thing to do about it."""
    return _page(_draw(draw_id), {})


@bp.post("/staff/draws/<id:draw_id>/freeze")
@requires(Permission.DRAW_RUN)
def freeze(draw_id: int) -> ResponseReturnValue:
    """Close the entries and publish the list's hash."""
    form = FreezeForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.freeze,
                _("名单定了，指纹公布了。开奖以后，两位同事各填一遍号码。"),
                url_for(".staff_draw", draw_id=draw_id),
                draw_id=draw_id,
                source=SeedSource(form.source.data),
                day=form.day.data,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
        except Refused as error:
            form.day.errors = [error.message]
    return _page(_draw(draw_id), {"freeze": form}), 400


@bp.post("/staff/draws/<id:draw_id>/seed")
@requires(Permission.DRAW_RUN)
def type_seed(draw_id: int) -> ResponseReturnValue:
    """Type the public result in, as one of two."""
    form = SeedForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.type_seed,
                _after_typing,
                url_for(".staff_draw", draw_id=draw_id),
                draw_id=draw_id,
                numbers=form.numbers.data,
                round_number=form.round_read,
            )
        except Refused as error:
            form.numbers.errors = [error.message]
    return _page(_draw(draw_id), {"seed": form}), 400


@bp.post("/staff/draws/<id:draw_id>/cancel")
@requires(Permission.DRAW_RUN)
def cancel(draw_id: int) -> ResponseReturnValue:
    """Call the draw off before its result can be known."""
    form = CancelForm()
    if form.validate_on_submit():
        return write_and_redirect(
            service.cancel,
            _("不抽了，原因写在公开的页面上。"),
            url_for(".staff_draw", draw_id=draw_id),
            draw_id=draw_id,
            reason=form.reason.data,
        )
    return _page(_draw(draw_id), {"cancel": form}), 400


def _page(draw: Draw, failed: dict[str, Any]) -> str:
    session, known = reader(), draw.known_at is not None and draw.known_at <= clock.now()
    forms = {
        "freeze": FreezeForm(data={"day": SeedSource.SSQ.next_day(clock.today())}),
        "seed": SeedForm(data={"round_number": str(draw.round)}),
        "cancel": CancelForm(),
        **failed,
    }
    return render_template(
        "draws/staff.html",
        draw=draw,
        lines=queries.lines(session, draw),
        mismatch=queries.mismatch(session, draw),
        has_typed=queries.has_typed(session, draw, current_actor().account_id),
        may_type=draw.state in AWAITS_SEED and known,
        may_cancel=draw.state in {DrawState.OPEN, DrawState.FROZEN} and not known,
        forms=forms,
        failed=next(iter(failed), ""),
    )


def _after_typing(draw: Draw) -> str:
    if draw.state is DrawState.DRAWN:
        return _("两个人填的一样，抽好了。")
    if draw.state is DrawState.FROZEN:
        return _("两个人填的不一样，请都重新填。")
    return _("记下了。请另一位同事照着开奖公告再填一遍。")


def _public_draw(code: str) -> Draw:
    draw = queries.by_code(reader(), code)
    if draw is None:
        raise NotFound
    return draw


def _draw(draw_id: int) -> Draw:
    draw = reader().get(Draw, draw_id)
    if draw is None:
        raise NotFound
    return draw
