from flask import Blueprint, render_template

from webapp.access import Permission, requires

bp = Blueprint("admin", __name__)


@bp.get("/admin/")
@requires(Permission.ACCOUNT_MANAGE)
def home() -> str:
    return render_template("base.html")


@bp.get("/admin/accounts")
@requires(Permission.ACCOUNT_MANAGE)
def accounts() -> str:
    return render_template("base.html")


@bp.get("/admin/audit")
@requires(Permission.AUDIT_READ)
def audit_log() -> str:
    return render_template("base.html")


@bp.get("/admin/settings")
@requires(Permission.ACCOUNT_MANAGE)
def settings() -> str:
    return render_template("base.html")
