"""Take back what a file brought in, but for what has been worked with since.

A row has moved on when anything but the import itself speaks of it: whatever table points at it,
an entry of the audit trail, a change. That is found by walking the schema, so a table added
later is asked for by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Table, and_, or_
from sqlmodel import Session, col, delete, select

from webapp.core.access import Actor
from webapp.core.db import metadata
from webapp.core.errors import Conflict
from webapp.core.models import AuditEvent
from webapp.duplicates.models import DuplicateKind, DuplicatePair, PairState
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.employment.lifecycle import Origin
from webapp.employment.models import EmploymentSpell
from webapp.imports.models import ImportBatch, ImportedRow
from webapp.imports.services import batches
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Impression, Match, MatchEvent
from webapp.matches.models.community_plan import PlanLine
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Consent, Household, Resident

_BLOCK = 500


@dataclass(frozen=True)
class _Thing:
    """What an import makes: its table, and the tables whose rows go with it."""

    table: Any
    column: str
    own: frozenset[str]
    pair: DuplicateKind | None = None


# In the order in which they go: a household is free once its people are gone.
_THINGS = (
    _Thing(
        Resident,
        "resident_id",
        frozenset(
            {"experience", "consent", "sensitive_record", "suggestion_request", "match",
             "impression", "employment_spell", "plan_line"}
        ),
        DuplicateKind.RESIDENT,
    ),
    _Thing(Opening, "opening_id", frozenset({"match", "impression"}), DuplicateKind.OPENING),
    _Thing(Household, "household_id", frozenset()),
    _Thing(Employer, "employer_id", frozenset()),
)  # fmt: skip


def undo(session: Session, actor: Actor, *, batch_id: int) -> ImportBatch:
    """Delete what a file brought in, in one step; what has moved on since stays, with a reason.

    The file stays as it is and may be imported again. Raises ``Conflict`` unless it is done.
    """
    batch = batches.get_batch(session, actor, batch_id)
    kept: list[dict[str, Any]] = []
    undone = 0
    for thing in _THINGS:
        rows = _rows(session, batch_id, thing)
        moved = _moved_on(session, thing, sorted(rows))
        free = sorted(set(rows) - set(moved))
        _delete(session, thing, free)
        if thing.table in (Resident, Opening):
            undone += len(free)
            kept += [{"row": rows[id_], "reason": why, "id": id_} for id_, why in moved.items()]
    kept.sort(key=lambda one: one["row"])
    if not undone and not kept and batch.report.get("imported"):
        raise Conflict(_("这份是以前导入的，没有记下哪些是它带进来的，撤不回来"))
    report = {**batch.report, "undone": undone, "kept": kept}
    return batches.finish_undo(session, actor, batch_id=batch_id, report=report)


def _rows(session: Session, batch_id: int, thing: _Thing) -> dict[int, int]:
    """Return id → row of what came in, the rows of the table locked."""
    column = col(getattr(ImportedRow, thing.column))
    brought = select(column, col(ImportedRow.row)).where(
        ImportedRow.batch_id == batch_id, column.is_not(None)
    )
    found = {one[0]: one[1] for one in session.execute(brought)}
    for some in _blocks(sorted(found)):
        own = (
            select(col(thing.table.id))
            .where(col(thing.table.id).in_(some))
            .order_by(thing.table.id)
        )
        session.execute(own.with_for_update()).all()
    return found


def _moved_on(session: Session, thing: _Thing, ids: Sequence[int]) -> dict[int, str]:
    moved: dict[int, str] = {}
    name = thing.table.__tablename__
    for some in _blocks(ids):
        for table, column in _pointing_at(name):
            if table.name not in thing.own and table.name != ImportedRow.__tablename__:
                used = select(column).where(column.in_(some)).distinct()
                for (id_,) in session.execute(used):
                    moved.setdefault(id_, _why(table.name))
        for id_ in _in_matches(session, thing, some) if "match" in thing.own else ():
            moved.setdefault(id_, _why("match"))
        changed = select(col(thing.table.id)).where(col(thing.table.id).in_(some), _changed(thing))
        for (id_,) in session.execute(changed):
            moved.setdefault(id_, _("后来改过"))
        subjects = {f"{name}:{id_}": id_ for id_ in some}
        audited = select(AuditEvent.subject).where(col(AuditEvent.subject).in_(subjects)).distinct()
        for subject in session.exec(audited):
            moved.setdefault(subjects[subject], _("后来办过别的事"))
        if thing.pair is not None:
            for pair in session.exec(
                _pairs(thing, some).where(DuplicatePair.state != PairState.OPEN)
            ):
                for id_ in {pair.first_id, pair.second_id} & set(some):
                    moved.setdefault(id_, _("判过是不是重复"))
    return moved


def _pointing_at(name: str) -> Iterator[tuple[Table, Any]]:
    """Yield each column that refers to a table."""
    for table in metadata().sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == name:
                yield table, key.parent


def _in_matches(session: Session, thing: _Thing, ids: list[int]) -> list[int]:
    """Return who is in a match that is more than a computed suggestion."""
    column = col(getattr(Match, thing.column))
    eventful = select(col(MatchEvent.match_id))
    query = select(column).where(
        column.in_(ids),
        or_(
            col(Match.state) != MatchState.SUGGESTED,
            col(Match.postponed_until).is_not(None),
            col(Match.id).in_(eventful),
        ),
    )
    return list(session.exec(query.distinct()))


def _changed(thing: _Thing) -> ColumnElement[bool]:
    if thing.table is Resident:
        later = select(col(Consent.resident_id)).where(
            or_(
                col(Consent.withdrawn_at).is_not(None),
                col(Consent.given_at) > col(Resident.created_at),
            ),
            Consent.resident_id == Resident.id,
        )
        # What the list said of their work goes with it, unless somebody took it further.
        worked_on = select(col(EmploymentSpell.id)).where(
            EmploymentSpell.resident_id == Resident.id,
            or_(
                col(EmploymentSpell.origin) != Origin.IMPORT,
                col(EmploymentSpell.recorded_at) != col(Resident.created_at),
                col(EmploymentSpell.verified_at).is_not(None),
                col(EmploymentSpell.withdrawn_at).is_not(None),
                col(EmploymentSpell.ends_on).is_not(None),
            ),
        )
        # A computed plan gives everybody a line; only what staff did with it counts.
        taken_out = select(col(PlanLine.id)).where(
            PlanLine.resident_id == Resident.id, col(PlanLine.out_at).is_not(None)
        )
        return or_(
            worked_on.exists(),
            taken_out.exists(),
            col(Resident.updated_at) != col(Resident.created_at),
            col(Resident.account_id).is_not(None),
            later.exists(),
        )
    if thing.table is Opening:
        repaired = select(col(ImportedRow.id)).where(
            col(ImportedRow.opening_id) == col(Opening.id),
            col(ImportedRow.repaired_at) == col(Opening.updated_at),
        )
        return or_(
            # A repair of the whole file goes with it, unlike somebody's work on this one.
            and_(col(Opening.updated_at) != col(Opening.created_at), ~repaired.exists()),
            col(Opening.state) != OpeningState.SUBMITTED,
        )
    if thing.table is Employer:
        return col(Employer.state) != EmployerState.PENDING
    return or_(col(Household.responsible_id).is_not(None), col(Household.tenure) != "")


def _why(table: str) -> str:
    reasons = {
        "bookmark": _("有人收藏了"),
        "contact": _("有联系记录"),
        "course": _("已经开成课"),
        "demand_gain": _("算过学了能打开哪些岗位"),
        "employer_complaint": _("有投诉"),
        "enrolment": _("报过班"),
        "evidence_request": _("要过凭据"),
        "invitation_stop": _("说过不要再请去上课"),
        "join_request": _("有入户申请"),
        "long_case": _("有长期个案"),
        "match": _("已经有推荐在办"),
        "offer_evidence": _("留着推荐时的情况"),
        "official_fact": _("有官方记录"),
        "payee_account": _("记了工钱付到哪里"),
        "opening_exception": _("提过例外"),
        "pasted_text": _("有粘贴登记的话"),
        "piecework_assignment_member": _("做过手工活"),
        "piecework_order": _("有手工活订单"),
        "piecework_trial": _("试做过手工活"),
        "plan_line": _("社区的安排里有它"),
        "policy_claim": _("申领过政策"),
        "policy_finding": _("查过有没有政策资格"),
        "post": _("写过消息"),
        "standing_service": _("有上门服务"),
        "statement_agreement": _("同意过开工钱证明"),
        "statement_request": _("要过工钱证明"),
        "ticket": _("有诉求"),
        "training_order": _("有订单培训"),
        "trial_day": _("有试岗"),
        "venture": _("已经成了创业项目"),
        "venture_case": _("有创业个案"),
        "wage_confirmation": _("单位报过工钱"),
        "work_need": _("登记过请人做事"),
    }
    return reasons.get(table, _("别处用到了"))


def _pairs(thing: _Thing, ids: list[int]) -> Any:
    return select(DuplicatePair).where(
        DuplicatePair.kind == thing.pair,
        or_(col(DuplicatePair.first_id).in_(ids), col(DuplicatePair.second_id).in_(ids)),
    )


def _delete(session: Session, thing: _Thing, ids: Sequence[int]) -> None:
    for some in _blocks(ids):
        if "match" in thing.own:
            for table in (Match, Impression):
                session.exec(delete(table).where(col(getattr(table, thing.column)).in_(some)))
        if thing.pair is not None:
            session.exec(
                delete(DuplicatePair).where(
                    and_(
                        col(DuplicatePair.kind) == thing.pair,
                        or_(
                            col(DuplicatePair.first_id).in_(some),
                            col(DuplicatePair.second_id).in_(some),
                        ),
                    )
                )
            )
        session.exec(delete(thing.table).where(col(thing.table.id).in_(some)))
    session.expire_all()


def _blocks(ids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _BLOCK):
        yield list(ids[start : start + _BLOCK])
