"""Long cases of the demo: three of one kind that ended, so that what is usual shows, three open.

All through the real services, each errand on its day.
"""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.demo.act_as import act_as
from webapp.demo.content import read
from webapp.residents.models import ConsentChannel, Resident, ResidentState
from webapp.tickets.long_case_lifecycle import (
    LongCaseKind,
    LongCaseOutcome,
    PaperKind,
    PaperState,
    StepKind,
)
from webapp.tickets.queries.long_cases import papers_of
from webapp.tickets.services import long_case_papers, long_cases
from webapp.tickets.services.long_cases import Next, Outside


def write(session: Session) -> None:
    """Write all cases with their errands; called once, in one transaction."""
    for number, story in enumerate(read("long_cases")["cases"]):
        owner, backup = (_member(session, story[role]) for role in ("owner", "backup"))
        person = _person(session, story)
        if owner is not None and backup is not None and person is not None:
            _tell(session, number, story, owner, backup, person)


def _tell(
    session: Session,
    number: int,
    story: dict[str, Any],
    owner: Actor,
    backup: Actor,
    person: int | Outside,
) -> None:
    day = clock.now() - timedelta(days=story["begun"])
    steps = story["steps"]
    with act_as(session, owner, day):
        case_id = long_cases.open_case(
            session,
            owner,
            kind=LongCaseKind(story["kind"]),
            person=person,
            about=story["about"],
            owner_id=owner.account_id or 0,
            backup_id=backup.account_id or 0,
            next_step=_planned(steps[0]),
            agreed_how=ConsentChannel(story["how"]),
            idempotency_key=f"{number:032x}",
        ).id
        for kind, _state, needed_for, missing in story["papers"]:
            long_case_papers.need(
                session,
                owner,
                case_id=case_id,
                kind=PaperKind(kind),
                name="",
                needed_for=StepKind(needed_for) if needed_for else None,
                in_hand=not missing,
            )
    for at, (days, kind, place, met, came_of) in enumerate(steps):
        day += timedelta(days=days)
        with act_as(session, owner, day):
            following = steps[at + 1] if at + 1 < len(steps) else None
            long_cases.note_step(
                session,
                owner,
                case_id=case_id,
                day=clock.today(),
                kind=StepKind(kind),
                place=place,
                met=met,
                came_of=came_of,
                next_step=_planned(following) if following else _next(story, day),
                idempotency_key=f"{number:016x}{at:016x}",
            )
    with act_as(session, owner, day):
        _move_papers(session, owner, case_id, story)
        if "outcome" in story:
            long_cases.end(
                session,
                owner,
                case_id=case_id,
                outcome=LongCaseOutcome(story["outcome"]),
                words=story["words"],
            )


def _planned(step: list[Any]) -> Next:
    return Next(StepKind(step[1]), "", clock.today() + timedelta(days=step[0]))


def _next(story: dict[str, Any], day: Any) -> Next:
    """Return what comes next, so many days from today; of a case that ends, a day is noted."""
    if "next" not in story:
        return Next(StepKind.WAIT, "", clock.today())
    kind, words, days = story["next"]
    ahead = clock.local(day).date()
    today = ahead + timedelta(days=story["begun"] - sum(step[0] for step in story["steps"]))
    return Next(StepKind(kind), words, today + timedelta(days=days))


def _move_papers(session: Session, owner: Actor, case_id: int, story: dict[str, Any]) -> None:
    """Have each paper go where the story has it in the end."""
    ways = {
        PaperState.MISSING: [],
        PaperState.IN_HAND: [PaperState.IN_HAND],
        PaperState.HANDED_IN: [PaperState.IN_HAND, PaperState.HANDED_IN],
    }
    for paper, (_kind, state, _for, missing) in zip(
        papers_of(session, case_id), story["papers"], strict=True
    ):
        for step in ways[PaperState(state)][0 if missing else 1 :]:
            long_case_papers.move(session, owner, case_id=case_id, paper_id=paper.id, state=step)


def _member(session: Session, name: str) -> Actor | None:
    row = session.exec(
        select(Account).where(Account.name == name, Account.role == Role.STAFF)
    ).first()
    if row is None:
        return None
    return Actor(account_id=row.id, role=row.role, name=row.name, branch_id=row.branch_id)


def _person(session: Session, story: dict[str, Any]) -> int | Outside | None:
    if "name" in story:
        return Outside(story["name"], None)
    query = select(Resident.id).where(Resident.state == ResidentState.SEEKING)
    if "resident" in story:
        query = query.join(Account, col(Account.id) == Resident.account_id)
        query = query.where(Account.phone == story["resident"])
    else:
        query = query.where(col(Resident.account_id).is_(None))
    return session.exec(query.order_by(col(Resident.id).desc())).first()
