"""Which version of the ranking model is in use."""

from sqlmodel import Session, select

from webapp.engine.models import ModelVersion, VersionState


def current(session: Session) -> ModelVersion | None:
    """Return the version in use; ``None`` stands for the shipped prior."""
    return session.exec(
        select(ModelVersion).where(ModelVersion.state == VersionState.CURRENT)
    ).first()
