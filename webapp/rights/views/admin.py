"""/admin/policies/: each policy held against its document, and where the counters are."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound
from webapp.core.posting import write_and_redirect
from webapp.rights import conditions, queries
from webapp.rights.blueprint import bp
from webapp.rights.forms.checker import CounterForm, PolicyCheckForm
from webapp.rights.income_figures import FIGURES
from webapp.rights.lifecycle import CounterCode, Verdict
from webapp.rights.presentation import condition_words
from webapp.rights.services import policies


@bp.get("/admin/policies/")
@requires(Permission.RULE_WRITE)
def policy_list() -> str:
    """All policies with their figures, what is confirmed and what is a hole."""
    return render_template(
        "rights/policies.html",
        views=queries.views(reader()),
        counters=list(queries.counters(reader()).values()),
        allowance=[queries.figure_line(name) for name in FIGURES.values()],
    )


@bp.route("/admin/policies/<string(maxlength=40):code>", methods=["GET", "POST"])
@requires(Permission.RULE_WRITE)
def policy_check(code: str) -> ResponseReturnValue:
    """One policy's text and conditions, and whether they are those of the document."""
    view = next((one for one in queries.views(reader()) if one.policy.code == code), None)
    if view is None:
        raise NotFound
    form = PolicyCheckForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                policies.check_policy,
                _("记下了。"),
                url_for("rights.policy_list"),
                code=code,
                digest=form.digest.data,
                verdict=Verdict(form.verdict.data),
                note=form.note.data or "",
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    form.digest.data = view.policy.digest
    page = render_template(
        "rights/policy.html",
        view=view,
        form=form,
        conditions=condition_words([one for one in conditions.shipped() if one.policy == code]),
    )
    return page, 400 if form.is_submitted() else 200


@bp.route(f"/admin/policies/counters/<any({', '.join(CounterCode)}):code>", methods=["GET", "POST"])
@requires(Permission.RULE_WRITE)
def counter(code: str) -> ResponseReturnValue:
    """Where a counter is and when it is open."""
    now = queries.counters(reader())[CounterCode(code)]
    form = CounterForm(data={"address": now.address, "phone": now.phone, "hours": now.hours})
    if form.validate_on_submit():
        return write_and_redirect(
            policies.set_counter,
            _("记下了，单子上马上跟着变。"),
            url_for("rights.policy_list"),
            code=CounterCode(code),
            address=form.address.data,
            phone=form.phone.data or "",
            hours=form.hours.data,
        )
    page = render_template("rights/counter.html", form=form, counter=now)
    return page, 400 if form.is_submitted() else 200
