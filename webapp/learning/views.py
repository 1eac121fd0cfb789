"""/admin/models/: which model makes the suggestions, how good and how fair, and switching it."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, requires
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.engine import model_registry, serving
from webapp.engine.ranking import prior_model
from webapp.learning import presentation
from webapp.learning.queries import comparison, model_versions
from webapp.learning.services import switching

bp = Blueprint("learning", __name__)


@bp.get("/admin/models/")
@requires(Permission.MODEL_MANAGE)
def index() -> str:
    """The version in use, the comparison with first come first served, all versions."""
    session = reader()
    return render_template(
        "learning/index.html",
        current=model_registry.current(session),
        fault=serving.fault_of(session),
        previous=switching.previous(session),
        prior_version=prior_model().version,
        comparisons=comparison.compare(session),
        evidence=model_versions.evidence(session),
        page=paginate(session, model_versions.versions()),
        wording=presentation,
    )


@bp.get("/admin/models/<id:version_id>")
@requires(Permission.MODEL_MANAGE)
def show(version_id: int) -> str:
    """One version: the gate's verdict, its figures, how it treats groups of people."""
    row = model_versions.version(reader(), version_id)
    if row is None:
        raise NotFound
    return render_template(
        "learning/show.html", version=row.ModelVersion, row=row, wording=presentation
    )


@bp.post("/admin/models/<id:version_id>/switch")
@requires(Permission.MODEL_MANAGE)
def switch(version_id: int) -> ResponseReturnValue:
    """Put a version in use."""
    return write_and_redirect(
        switching.switch_to,
        _("换好了。大家的推荐一会儿就按这个版本重新算。"),
        url_for("learning.index"),
        version_id=version_id,
    )


@bp.post("/admin/models/roll-back")
@requires(Permission.MODEL_MANAGE)
def roll_back() -> ResponseReturnValue:
    """Go back to the version before."""
    return write_and_redirect(
        switching.roll_back,
        _("退回上一版了。大家的推荐一会儿就重新算。"),
        url_for("learning.index"),
    )


@bp.post("/admin/models/train")
@requires(Permission.MODEL_MANAGE)
def train() -> ResponseReturnValue:
    """Have a version trained now."""
    return write_and_redirect(
        switching.request_training,
        _("好的，马上开始学，一两分钟后来看结果。"),
        url_for("learning.index"),
    )
