"""/employer/join: whoever has the code of an invitation opens an account for the employer."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.views import count_new_account, enter
from webapp.core import passwords, receipt_codes
from webapp.core.access import current_actor, public
from webapp.core.db import get_db, reader
from webapp.core.errors import NotFound
from webapp.employers.blueprint import bp
from webapp.employers.forms import InvitationCodeForm, JoinForm
from webapp.employers.services import invitations


@bp.route("/employer/join", methods=["GET", "POST"])
@public
def join_code() -> ResponseReturnValue:
    """Type the code of an invitation that cannot be tapped."""
    form = InvitationCodeForm()
    if form.validate_on_submit():
        return redirect(url_for("employers.join", code=receipt_codes.plain(form.code.data)), 303)
    return render_template("employers/join_code.html", form=form), 400 if form.errors else 200


@bp.route("/employer/join/<code>", methods=["GET", "POST"])
@public
def join(code: str) -> ResponseReturnValue:
    """Whose invitation it is; then the name, number and password of whoever joins.

    Whoever is signed in signs out first: an invitation opens an account, it changes none.
    """
    try:
        employer = invitations.inviting(reader(), code)
    except NotFound:
        return render_template("employers/join_over.html"), 404
    if current_actor().role is not None:
        page = render_template("employers/join_signed_in.html", employer=employer)
        return page, 200
    form = JoinForm()
    if not form.validate_on_submit():
        page = render_template("employers/join.html", form=form, employer=employer)
        return page, 400 if form.errors else 200
    count_new_account()
    hashed = passwords.hash_password(form.password.data)
    try:
        with get_db().transaction(current_actor()) as session:
            token = invitations.join(
                session,
                code=code,
                name=form.name.data,
                phone=form.phone.data,
                password_hash=hashed,
            )
    except NotFound:  # somebody else used it in the same moment
        return render_template("employers/join_over.html"), 404
    return enter(token, form.phone.data, url_for("home.employer"))
