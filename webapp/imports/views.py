from flask import Blueprint, render_template

from webapp.access import Permission, requires

bp = Blueprint("imports", __name__)


@bp.get("/staff/imports/")
@requires(Permission.IMPORT_RUN)
def index() -> str:
    return render_template("base.html")
