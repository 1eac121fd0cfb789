"""/staff/branches/: who knows what and is here or away; one member's page; one's own profile."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.branches import policy
from webapp.branches.blueprint import bp
from webapp.branches.forms.commitments import member_choices
from webapp.branches.forms.members import AbsenceForm, ProfileForm
from webapp.branches.models import Branch, MemberProfile
from webapp.branches.queries import members as queries
from webapp.branches.queries.rota import LOOKED_AHEAD, gaps
from webapp.branches.services import leaving, rota
from webapp.branches.services import members as service
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField
from webapp.core.formatting import hours_words
from webapp.core.formfields import show_faults
from webapp.core.paging import asked_id
from webapp.core.posting import write_and_redirect

_LONGEST_QUERY = 20


@bp.get("/staff/branches/")
@requires(Permission.BRANCH_SERVE)
def index() -> str:
    """The members of all branches; ``?trade=`` and ``?here=1`` narrow the list down."""
    trade = request.args.get("trade", "").strip()[:_LONGEST_QUERY]
    here = "here" in request.args
    now, actor = clock.now(), current_actor()
    found = (
        queries.who_knows(reader(), trade, at=now if here else None)
        if trade or here
        else queries.members(reader())
    )
    desks = queries.desks(reader())
    return render_template(
        "branches/index.html",
        desks=desks,
        found={member.account_id for member in found},
        away=queries.away(reader(), now),
        trade=trade,
        here=here,
        led={desk.branch.id for desk in desks if _leads(desk.branch.id)},
        own_id=actor.account_id,
        is_member=actor.may(Permission.WORKBENCH),
        may_write_guide=policy.can_write_guide(actor),
        gaps=gaps(reader(), now, now + LOOKED_AHEAD),
        hours_words=hours_words,
        is_here=lambda profile: queries.is_here(profile.hours, now),
    )


@bp.get("/staff/branches/members/<id:account_id>")
@requires(Permission.BRANCH_SERVE)
def member(account_id: int) -> str:
    """One member: what they answer for, their leave; for themselves and who leads the branch."""
    actor = current_actor()
    row = service.get_led(reader(), actor, account_id)
    return render_template(
        "branches/member.html",
        member=row,
        branch=reader().get_one(Branch, row.branch_id),
        profile=service.get_profile(reader(), account_id),
        duties=leaving.duties_of(reader(), actor, account_id),
        absences=[
            absence for absence, who in queries.absences_ahead(reader()) if who.id == account_id
        ],
        leads=_leads(row.branch_id),
        is_admin=actor.may(Permission.ACCOUNT_MANAGE),
        own=actor.account_id == account_id,
        hours_words=hours_words,
    )


@bp.post("/staff/branches/members/<id:account_id>/secretary")
@requires(Permission.BRANCH_SERVE)
def name_secretary(account_id: int) -> ResponseReturnValue:
    """Make a member the secretary of their branch (admin)."""
    return write_and_redirect(
        service.name_secretary,
        _("记下了。原来的书记不再是了。"),
        url_for(".member", account_id=account_id),
        account_id=account_id,
    )


@bp.post("/staff/branches/members/<id:account_id>/<any(broker, not_broker):mark>")
@requires(Permission.BRANCH_SERVE)
def set_broker(account_id: int, mark: str) -> ResponseReturnValue:
    """Mark a member as a labour broker, or take the mark away."""
    return write_and_redirect(
        service.set_broker,
        _("记下了。"),
        url_for(".member", account_id=account_id),
        account_id=account_id,
        broker=mark == "broker",
    )


@bp.route("/staff/branches/absences", methods=["GET", "POST"])
@requires(Permission.BRANCH_SERVE)
def absences() -> ResponseReturnValue:
    """Who is away and when; write it down for oneself, or for whom one leads."""
    actor = current_actor()
    form = AbsenceForm(data={"member": asked_id("member") or actor.account_id})
    form.member.choices = member_choices(
        [
            one
            for one in queries.members(reader())
            if one.account_id == actor.account_id or _leads(one.branch_id)
        ],
        set(),
    )
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.note_absence,
                lambda row: _after_absence(row.account_id, row.from_on, row.until_on),
                url_for(".absences"),
                account_id=form.member.data,
                from_on=form.from_on.data,
                until_on=form.until_on.data,
            )
        except BadField as error:
            show_faults(form, error, {})
    rows = queries.absences_ahead(reader())
    page = render_template(
        "branches/absences.html",
        form=form,
        rows=[(row, who, who.id == actor.account_id or _leads(who.branch_id)) for row, who in rows],
    )
    return page, 400 if form.is_submitted() else 200


@bp.post("/staff/branches/absences/<id:absence_id>/cancel")
@requires(Permission.BRANCH_SERVE)
def cancel_absence(absence_id: int) -> ResponseReturnValue:
    """Take a leave back."""
    return write_and_redirect(
        service.cancel_absence, _("去掉了。"), url_for(".absences"), absence_id=absence_id
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
        try:
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
        except BadField as error:
            show_faults(form, error, {})
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


def _leads(branch_id: int | None) -> bool:
    secretary = queries.secretary_of(reader(), branch_id) if branch_id else None
    return policy.can_lead(current_actor(), branch_id, secretary_id=secretary)


def _after_absence(account_id: int, from_on: Any, until_on: Any) -> str:
    """Say how many shifts fall into a leave: they have to be given on."""
    count = rota.count_shifts(reader(), account_id, from_on, until_on)
    if not count:
        return _("记下了。这几天的民情先转给替补。")
    return ngettext(
        "记下了。这几天有 %(num)d 个班，到「值班」那一页换人。",
        "记下了。这几天有 %(num)d 个班，到「值班」那一页换人。",
        count,
    )
