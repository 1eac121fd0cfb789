"""Review a whole file: the same repair for many openings, and all without a fault published.

What is flagged, lacks something or is of an employer nobody has checked stays out. Each step is a
background job in blocks that may stand alone: cut off and begun again, it goes on with what is
left, as what was done no longer answers to what was asked for.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import AppError, BadField, NotFound
from webapp.core.labels import LabelledEnum
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.imports import policy, queries
from webapp.imports.models import ImportBatch, ImportedRow
from webapp.imports.queries import Group, Wanted
from webapp.imports.services import batches
from webapp.imports.services.readiness import assess
from webapp.imports.services.repairs import WORDS_READ, Repair
from webapp.jobs import service as jobs
from webapp.jobs.models import BackgroundJob, JobKind
from webapp.jobs.worker import Work
from webapp.openings.models import Opening
from webapp.openings.services import bulk
from webapp.openings.services.editing import longest_days
from webapp.openings.services.review import publish_opening

_BLOCK = 200
_PUBLISHED_AT_ONCE = 25  # each writes a dozen rows
_NO_EMPLOYER_NOW = {EmployerState.REFUSED, EmployerState.SUSPENDED, EmployerState.CLOSED}


class Step(LabelledEnum):
    """What a job does with the openings of a file."""

    LOOK = "look", "再看一遍"
    PUBLISH = "publish", "放出去"
    REPAIR = "repair", "一起补"


def get_batch(session: Session, actor: Actor, batch_id: int) -> ImportBatch:
    """Return a file of vacancies whose openings the actor may review; others are ``NotFound``."""
    batch = batches.get_batch(session, actor, batch_id)
    if not policy.can_review(actor, batch):
        raise NotFound
    return batch


def page_of(batch_id: int) -> str:
    """Return the address of the review of a file."""
    return f"/staff/imports/{batch_id}/review"


def start(
    session: Session,
    actor: Actor,
    *,
    batch_id: int,
    step: Step,
    wanted: Wanted,
    seen: datetime,
    ids: Sequence[int] = (),
    repair: Repair | None = None,
) -> BackgroundJob:
    """Have a step done in the background; with ``ids``, only to these of what is ``wanted``.

    What was changed after it was ``seen`` is left alone. Raises :class:`BadField` for an
    employer nobody knows.
    """
    batch = get_batch(session, actor, batch_id)
    arguments = {
        "batch_id": batch.id,
        "step": step.value,
        "ids": sorted(ids),
        "seen": min(seen, clock.now()).isoformat(),
        **wanted.as_arguments(),
    }
    if repair is not None:
        arguments["repair"] = _with_employer(session, repair).as_json()
    return jobs.start(
        session,
        actor,
        kind=JobKind.IMPORT_REVIEW,
        arguments=arguments,
        result_url=page_of(batch.id),
    )


def _with_employer(session: Session, repair: Repair) -> Repair:
    if not repair.employer_name:
        return repair
    found = session.exec(select(Employer).where(Employer.name == repair.employer_name)).first()
    if found is None:
        raise BadField("employer", _("没有这家单位，请照登记的全称填"))
    if found.state in _NO_EMPLOYER_NOW:
        raise BadField("employer", _("这家单位没有通过核实、已被暂停或已注销，不能再招人"))
    return repair.of_employer(found.id)


def hold(session: Session, actor: Actor, *, batch_id: int, ids: Sequence[int], held: bool) -> int:
    """Keep openings from going out with the others, or let them go again; return how many."""
    batch = get_batch(session, actor, batch_id)
    moved = session.exec(
        update(ImportedRow)
        .where(
            col(ImportedRow.batch_id) == batch.id,
            col(ImportedRow.opening_id).in_(ids),
            col(ImportedRow.held) != held,
        )
        .values(held=held)
    ).rowcount
    audit.record(session, "import.hold" if held else "import.release", batch, n=moved)
    return moved


# ---------- for the process that does the work ----------


def do_step(work: Work) -> dict[str, Any]:
    """Do one step with all openings it is asked for; return how many it did and how many not."""
    arguments = work.arguments
    step, batch_id = Step(arguments["step"]), arguments["batch_id"]
    seen = datetime.fromisoformat(arguments["seen"])
    with work.db.reader() as session:
        get_batch(session, work.actor, batch_id)
        ids = _ids(session, batch_id, step, arguments)
    done = 0
    for block in _blocks(ids, _PUBLISHED_AT_ONCE if step is Step.PUBLISH else _BLOCK, work):
        with work.db.transaction(work.actor) as session:
            if step is Step.PUBLISH:
                done += _publish(session, work.actor, block, seen)
            elif step is Step.REPAIR:
                repair = Repair.from_json(arguments["repair"])
                done += _repair(session, work.actor, batch_id, block, repair, seen)
            else:
                done += _look(session, batch_id, block)
    return {"step": step.value, "done": done, "left": len(ids) - done}


def _ids(session: Session, batch_id: int, step: Step, arguments: dict[str, Any]) -> list[int]:
    checked = queries.checked_employers(session, batch_id)
    wanted = Wanted.of(arguments)
    if step is Step.LOOK:
        wanted = Wanted(Group.STALE)
    elif step is Step.PUBLISH:
        wanted = Wanted(Group.READY)
    found = queries.ids_of(session, batch_id, wanted, checked)
    ticked = set(arguments["ids"])
    return [one for one in found if one in ticked] if ticked else found


def _blocks(ids: Sequence[int], size: int, work: Work) -> Iterator[list[int]]:
    for start_ in range(0, len(ids), size):
        work.progress(start_, len(ids))
        yield list(ids[start_ : start_ + size])
    work.progress(len(ids), len(ids))


def _publish(session: Session, actor: Actor, ids: list[int], seen: datetime) -> int:
    """Publish openings as if each were looked at alone: what is not right by now stays."""
    done = 0
    found = select(Opening).where(col(Opening.id).in_(ids), col(Opening.updated_at) <= seen)
    for opening in session.exec(found.order_by(col(Opening.id)).with_for_update()).all():
        try:
            with session.begin_nested():
                publish_opening(session, actor, opening_id=opening.id, seen=opening.updated_at)
        except AppError:  # changed meanwhile, or a rule holds since: it is told on the page
            continue
        done += 1
    return done


def _repair(
    session: Session,
    actor: Actor,
    batch_id: int,
    ids: list[int],
    repair: Repair,
    seen: datetime,
) -> int:
    today, longest = clock.today(), longest_days()
    found = _read(session, batch_id, ids)
    wanted: dict[int, dict[str, Any]] = {}
    own: dict[int, tuple[int, dict[str, Any], list[str], bool]] = {}
    for opening, row in found:
        values = repair.values(opening, on=today)
        if values:
            wanted[opening.id] = values
            untouched = opening.updated_at in {opening.created_at, row.repaired_at}
            own[opening.id] = (row.id, opening.model_dump(), list(row.flags), untouched)
    now, changed = bulk.repair_many(session, actor, wanted=wanted, seen=seen)
    rows = []
    for id_ in sorted(changed):
        row_id, before, flags, untouched = own[id_]
        known = None if WORDS_READ & wanted[id_].keys() else flags
        after = Opening(**{**before, **wanted[id_]})
        told = assess(after, on=today, longest=longest, known_flags=known)
        rows.append(
            {
                "id": row_id,
                "readiness": told.readiness,
                "lacks": told.lacking,
                "flags": list(told.flags),
                "seen": now,
                **({"repaired_at": now} if untouched else {"repaired_at": None}),
            }
        )
    _write(session, rows)
    if rows:
        fields = sorted({name for values in wanted.values() for name in values})
        audit.record(
            session, "import.repair", f"import_batch:{batch_id}", fields=fields, n=len(rows)
        )
    return len(rows)


def _look(session: Session, batch_id: int, ids: list[int]) -> int:
    today, longest = clock.today(), longest_days()
    rows = []
    for opening, row in _read(session, batch_id, ids):
        told = assess(opening, on=today, longest=longest)
        rows.append(
            {
                "id": row.id,
                "readiness": told.readiness,
                "lacks": told.lacking,
                "flags": list(told.flags),
                "seen": opening.updated_at,
            }
        )
    _write(session, rows)
    audit.record(session, "import.look", f"import_batch:{batch_id}", n=len(rows))
    return len(rows)


def _read(session: Session, batch_id: int, ids: list[int]) -> list[tuple[Opening, ImportedRow]]:
    query = (
        select(Opening, ImportedRow)
        .join(ImportedRow, col(ImportedRow.opening_id) == col(Opening.id))
        .where(col(ImportedRow.batch_id) == batch_id, col(Opening.id).in_(ids))
        .order_by(col(Opening.id))
    )
    return list(session.exec(query).all())


def _write(session: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(update(ImportedRow), rows)
        session.expire_all()
