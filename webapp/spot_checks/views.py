"""/staff/spot-checks/: look at what another branch did, reply, say what was done about it."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound
from webapp.core.formfields import EmptyForm
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.spot_checks import policy, quarters
from webapp.spot_checks.forms import FindingForm, MeasuresForm, ReplyForm
from webapp.spot_checks.lifecycle import Finding
from webapp.spot_checks.models import SpotCheck
from webapp.spot_checks.queries import facts, lines, results
from webapp.spot_checks.services import reviewing

bp = Blueprint("spot_checks", __name__)


@bp.get("/staff/spot-checks/")
@requires(Permission.WORKBENCH)
def index() -> str:
    """What one has to do, what came of every quarter, and what one looked at before."""
    session, actor = reader(), current_actor()
    return render_template(
        "spot_checks/index.html",
        waiting=session.execute(lines.waiting(actor)).all(),
        results=results.figures(session),
        page=paginate(session, lines.of_member(actor)),
        is_overdue=lines.is_overdue,
        quarter_words=quarters.words,
    )


@bp.get("/staff/spot-checks/<id:check_id>")
@requires(Permission.WORKBENCH)
def show(check_id: int) -> str:
    """One quarter's check: how its sample was found, and what came of it."""
    session = reader()
    check = session.get(SpotCheck, check_id)
    if check is None:
        raise NotFound
    return render_template(
        "spot_checks/show.html",
        check=check,
        one=next(one for one in results.figures(session) if one.check_id == check_id),
        quarter_words=quarters.words,
    )


@bp.get("/staff/spot-checks/lines/<id:line_id>")
@requires(Permission.WORKBENCH)
def line(line_id: int) -> str:
    """One thing that was drawn: the facts, what was found, the reply, what was done."""
    return _page(line_id, {})


@bp.post("/staff/spot-checks/lines/<id:line_id>/find")
@requires(Permission.WORKBENCH)
def find(line_id: int) -> ResponseReturnValue:
    """Note what one found."""
    form = FindingForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                reviewing.find,
                _("记下了。谢谢您看得仔细。"),
                url_for(".line", line_id=line_id),
                line_id=line_id,
                finding=Finding(form.finding.data),
                words=form.words.data or "",
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    return _page(line_id, {"finding": form}), 400


@bp.post("/staff/spot-checks/lines/<id:line_id>/pass")
@requires(Permission.WORKBENCH)
def pass_on(line_id: int) -> ResponseReturnValue:
    """Have somebody else look at it."""
    if not EmptyForm().validate_on_submit():
        return _page(line_id, {}), 400
    return write_and_redirect(
        reviewing.pass_on,
        _("换人了，这件不会再给您。"),
        url_for(".index"),
        line_id=line_id,
    )


@bp.post("/staff/spot-checks/lines/<id:line_id>/reply")
@requires(Permission.WORKBENCH)
def reply(line_id: int) -> ResponseReturnValue:
    """Reply to what was found of one's own work."""
    form = ReplyForm()
    if form.validate_on_submit():
        return write_and_redirect(
            reviewing.reply,
            _("记下了，看的人和书记都看得到。"),
            url_for(".line", line_id=line_id),
            line_id=line_id,
            words=form.words.data,
        )
    return _page(line_id, {"reply": form}), 400


@bp.post("/staff/spot-checks/lines/<id:line_id>/measures")
@requires(Permission.WORKBENCH)
def note_measures(line_id: int) -> ResponseReturnValue:
    """Say what the branch did about it."""
    form = MeasuresForm()
    if form.validate_on_submit():
        return write_and_redirect(
            reviewing.note_measures,
            _("记下了。"),
            url_for(".line", line_id=line_id),
            line_id=line_id,
            words=form.words.data,
        )
    return _page(line_id, {"measures": form}), 400


def _page(line_id: int, failed: dict[str, Any]) -> str:
    session, actor = reader(), current_actor()
    kept, leads = reviewing.visible(session, actor, line_id)
    forms = {"finding": FindingForm(), "reply": ReplyForm(), "measures": MeasuresForm(), **failed}
    return render_template(
        "spot_checks/line.html",
        line=kept,
        about=lines.one(session, line_id),
        facts=facts.of(session, kept),
        may_still_reply=kept.reply_until is not None and clock.today() <= kept.reply_until,
        may_look=policy.can_look(actor, kept),
        may_reply=policy.can_reply(actor, kept),
        may_follow_up=policy.can_follow_up(actor, kept, leads=leads),
        is_own=actor.account_id == kept.member_id or actor.branch_id == kept.branch_id,
        quarter_words=quarters.words,
        forms=forms,
        failed=next(iter(failed), ""),
    )
