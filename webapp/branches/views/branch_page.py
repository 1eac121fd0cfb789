"""/staff/branches/<id>/edit: how a branch is reached and what it does."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.branches.blueprint import bp
from webapp.branches.forms.members import BranchForm
from webapp.branches.queries import members as queries
from webapp.branches.services import duties
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField
from webapp.core.formfields import show_faults
from webapp.core.posting import write_and_redirect


@bp.route("/staff/branches/<id:branch_id>/edit", methods=["GET", "POST"])
@requires(Permission.BRANCH_SERVE)
def edit_branch(branch_id: int) -> ResponseReturnValue:
    """Write a branch's page: its secretary, or an admin."""
    branch = duties.get_branch(reader(), current_actor(), branch_id)
    known = queries.duties_by_branch(reader()).get(branch_id, [])
    form = BranchForm(
        data={
            "purpose": branch.purpose,
            "office": branch.office,
            "phone": branch.phone,
            "duties": "\n".join(f"{one.title}：{one.words}" for one in known),
        }
    )
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                duties.save_branch,
                _("记下了，居民看到的也跟着变了。"),
                url_for(".branch", branch_id=branch_id),
                branch_id=branch_id,
                purpose=form.purpose.data,
                office=form.office.data,
                phone=form.phone.data,
                duties=form.lines,
            )
        except BadField as error:
            show_faults(form, error, {})
    page = render_template("branches/edit.html", form=form, branch=branch)
    return page, 400 if form.is_submitted() else 200
