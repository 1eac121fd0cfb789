"""Which model version is in use: ask for a training, put a version in use, roll back."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.engine.model_registry import current
from webapp.engine.models import ModelVersion, VersionState
from webapp.engine.suggestion_requests import request_suggestions
from webapp.learning import policy
from webapp.learning.lifecycle import CAN_SERVE

PRIOR = "prior"


def prior(session: Session) -> ModelVersion:
    """Return the row of the model the program ships, written when it is needed first.

    It is in use as long as no other version is.
    """
    found = session.exec(select(ModelVersion).where(ModelVersion.name == PRIOR)).first()
    if found is None:
        state = VersionState.RETIRED if current(session) else VersionState.CURRENT
        found = ModelVersion(name=PRIOR, state=state, created_at=clock.now())
        session.add(found)
        session.flush()
    return found


def request_training(session: Session, actor: Actor) -> ModelVersion:
    """Have a new version trained by the scheduler; :class:`Conflict` while one is waited for."""
    if not policy.can_manage(actor):
        raise Forbidden
    version = ModelVersion(
        state=VersionState.REQUESTED, created_at=clock.now(), created_by_id=actor.account_id
    )
    try:
        with session.begin_nested():
            session.add(version)
    except IntegrityError as error:
        raise Conflict(_("正在学，一会儿就有结果。请过一分钟再来看。")) from error
    audit.record(session, "model.request", version)
    return version


def switch_to(session: Session, actor: Actor, *, version_id: int) -> ModelVersion:
    """Put a version in use and have everybody's suggestions computed anew.

    Raises :class:`Conflict` when it is in use already, has no model, or treats groups unfairly.
    """
    if not policy.can_manage(actor):
        raise Forbidden
    version = session.get(ModelVersion, version_id)
    if version is None:
        raise NotFound
    if version.report.get("breaches"):
        raise Conflict(_("这个版本对有的人不公平，不能换上。"))
    return put_in_use(session, actor, version, action="model.switch")


def roll_back(session: Session, actor: Actor) -> ModelVersion:
    """Go back to the version that was in use before the present one."""
    if not policy.can_manage(actor):
        raise Forbidden
    version = previous(session)
    if version is None:
        raise Conflict(_("前面没有别的版本可退。"))
    return put_in_use(session, actor, version, action="model.roll_back")


def previous(session: Session) -> ModelVersion | None:
    """Return the version that was in use last before the present one.

    A version that was rolled back from comes after all others: rolling back twice goes further
    back, not to and fro.
    """
    now = current(session)
    if now is None or now.name == PRIOR:
        return None
    before = session.exec(
        select(ModelVersion)
        .where(
            ModelVersion.state == VersionState.RETIRED,
            col(ModelVersion.switched_at).is_not(None),
            ModelVersion.name != PRIOR,
            col(ModelVersion.id) < now.id,
        )
        .order_by(col(ModelVersion.id).desc())
    ).first()
    return before or prior(session)


def put_in_use(
    session: Session, actor: Actor, version: ModelVersion, *, action: str
) -> ModelVersion:
    """Put a version in use, whoever decided it; the one before is retired.

    Raises :class:`Conflict` unless it can serve and nobody else was first.
    """
    prior(session)
    before = current(session)
    if before is not None and before.id == version.id:
        raise Conflict(_("正在用的就是这个版本。"))
    if before is not None:
        session.exec(
            update(ModelVersion)
            .where(col(ModelVersion.id) == before.id)
            .values(state=VersionState.RETIRED)
            .execution_options(synchronize_session=False)
        )
    step = (
        update(ModelVersion)
        .where(col(ModelVersion.id) == version.id, col(ModelVersion.state).in_(CAN_SERVE))
        .values(
            state=VersionState.CURRENT,
            switched_at=clock.now(),
            switched_by_id=actor.account_id,
        )
        .execution_options(synchronize_session=False)
    )
    try:
        changed = session.exec(step).rowcount
    except IntegrityError as error:  # somebody put another version in use meanwhile
        raise Conflict(_("刚才已经有人换过版本了，请看看最新情况。")) from error
    if changed != 1:
        raise Conflict(_("这个版本不能换上，请看看最新情况。"))
    session.expire_all()
    request_suggestions(session, resident_id=None)
    details = {"version": version.name, "before": before.name if before else PRIOR}
    audit.record(session, action, version, **details)
    return version
