"""The model that makes the suggestions: the version in use, or the prior when it is unusable."""

import logging
from pathlib import Path

from flask import current_app
from sqlmodel import Session

from webapp.core.db import Database
from webapp.engine import model_registry, ranking
from webapp.engine.models import ModelVersion

log = logging.getLogger(__name__)


def folder() -> Path:
    """Return where model files live."""
    found: Path = current_app.extensions["settings"].models
    return found


def model_in_use(db: Database) -> ranking.Model:
    """Return the model to suggest with.

    A file that was changed, lost or made by other versions is refused: the log and the page of
    models say so, and the shipped prior serves until somebody mends it.
    """
    with db.reader() as session:
        return model_of(model_registry.current(session))


def model_of(version: ModelVersion | None) -> ranking.Model:
    """Return a version's model, the prior where there is none or it is unusable."""
    if version is None or not version.file:
        return ranking.prior_model()
    try:
        return ranking.load_model(folder() / version.file, sha256=version.file_sha256)
    except ranking.UnusableModel as error:
        log.error("model %s is refused, the shipped prior serves: %s", version.name, error)
        return ranking.prior_model()


def fault_of(session: Session) -> str:
    """Return the code of why the version in use cannot serve; empty when it can."""
    version = model_registry.current(session)
    if version is None or not version.file:
        return ""
    try:
        ranking.check_file(folder() / version.file, sha256=version.file_sha256)
    except ranking.UnusableModel as error:
        return error.code
    return ""
