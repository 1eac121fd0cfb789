"""Use cases of imports: hand a file in, note each step of it, forget old files.

Reading and writing take long and happen in background jobs (:mod:`.background`); the rows are
written by :mod:`.runner`, a block at a time.
"""

import json
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.branches.models import Branch
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.imports import policy
from webapp.imports.lifecycle import TRANSITIONS, ImportAction, ImportState, before
from webapp.imports.models import ImportBatch, ImportKind
from webapp.jobs import service as jobs
from webapp.jobs.models import BackgroundJob, JobKind
from webapp.rulebook import figures

JOBS = (JobKind.IMPORT_READ, JobKind.IMPORT_CHECK, JobKind.IMPORT_WRITE, JobKind.IMPORT_UNDO)


def kept() -> timedelta:
    """Return how long a file is kept, to mend its refused rows; then only its report stays."""
    return timedelta(days=figures.rule("import_file_days", on=clock.today()))


def hand_in(
    session: Session,
    actor: Actor,
    *,
    kind: ImportKind,
    filename: str,
    digest: str,
    stored: str,
    branch_id: int | None,
    mends_id: int | None = None,
) -> ImportBatch:
    """Note a file that is kept; it is read next.

    ``mends_id`` is the file whose refused rows come back in it: what its columns meant and what
    was chosen for all rows is offered again. Nothing in the new file points at rows of the old.
    """
    if not policy.can_import(actor):
        raise Forbidden
    mended = get_batch(session, actor, mends_id) if mends_id is not None else None
    if mended is not None and mended.kind is not kind:
        raise NotFound
    batch = ImportBatch(
        kind=kind,
        filename=filename[:200],
        digest=digest,
        stored=stored,
        account_id=actor.account_id,
        branch_id=branch_id,
        created_at=clock.now(),
        options=_offered_again(mended) if mended else None,
    )
    session.add(batch)
    session.flush()
    audit.record(session, "import.hand_in", batch, kind=kind, digest=digest)
    return batch


def _offered_again(mended: ImportBatch) -> str:
    """Return what was chosen for a file, for the one that mends it; consent is asked anew."""
    kept = json.loads(mended.options or "{}")
    return json.dumps({**kept, "mends": mended.id, "asked_again": True})


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
    """Return the same file if the actor handed it in already and it still waits."""
    return session.exec(
        select(ImportBatch)
        .where(
            ImportBatch.kind == kind,
            ImportBatch.digest == digest,
            ImportBatch.branch_id == actor.branch_id,
            ImportBatch.account_id == actor.account_id,
            col(ImportBatch.state).in_(
                [ImportState.UPLOADED, ImportState.READ, ImportState.CHECKED]
            ),
            ImportBatch.stored != "",
        )
        .order_by(col(ImportBatch.id).desc())
    ).first()


def start_job(session: Session, actor: Actor, *, batch_id: int, kind: JobKind) -> BackgroundJob:
    """Have the next long step of a file done in the background."""
    batch = get_batch(session, actor, batch_id)
    return jobs.start(
        session,
        actor,
        kind=kind,
        arguments={"batch_id": batch.id},
        result_url=f"/staff/imports/{batch.id}",
    )


def last_job(session: Session, batch: ImportBatch) -> BackgroundJob | None:
    """Return the newest job of the file."""
    found = (jobs.latest(session, kind=kind, arguments={"batch_id": batch.id}) for kind in JOBS)
    return max((job for job in found if job), key=lambda job: job.id, default=None)


def note_reading(session: Session, actor: Actor, *, batch_id: int) -> ImportBatch:
    """Note that the file was read; its columns are confirmed next."""
    return _move(session, actor, batch_id, ImportAction.READ, "import.read")


def give_up(session: Session, actor: Actor, *, batch_id: int, why: str) -> ImportBatch:
    """Note why the file cannot be used."""
    return _move(
        session, actor, batch_id, ImportAction.GIVE_UP, "import.give_up", report={"error": why}
    )


def choose_header(
    session: Session, actor: Actor, *, batch_id: int, row: int, sheet: str
) -> BackgroundJob:
    """Keep which row holds the headers and have the file read anew."""
    _move(
        session,
        actor,
        batch_id,
        ImportAction.CHOOSE_HEADER,
        "import.choose_header",
        told={"row": row},
        header_row=row,
        header_sheet=sheet,
        columns={},
    )
    return start_job(session, actor, batch_id=batch_id, kind=JobKind.IMPORT_READ)


def choose(
    session: Session,
    actor: Actor,
    *,
    batch_id: int,
    columns: dict[str, int],
    options: dict[str, Any],
) -> ImportBatch:
    """Keep what the columns mean and what holds for all rows; all rows are checked next.

    The audit trail says which consents were confirmed, never personal data.
    """
    return _move(
        session,
        actor,
        batch_id,
        ImportAction.CHOOSE,
        "import.choose",
        told={
            "fields": sorted(columns),
            "sensitive": bool((options.get("consent") or {}).get("sensitive")),
        },
        columns=columns,
        options=json.dumps(options),
    )


def note_check(session: Session, actor: Actor, *, batch_id: int) -> ImportBatch:
    """Note that every row was read as confirmed; nothing is written yet."""
    return _move(session, actor, batch_id, ImportAction.CHECK, "import.check")


def begin_run(session: Session, actor: Actor, *, batch_id: int) -> ImportBatch:
    """Take the file for one run; raise ``Conflict`` when it is not checked or is done.

    A run that was cut off is begun anew. That only one goes on at a time is for the caller to
    see to: a background job is, with the same arguments, under way once.
    """
    return _move(
        session, actor, batch_id, ImportAction.RUN, "import.begin", running_since=clock.now()
    )


def break_off_run(session: Session, actor: Actor, *, run: ImportBatch) -> None:
    """Let the file wait again after a run that failed, unless another has taken it up since."""
    own = (col(ImportBatch.running_since) == run.running_since,)
    try:
        _move(session, actor, run.id, ImportAction.BREAK_OFF, "import.break_off", only=own)
    except Conflict:
        return


def finish_run(
    session: Session, actor: Actor, *, run: ImportBatch, report: dict[str, Any]
) -> ImportBatch:
    """Keep the report of a run that came to its end; ``Conflict`` if another took it up since."""
    counts = ("rows", "imported", "known", "repeated", "refused", "skipped")
    return _move(
        session,
        actor,
        run.id,
        ImportAction.FINISH,
        "import.finish",
        told={"kind": run.kind, **{name: report[name] for name in counts}},
        only=(col(ImportBatch.running_since) == run.running_since,),
        done_at=clock.now(),
        report=report,
    )


def _move(
    session: Session,
    actor: Actor,
    batch_id: int,
    action: ImportAction,
    name: str,
    *,
    told: dict[str, Any] | None = None,
    only: tuple[Any, ...] = (),
    **values: Any,
) -> ImportBatch:
    """Move a file one step; raise ``Conflict`` when its state has no such step."""
    batch = get_batch(session, actor, batch_id)
    states = before(action)
    moved = (
        update(ImportBatch)
        .where(col(ImportBatch.id) == batch_id, col(ImportBatch.state).in_(states), *only)
        .values(state=TRANSITIONS[states[0], action], **values)
    )
    if session.exec(moved).rowcount != 1:
        raise Conflict(_("这份表格已经走到别的一步了，请刷新看看"))
    session.refresh(batch)
    audit.record(session, name, batch, **(told or {}))
    return batch


def note_refused_read(session: Session, actor: Actor, *, batch_id: int) -> ImportBatch:
    """Note that the refused rows were handed out; only to who handed the file in."""
    batch = get_batch(session, actor, batch_id)
    if not policy.can_take_refused(actor, batch):
        raise NotFound
    audit.record(session, "import.take_refused", batch)
    return batch


def forget_old(session: Session) -> list[str]:
    """Note that files kept long enough are deleted; return the names to delete."""
    old = session.exec(
        select(ImportBatch).where(
            ImportBatch.stored != "", col(ImportBatch.created_at) < clock.now() - kept()
        )
    ).all()
    names = [batch.stored for batch in old]
    for batch in old:
        batch.stored = ""
        session.add(batch)
        session.flush()
        audit.record(session, "import.forget", batch)
    return names


def stored_names(session: Session) -> set[str]:
    """Return the names of all files that are still kept."""
    return set(session.exec(select(ImportBatch.stored).where(ImportBatch.stored != "")))


def finish_undo(
    session: Session, actor: Actor, *, batch_id: int, report: dict[str, Any]
) -> ImportBatch:
    """Note what was taken back, and what stayed because it has moved on."""
    return _move(
        session,
        actor,
        batch_id,
        ImportAction.UNDO,
        "import.undo",
        told={"undone": report["undone"], "kept": len(report["kept"])},
        undone_at=clock.now(),
        report=report,
    )
