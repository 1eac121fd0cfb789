"""/help for everybody; /staff/branches/ for members: who knows what, and when they are here."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.branches.blueprint import bp
from webapp.branches.forms.members import ProfileForm
from webapp.branches.models import MemberProfile
from webapp.branches.queries import members as queries
from webapp.branches.services import members as service
from webapp.core import clock
from webapp.core.access import Permission, current_actor, public, requires
from webapp.core.db import reader
from webapp.core.formatting import hours_words
from webapp.core.posting import write_and_redirect

_LONGEST_QUERY = 20


@bp.get("/help", endpoint="help")
@public
def help_page() -> str:
    """Whom to ask, and how to reach them."""
    now = clock.now()
    return render_template(
        "branches/help.html",
        desks=queries.desks(reader()),
        hours_words=hours_words,
        is_here=lambda profile: queries.is_here(profile.hours, now),
    )


@bp.get("/staff/branches/")
@requires(Permission.BRANCH_SERVE)
def index() -> str:
    """The members of all branches; ``?trade=`` and ``?here=1`` narrow the list down."""
    trade = request.args.get("trade", "").strip()[:_LONGEST_QUERY]
    here = "here" in request.args
    now = clock.now()
    found = (
        queries.who_knows(reader(), trade, at=now if here else None)
        if trade or here
        else queries.members(reader())
    )
    return render_template(
        "branches/index.html",
        desks=queries.desks(reader()),
        found={member.account_id for member in found},
        trade=trade,
        here=here,
        own_id=current_actor().account_id,
        hours_words=hours_words,
        is_here=lambda profile: queries.is_here(profile.hours, now),
    )


@bp.route("/staff/branches/me", methods=["GET", "POST"])
@requires(Permission.WORKBENCH)
def my_profile() -> ResponseReturnValue:
    """One's own trades and hours."""
    return _edit(current_actor().account_id or 0, url_for(".index"))


@bp.route("/admin/members/<id:account_id>", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def profile(account_id: int) -> ResponseReturnValue:
    """A member's trades and hours, written by who keeps the accounts."""
    return _edit(account_id, url_for("admin.account", account_id=account_id))


def _edit(account_id: int, back: str) -> ResponseReturnValue:
    member = service.get_member(reader(), current_actor(), account_id)
    form = ProfileForm(data=_values(service.get_profile(reader(), account_id)))
    if form.validate_on_submit():
        return write_and_redirect(
            service.save_profile,
            _("记下了，「求助」那一页也跟着变了。"),
            back,
            account_id=account_id,
            volunteer=form.volunteer.data,
            institution=form.institution.data or "",
            trades=form.trades.data,
            languages=form.languages.data,
            hours=form.windows,
            duty_phone=form.duty_phone.data or "",
        )
    page = render_template("branches/profile.html", form=form, member=member, back=back)
    return page, 400 if form.is_submitted() else 200


def _values(row: MemberProfile | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "trades": row.trades,
        "languages": row.languages,
        "volunteer": row.volunteer,
        "institution": row.institution,
        "duty_phone": row.duty_phone,
        "hours": [{**window, "days": list(window["days"])} for window in row.hours],
    }
