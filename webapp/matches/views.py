from flask import Blueprint, render_template

from webapp.access import Permission, requires

bp = Blueprint("matches", __name__)


@bp.get("/staff/")
@requires(Permission.WORKBENCH)
def workbench() -> str:
    return render_template("base.html")


@bp.get("/staff/matches/")
@requires(Permission.MATCH_DECIDE)
def queue() -> str:
    return render_template("base.html")


@bp.get("/staff/matches/under-way")
@requires(Permission.MATCH_DECIDE)
def under_way() -> str:
    return render_template("base.html")


@bp.get("/me/news")
@requires(Permission.RESIDENT_SELF)
def news() -> str:
    return render_template("base.html")


@bp.get("/employer/applicants")
@requires(Permission.MATCH_HIRE)
def applicants() -> str:
    return render_template("base.html")
