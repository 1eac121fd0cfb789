from flask import Blueprint, render_template

from webapp.access import public

bp = Blueprint("branches", __name__)


@bp.get("/help", endpoint="help")
@public
def help_page() -> str:
    return render_template("base.html")
