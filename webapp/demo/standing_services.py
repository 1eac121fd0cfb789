"""Standing services of the demo: weeks of visits behind them, and what is to be done today.

All through the real services, each visit on its day. Some are due today, one was missed, one
person is in hospital, one needs nobody any more, and two want work.
"""

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.demo.act_as import act_as
from webapp.demo.content import read
from webapp.residents.models import Resident, ResidentState, SensitiveRecord
from webapp.standing_services import schedule
from webapp.standing_services.lifecycle import (
    AgreedHow,
    EndReason,
    PauseReason,
    ServiceKind,
    VisitOutcome,
)
from webapp.standing_services.models import StandingService
from webapp.standing_services.schedule import Rhythm
from webapp.standing_services.services import agreeing, missed, stopping, visiting
from webapp.standing_services.services.agreeing import Outside, Plan, Yes

OLDER = 1972  # born before


def write(session: Session) -> None:
    """Write all services with their visits; called once, in one transaction."""
    people = _people(session)
    for number, story in enumerate(read("services")["services"]):
        owner, backup = (_member(session, story[role]) for role in ("owner", "backup"))
        person = _person(session, story, people)
        if owner is None or backup is None or person is None:
            continue
        _tell(session, number, story, owner, backup, person)
    yesterday = clock.local(clock.now()).replace(hour=10) - timedelta(days=1)  # nobody's night
    with act_as(session, SYSTEM, yesterday):
        missed.note_missed(session)
        missed.tell(session)


def _tell(
    session: Session,
    number: int,
    story: dict[str, Any],
    owner: Actor,
    backup: Actor,
    person: int | Outside,
) -> None:
    rhythm = Rhythm(story.get("every_days"), story.get("weekdays", ""))
    begin = _begin(rhythm, story["turns"], story["state"])
    moment = clock.now() - timedelta(days=(clock.today() - begin).days)
    with act_as(session, owner, moment):
        service_id = agreeing.arrange(
            session,
            owner,
            kind=ServiceKind(story["kind"]),
            person=person,
            plan=Plan(
                owner_id=owner.account_id or 0,
                backup_id=backup.account_id or 0,
                rhythm=rhythm,
                to_ask=story["to_ask"],
            ),
            yes=Yes(
                AgreedHow(story["how"]), begin, story["note"], notes=not story.get("silent", False)
            ),
            idempotency_key=f"{number:032x}",
        ).id
    _visit(session, number, story, owner, service_id)
    _end(session, story, owner, service_id)


def _begin(rhythm: Rhythm, turns: int, state: str) -> date:
    """Return the day from which as many turns lie behind, the last due when the story wants it."""
    today = clock.today()
    if rhythm.every_days is None:
        return today - timedelta(days=7 * turns // len(rhythm.weekdays))
    behind = {"today": 0, "missed": 2, "need": 0}.get(state, 1)
    return today - timedelta(days=rhythm.every_days * (turns - 1) + behind)


def _visit(
    session: Session, number: int, story: dict[str, Any], owner: Actor, service_id: int
) -> None:
    """Write the visits made, now and then a day late or with nobody at home."""
    leave = story["state"] in {"today", "missed"}
    turn = 0
    while True:
        service = session.get_one(StandingService, service_id)
        due = service.next_on or clock.today()
        late = timedelta(days=(turn + number) % 4 == 3)
        following = schedule.following(service.rhythm, due)
        if due + late > clock.today() or (leave and following > clock.today()):
            return
        moment = clock.now() - timedelta(days=(clock.today() - due - late).days)
        home = (turn + 2 * number) % 7 != 6
        notes = story["notes"]
        with act_as(session, owner, moment):
            visiting.note_visit(
                session,
                owner,
                service_id=service_id,
                outcome=VisitOutcome.VISITED if home else VisitOutcome.NOT_HOME,
                note=notes[turn] if home and turn < len(notes) else "",
                next_on=None,
                idempotency_key=f"{number:016x}{turn:016x}",
            )
        turn += 1


def _end(session: Session, story: dict[str, Any], owner: Actor, service_id: int) -> None:
    state = story["state"]
    with act_as(session, owner, clock.now()):
        if state == "paused":
            stopping.pause(
                session,
                owner,
                service_id=service_id,
                until=clock.today() + timedelta(days=12),
                reason=PauseReason.HOSPITAL,
            )
        elif state == "ended":
            stopping.end(session, owner, service_id=service_id, reason=EndReason.BETTER)
        elif state == "need":
            visiting.pass_on_need(
                session, owner, service_id=service_id, agreed=True, words=story["words"]
            )


def _member(session: Session, name: str) -> Actor | None:
    row = session.exec(
        select(Account).where(Account.name == name, Account.role == Role.STAFF)
    ).first()
    if row is None:
        return None
    return Actor(account_id=row.id, role=row.role, name=row.name, branch_id=row.branch_id)


def _people(session: Session) -> dict[str, list[int]]:
    """Return residents whom staff act for, by what a story asks of them; the last comes first."""
    assisted = (
        select(Resident.id)
        .where(col(Resident.account_id).is_(None), Resident.state == ResidentState.SEEKING)
        .order_by(col(Resident.id).desc())
    )
    disabled = assisted.join(
        SensitiveRecord, col(SensitiveRecord.resident_id) == Resident.id
    ).where(col(SensitiveRecord.disability).is_not(None))
    older = assisted.where(col(Resident.birth_date) < date(OLDER, 1, 1))
    kept = {
        "disabled": list(session.exec(disabled.limit(1)).all()),
        "older": list(session.exec(older.offset(3).limit(4)).all()),
        "assisted": list(session.exec(assisted.offset(9).limit(4)).all()),
    }
    return {
        name: [one for one in ids if all(one not in kept[other] for other in list(kept)[:at])]
        for at, (name, ids) in enumerate(kept.items())
    }


def _person(
    session: Session, story: dict[str, Any], people: dict[str, list[int]]
) -> int | Outside | None:
    if "outside" in story:
        return Outside(**story["outside"])
    if "resident" in story:
        login = select(Resident.id).join(Account, col(Account.id) == Resident.account_id)
        return session.exec(login.where(Account.phone == story["resident"])).first()
    waiting = people[story["choose"]]
    return waiting.pop() if waiting else None
