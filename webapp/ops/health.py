"""/healthz: for load balancers and monitoring."""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from webapp.core import heartbeats
from webapp.core.access import public
from webapp.core.db import reader

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Answer 200 when the database does, else 503; ``degraded`` when the scheduler has died.

    Outside the demo a scheduler that never ran counts as dead.
    """
    try:
        silent = heartbeats.is_silent(reader(), heartbeats.SCHEDULER)
    except SQLAlchemyError:
        return jsonify(status="database unreachable"), 503
    if silent or (silent is None and not current_app.extensions["settings"].demo):
        return jsonify(status="degraded", scheduler="stopped")
    return jsonify(status="ok")
