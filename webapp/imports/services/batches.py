"""Use cases of imports: hand a file in, begin its run, finish it, forget old files.

The rows themselves are written by :mod:`webapp.imports.services.runner`, a block at a time.
"""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, or_, select, update

from webapp.branches.models import Branch
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.imports import policy
from webapp.imports.lifecycle import TRANSITIONS, ImportAction, ImportState
from webapp.imports.models import ImportBatch, ImportKind

#: How long a file is kept, to mend its refused rows; then only its digest and report stay.
KEPT = timedelta(days=30)


def hand_in(
    session: Session,
    actor: Actor,
    *,
    kind: ImportKind,
    filename: str,
    digest: str,
    stored: str,
    branch_id: int | None,
) -> ImportBatch:
    """Note a file that was read and kept; its columns are confirmed next."""
    if not policy.can_import(actor):
        raise Forbidden
    batch = ImportBatch(
        kind=kind,
        filename=filename[:200],
        digest=digest,
        stored=stored,
        account_id=actor.account_id,
        branch_id=branch_id,
        created_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    audit.record(session, "import.hand_in", batch, kind=kind, digest=digest)
    return batch


def get_batch(session: Session, actor: Actor, batch_id: int) -> ImportBatch:
    """Return a file of the actor's branch; others raise ``NotFound``."""
    batch = session.get(ImportBatch, batch_id)
    if batch is None or not policy.can_see(actor, batch):
        raise NotFound
    return batch


def serving_branch(session: Session, name: str = "") -> int | None:
    """Return the branch of this name; without a name the one for work and business."""
    query = select(Branch.id).order_by(col(Branch.name).startswith("富民").desc(), col(Branch.id))
    return session.exec(query.where(Branch.name == name) if name else query).first()


def waiting_twin(
    session: Session, actor: Actor, *, kind: ImportKind, digest: str
) -> ImportBatch | None:
    """Return the same file if it was handed in already and still waits to be imported."""
    return session.exec(
        select(ImportBatch)
        .where(
            ImportBatch.kind == kind,
            ImportBatch.digest == digest,
            ImportBatch.branch_id == actor.branch_id,
            ImportBatch.state == ImportState.UPLOADED,
            ImportBatch.stored != "",
        )
        .order_by(col(ImportBatch.id).desc())
    ).first()


def begin_run(
    session: Session,
    actor: Actor,
    *,
    batch_id: int,
    columns: dict[str, int],
    said: dict[str, Any],
) -> ImportBatch:
    """Take the file for one run; raise ``Conflict`` while another runs or when it is done.

    ``said`` goes into the audit trail: which consents were confirmed, never personal data.
    """
    batch = get_batch(session, actor, batch_id)
    claim = (
        update(ImportBatch)
        .where(
            col(ImportBatch.id) == batch_id,
            or_(
                col(ImportBatch.state) == ImportState.UPLOADED,
                (col(ImportBatch.state) == ImportState.RUNNING)
                & (col(ImportBatch.running_since) < clock.now() - policy.CUT_OFF),
            ),
        )
        .values(
            state=TRANSITIONS[ImportState.UPLOADED, ImportAction.RUN],
            columns=columns,
            running_since=clock.now(),
        )
    )
    if session.exec(claim).rowcount != 1:
        raise Conflict(_("这个文件已经导入，或者正在导入"))
    session.refresh(batch)
    audit.record(session, "import.begin", batch, kind=batch.kind, fields=sorted(columns), **said)
    return batch


def break_off_run(session: Session, actor: Actor, *, batch_id: int) -> ImportBatch:
    """Let the file wait again after a run that failed."""
    batch = get_batch(session, actor, batch_id)
    session.exec(
        update(ImportBatch)
        .where(col(ImportBatch.id) == batch_id, col(ImportBatch.state) == ImportState.RUNNING)
        .values(state=TRANSITIONS[ImportState.RUNNING, ImportAction.BREAK_OFF])
    )
    session.refresh(batch)
    audit.record(session, "import.break_off", batch)
    return batch


def finish_run(
    session: Session, actor: Actor, *, batch_id: int, report: dict[str, Any]
) -> ImportBatch:
    """Keep the report of a run that came to its end."""
    batch = get_batch(session, actor, batch_id)
    done = (
        update(ImportBatch)
        .where(col(ImportBatch.id) == batch_id, col(ImportBatch.state) == ImportState.RUNNING)
        .values(
            state=TRANSITIONS[ImportState.RUNNING, ImportAction.FINISH],
            done_at=clock.now(),
            report=report,
        )
    )
    if session.exec(done).rowcount != 1:  # taken up anew meanwhile, and finished by that run
        raise Conflict(_("这个文件已经导入"))
    session.refresh(batch)
    counts = {name: report[name] for name in ("rows", "imported", "known", "repeated", "refused")}
    audit.record(session, "import.finish", batch, kind=batch.kind, **counts)
    return batch


def forget_old(session: Session, actor: Actor) -> list[str]:
    """Note that files older than :data:`KEPT` are deleted; return the names to delete."""
    old = session.exec(
        select(ImportBatch).where(
            ImportBatch.stored != "", col(ImportBatch.created_at) < clock.now() - KEPT
        )
    ).all()
    names = [batch.stored for batch in old]
    for batch in old:
        batch.stored = ""
        session.add(batch)
        session.flush()
        audit.record(session, "import.forget", batch)
    return names
