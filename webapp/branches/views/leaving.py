"""/staff/branches/members/<id>/leave: all that a member answers for goes to another at once."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.branches.blueprint import bp
from webapp.branches.forms.commitments import member_choices
from webapp.branches.forms.members import LeaveForm
from webapp.branches.lifecycle import Ending
from webapp.branches.models import Branch
from webapp.branches.queries import members as queries
from webapp.branches.services import leaving
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, Refused
from webapp.core.formfields import as_choices, show_faults
from webapp.core.posting import write_and_redirect


@bp.route("/staff/branches/members/<id:account_id>/leave", methods=["GET", "POST"])
@requires(Permission.BRANCH_SERVE)
def leave(account_id: int) -> ResponseReturnValue:
    """Show everything a member answers for, and hand all of it over."""
    actor = current_actor()
    member = leaving.get_leaving(reader(), actor, account_id)
    desks = queries.desks(reader())
    form = LeaveForm()
    form.successor.choices = member_choices(
        [
            one
            for one in queries.of_branch(reader(), member.branch_id or 0)
            if one.account_id != account_id
        ],
        queries.away(reader(), clock.now()),
    )
    form.to_branch.choices = as_choices(
        [
            ("", _("请选")),
            *(
                (str(desk.branch.id), desk.branch.name)
                for desk in desks
                if desk.branch.id != member.branch_id
            ),
        ]
    )
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                leaving.hand_over,
                lambda moved: _("交接好了，%(n)d 件事都换了人。", n=moved),
                url_for(".index"),
                account_id=account_id,
                successor_id=form.successor.data,
                ending=Ending(form.ending.data),
                to_branch_id=int(form.to_branch.data) if form.to_branch.data else None,
            )
        except BadField as error:
            show_faults(form, error, {})
        except Refused as error:
            form.form_errors.append(error.message)
    page = render_template(
        "branches/leave.html",
        form=form,
        member=member,
        branch=reader().get_one(Branch, member.branch_id),
        duties=leaving.duties_of(reader(), actor, account_id),
        own=actor.account_id == account_id,
    )
    return page, 400 if form.is_submitted() else 200
