from flask import Blueprint, render_template

from webapp.access import Permission, public, requires

bp = Blueprint("residents", __name__)


@bp.get("/register")
@public
def register() -> str:
    return render_template("base.html")


@bp.get("/me/")
@requires(Permission.RESIDENT_SELF)
def me() -> str:
    return render_template("base.html")


@bp.get("/staff/residents/")
@requires(Permission.RESIDENT_MANAGE)
def index() -> str:
    return render_template("base.html")
