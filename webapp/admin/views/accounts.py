"""/admin/: accounts, and how the installation runs."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.accounts import service
from webapp.accounts.forms import ResetForm
from webapp.accounts.models import Account
from webapp.accounts.service import PhoneTaken
from webapp.admin.blueprint import bp
from webapp.admin.forms import AccountForm, Days
from webapp.admin.presentation import audit, details, upkeep
from webapp.admin.queries import overview
from webapp.branches.models import Branch
from webapp.core import heartbeats, passwords
from webapp.core.access import Permission, Role, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.formfields import as_choices
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect

LONGEST_QUERY = 40


@bp.get("/admin/")
@requires(Permission.ACCOUNT_MANAGE)
def home() -> str:
    """What wants an admin's eye, and counts of residents, employers, openings, accounts."""
    return render_template(
        "admin/home.html",
        counts=overview.counts(reader()),
        with_suggestions=overview.with_suggestions(reader()),
        to_check=overview.employers_to_check(reader()),
        told=upkeep.told_all(overview.open_notices(reader())),
        silent=heartbeats.is_silent(reader(), heartbeats.SCHEDULER) is not False,
        days=Days,
    )


@bp.get("/admin/accounts")
@requires(Permission.ACCOUNT_MANAGE)
def accounts() -> str:
    """Accounts, searched and by role."""
    text = request.args.get("q", "").strip()[:LONGEST_QUERY]
    asked = request.args.get("role")
    role = Role(asked) if asked in set(Role) else None
    page = paginate(reader(), overview.accounts(text=text, role=role))
    return render_template("admin/accounts.html", page=page, text=text, role=role, roles=list(Role))


@bp.route("/admin/accounts/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def new_account() -> ResponseReturnValue:
    """Open an account for a member of staff or another admin."""
    form = AccountForm()
    form.branch.choices = as_choices(
        [("", _("不属于支部")), *((row.id, row.name) for row in overview.branches(reader()))]
    )
    if form.validate_on_submit():
        role = Role(form.role.data)
        hashed = passwords.hash_password(form.password.data)
        try:
            with get_db().transaction(current_actor()) as session:
                account = service.open_account(
                    session,
                    phone=form.phone.data,
                    name=form.name.data,
                    password_hash=hashed,
                    role=role,
                    branch_id=form.branch.data if role is Role.STAFF else None,
                    title=form.title.data or "",
                    verified=True,
                )
        except PhoneTaken:
            form.phone.errors = [_("这个手机号已经有账号了")]
        else:
            flash(_("账号开好了。请当面把密码告诉本人，提醒登录后改掉。"), "success")
            return redirect(url_for("admin.account", account_id=account.id), 303)
    page = render_template("admin/new_account.html", form=form)
    return page, 400 if form.is_submitted() else 200


@bp.get("/admin/accounts/<id:account_id>")
@requires(Permission.ACCOUNT_MANAGE)
def account(account_id: int) -> str:
    """One account."""
    row = service.get_account(reader(), account_id)
    return render_template(
        "admin/account.html",
        account=row,
        branch=reader().get(Branch, row.branch_id) if row.branch_id else None,
        own=row.id == current_actor().account_id,
    )


@bp.route("/admin/accounts/<id:account_id>/disable", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def disable(account_id: int) -> ResponseReturnValue:
    """Disable an account, after a page that says what happens."""
    row = service.get_account(reader(), account_id)
    if request.method == "GET":
        return render_template("admin/disable.html", account=row)
    return _set_enabled(row, enabled=False)


@bp.post("/admin/accounts/<id:account_id>/enable")
@requires(Permission.ACCOUNT_MANAGE)
def enable(account_id: int) -> ResponseReturnValue:
    """Let an account sign in again."""
    return _set_enabled(service.get_account(reader(), account_id), enabled=True)


def _set_enabled(row: Account, *, enabled: bool) -> ResponseReturnValue:
    message = _("启用了，可以登录了。") if enabled else _("停用了，所有手机和电脑上都已退出。")
    target = url_for("admin.account", account_id=row.id)
    return write_and_redirect(
        service.set_enabled, message, target, account_id=row.id, enabled=enabled
    )


@bp.route("/admin/accounts/<id:account_id>/password", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def reset_password(account_id: int) -> ResponseReturnValue:
    """Give an account a new password, handed over in person."""
    row = service.get_account(reader(), account_id)
    form = ResetForm()
    if not form.validate_on_submit() or form.refuse_number(row.phone):
        status = 400 if form.is_submitted() else 200
        return render_template("admin/reset_password.html", form=form, account=row), status
    hashed = passwords.hash_password(form.password.data)
    return write_and_redirect(
        service.reset_password,
        _("密码重设好了，请当面告诉本人。原来登录着的都已退出。"),
        url_for("admin.account", account_id=row.id),
        account_id=row.id,
        password_hash=hashed,
    )


@bp.get("/admin/settings")
@requires(Permission.ACCOUNT_MANAGE)
def settings() -> str:
    """How the installation runs: database, suggestions, scheduled jobs."""
    return render_template(
        "admin/settings.html",
        database="SQLite" if get_db().is_sqlite else "PostgreSQL",
        model=overview.last_model(reader()),
        waiting=overview.waiting_requests(reader()),
        page=paginate(reader(), overview.runs()),
        jobs=audit.JOBS,
        outcome_words=details.outcome_words,
    )
