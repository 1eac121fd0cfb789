"""Train a model version from what staff decided, and put it in use when the gate lets it pass."""

import logging
from datetime import timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.errors import Conflict
from webapp.engine import model_registry, serving, training
from webapp.engine.models import ModelVersion, VersionState
from webapp.learning.queries.decisions import read_material
from webapp.learning.services import switching

log = logging.getLogger(__name__)

# People on whom the suggestions of two versions are compared, group by group.
SAMPLE = 300
STALE = timedelta(hours=1)  # a training that never finished may be taken over after this


def retrain(db: Database, *, switch: bool = True) -> ModelVersion | None:
    """Train a version now; ``None`` while another training goes on.

    With ``switch=False`` a version that passes the gate waits for somebody to put it in use.
    """
    try:
        with db.transaction(SYSTEM) as session:
            switching.request_training(session, SYSTEM)
    except Conflict:
        log.info("a training is asked for already: it is done now")
    return process_request(db, switch=switch)


def process_request(db: Database, *, switch: bool = True) -> ModelVersion | None:
    """Train the version that was asked for; ``None`` when there is none, or it is in work."""
    version_id = _claim(db)
    if version_id is None:
        return None
    with db.reader() as session:
        material = read_material(session, sample=SAMPLE)
        current = serving.model_of(model_registry.current(session))
    try:
        learned = training.learn(material, current=current, folder=serving.folder())
    except Exception:
        with db.transaction(SYSTEM) as session:
            _write(session, version_id, state=VersionState.REFUSED, report={"reason": "failed"})
        raise
    return _finish(db, version_id, learned, material.decisions, switch=switch)


def _claim(db: Database) -> int | None:
    """Return the id of the version asked for, unless somebody is training it."""
    now = clock.now()
    with db.reader() as session:
        found = session.exec(
            select(ModelVersion.id).where(ModelVersion.state == VersionState.REQUESTED)
        ).first()
    if found is None:
        return None
    with db.transaction(SYSTEM) as session:
        taken = session.exec(
            update(ModelVersion)
            .where(
                col(ModelVersion.id) == found,
                col(ModelVersion.state) == VersionState.REQUESTED,
                or_(
                    col(ModelVersion.started_at).is_(None),
                    col(ModelVersion.started_at) < now - STALE,
                ),
            )
            .values(started_at=now)
        )
        return found if taken.rowcount == 1 else None


def _finish(
    db: Database, version_id: int, learned: training.Learned, decisions: int, *, switch: bool
) -> ModelVersion:
    state = VersionState.CANDIDATE if learned.name else VersionState.REFUSED
    with db.transaction(SYSTEM) as session:
        version = _write(
            session,
            version_id,
            name=learned.name or None,
            state=state,
            file=learned.file,
            file_sha256=learned.file_sha256,
            data_sha256=learned.data_sha256,
            decisions=decisions,
            metrics=learned.metrics,
            fairness=learned.fairness,
            report=learned.verdict,
        )
        switching.prior(session)
        audit.record(session, "model.train", version, verdict=learned.verdict["reason"])
        if switch and learned.verdict["reason"] == "better":
            switching.put_in_use(session, SYSTEM, version, action="model.switch")
        session.refresh(version)
        return version


def _write(session: Session, version_id: int, **values: object) -> ModelVersion:
    version = session.get_one(ModelVersion, version_id)
    for name, value in values.items():
        setattr(version, name, value)
    session.add(version)
    session.flush()
    return version
