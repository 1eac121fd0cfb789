"""The papers of a long case: which are needed for what, and where each is."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.tickets.long_case_lifecycle import (
    PAPER_MOVES,
    LongCaseState,
    PaperKind,
    PaperState,
    StepKind,
)
from webapp.tickets.models.long_cases import LongCase, LongCasePaper
from webapp.tickets.services.long_cases import worked_on

MOST = 40


def need(
    session: Session,
    actor: Actor,
    *,
    case_id: int,
    kind: PaperKind,
    name: str,
    needed_for: StepKind | None,
    in_hand: bool,
) -> LongCasePaper:
    """Put a paper on the list: still missing, or in hand already."""
    case = _open(worked_on(session, actor, case_id))
    if kind is PaperKind.OTHER and not name:
        raise BadField("name", _("写一下是什么材料"))
    count = select(func.count()).select_from(LongCasePaper)
    if session.exec(count.where(LongCasePaper.case_id == case.id)).one() >= MOST:
        raise BadField("kind", _("一件事最多记 %(n)d 样材料", n=MOST))
    paper = LongCasePaper(
        case_id=case.id,
        kind=kind,
        name=name,
        state=PaperState.IN_HAND if in_hand else PaperState.MISSING,
        needed_for=needed_for,
        was_missing=not in_hand,
        changed_at=clock.now(),
        changed_by_id=actor.account_id or 0,
    )
    try:
        with session.begin_nested():
            session.add(paper)
    except IntegrityError as error:
        raise BadField("kind", _("这样材料已经在单子上了")) from error
    audit.record(session, "long_case.need_paper", case)
    return paper


def move(
    session: Session, actor: Actor, *, case_id: int, paper_id: int, state: PaperState
) -> LongCasePaper:
    """Say where a paper is now."""
    case = _open(worked_on(session, actor, case_id))
    paper = session.get(LongCasePaper, paper_id)
    if paper is None or paper.case_id != case.id:
        raise NotFound
    before = paper.state
    if state not in PAPER_MOVES[before]:
        raise Conflict(_("这样材料现在是「%(state)s」。", state=before.label))
    done = session.exec(
        update(LongCasePaper)
        .where(col(LongCasePaper.id) == paper.id, col(LongCasePaper.state) == before)
        .values(
            state=state,
            was_missing=paper.was_missing or state is PaperState.MISSING,
            changed_at=clock.now(),
            changed_by_id=actor.account_id or 0,
        )
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("刚才已经有人动过，请看看最新情况。"))
    session.refresh(paper)
    audit.record(session, "long_case.move_paper", case)
    return paper


def _open(case: LongCase) -> LongCase:
    if case.state is not LongCaseState.OPEN:
        raise Conflict(_("这件已经有了结果，材料不再动了。"))
    return case
