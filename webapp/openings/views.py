from flask import Blueprint, render_template

from webapp.access import Permission, public, requires

bp = Blueprint("openings", __name__)


@bp.get("/")
@public
def home() -> str:
    return render_template("base.html")


@bp.get("/openings/")
@public
def index() -> str:
    return render_template("base.html")


@bp.get("/employer/openings/")
@requires(Permission.OPENING_SUBMIT)
def mine() -> str:
    return render_template("base.html")


@bp.get("/staff/openings/")
@requires(Permission.OPENING_REVIEW)
def review_list() -> str:
    return render_template("base.html")
