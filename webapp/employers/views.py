from flask import Blueprint, render_template

from webapp.access import Permission, public, requires

bp = Blueprint("employers", __name__)


@bp.get("/employer/register")
@public
def register() -> str:
    return render_template("base.html")


@bp.get("/employer/")
@requires(Permission.EMPLOYER_SELF)
def home() -> str:
    return render_template("base.html")


@bp.get("/staff/employers/")
@requires(Permission.EMPLOYER_VERIFY)
def index() -> str:
    return render_template("base.html")
