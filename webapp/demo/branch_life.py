"""The branches' own year in the demo: promises, activities, the rota, volunteers, brokers.

Everything is written through the services, each at its moment, so that it stands as if it had
happened. Days in ``data/demo/branch_life.json`` count from today.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.forms.commitments import span
from webapp.branches.queries.slots import monday_of, slots_of_week
from webapp.branches.services import (
    activities,
    members,
    office,
    promises,
    rota,
    volunteer_hours,
    volunteering,
)
from webapp.branches.services.activities import ActivityFields
from webapp.branches.services.volunteering import HelpFields
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.demo.content import read
from webapp.employers.models import Employer
from webapp.employers.services import brokers

_OPENED = time(9, 0)


class _Cast:
    """The members by name, and the admin."""

    def __init__(self, session: Session) -> None:
        rows = session.exec(select(Account).where(col(Account.role).in_((Role.STAFF, Role.ADMIN))))
        self.accounts = {row.name: row for row in rows}
        self.admin = self.actor(
            next(row.name for row in self.accounts.values() if row.role is Role.ADMIN)
        )

    def id(self, name: str) -> int:
        """Return a member's account."""
        return self.accounts[name].id

    def branch(self, name: str) -> int:
        """Return a member's branch."""
        return self.accounts[name].branch_id or 0

    def actor(self, name: str) -> Actor:
        """Return a member as they act."""
        row = self.accounts[name]
        return Actor(account_id=row.id, role=row.role, name=row.name, branch_id=row.branch_id)


def write(session: Session) -> None:
    """Write all of it."""
    content: dict[str, Any] = read("branch_life")
    cast = _Cast(session)
    for name in content["secretaries"]:
        members.name_secretary(session, cast.admin, account_id=cast.id(name))
    office.write_guide(session, cast.admin, **content["guide"])
    for row in content["promises"]:
        _promise(session, cast, row)
    for row in content["activities"]:
        _activity(session, cast, row)
    _rota(session, cast, content["rota"])
    for row in content["absences"]:
        _absence(session, cast, row)
    for row in content["help"]:
        _help(session, cast, row)
    _brokers(session, cast, content["brokers"])


def _at(days: int, do: Callable[[], Any], at: time = _OPENED) -> Any:
    """Do something as if it were ``days`` from today, at a time of day; never later than now."""
    day = clock.today() + timedelta(days=days)
    moment = datetime.combine(day, at, clock.LOCAL)
    with clock.frozen(min(moment, clock.now())):
        return do()


def _absence(session: Session, cast: _Cast, row: dict[str, Any]) -> None:
    days = [clock.today() + timedelta(days=row[name]) for name in ("from", "until")]

    def note() -> None:
        members.note_absence(
            session,
            cast.actor(row["member"]),
            account_id=cast.id(row["member"]),
            from_on=days[0],
            until_on=days[1],
        )

    _at(min(row["from"], 0), note)


def _promise(session: Session, cast: _Cast, row: dict[str, Any]) -> None:
    due_on = clock.today() + timedelta(days=row["due"])
    actor = cast.actor(row["owner"])
    made = _at(
        row["made"],
        lambda: promises.make_promise(
            session,
            actor,
            branch_id=cast.branch(row["owner"]),
            words=row["words"],
            due_on=due_on,
            owner_id=cast.id(row["owner"]),
            backup_id=cast.id(row["backup"]),
        ),
    )
    if "end" in row:
        verb, said = {
            "kept": (promises.keep_promise, "proof"),
            "missed": (promises.miss_promise, "reason"),
            "cancelled": (promises.cancel_promise, "reason"),
        }[row["end"]]
        _at(
            row["ended"],
            lambda: verb(session, actor, promise_id=made.id, **{said: row["outcome"]}),  # type: ignore[operator]
        )


def _activity(session: Session, cast: _Cast, row: dict[str, Any]) -> None:
    actor = cast.actor(row["owner"])
    starts_at, ends_at = _times(row)
    made = _at(
        row["made"],
        lambda: activities.plan_activity(
            session,
            actor,
            branch_id=cast.branch(row["owner"]),
            fields=ActivityFields(
                title=row["title"],
                starts_at=starts_at,
                ends_at=ends_at,
                place=row["place"],
                for_whom=row["for_whom"],
                words=row["words"],
                owner_id=cast.id(row["owner"]),
                backup_id=cast.id(row["backup"]),
            ),
        ),
    )
    if row.get("end") == "held":
        with clock.frozen(min(ends_at + timedelta(hours=1), clock.now())):
            activities.hold_activity(
                session,
                actor,
                activity_id=made.id,
                people=row["people"],
                outcome=row["outcome"],
            )
    elif row.get("end") == "cancelled":
        _at(
            row["ended"],
            lambda: activities.cancel_activity(
                session, actor, activity_id=made.id, reason=row["outcome"]
            ),
        )


def _rota(session: Session, cast: _Cast, rota_row: dict[str, Any]) -> None:
    """Fill the usual slots in turn; one night ahead stays empty."""
    today = clock.today()
    first = today - timedelta(days=rota_row["days_back"])
    last = today + timedelta(days=rota_row["days_ahead"])
    people = [cast.id(name) for name in rota_row["members"]]
    empty = f"{today + timedelta(days=rota_row['empty_night'])}-night"
    turn, monday = 0, monday_of(first)
    while monday <= last:
        chosen: dict[str, int | None] = {}
        for slot in slots_of_week(monday):
            if first <= slot.day <= last and slot.key != empty:
                chosen[slot.key] = people[turn % len(people)]
                turn += 1
        with clock.frozen(clock.start_of_day(first)):
            rota.save_week(
                session, cast.admin, monday=monday, chosen=chosen, phone=rota_row["phone"]
            )
        monday += timedelta(days=7)


def _help(session: Session, cast: _Cast, row: dict[str, Any]) -> None:
    actor = cast.actor(row["owner"])
    starts_at, ends_at = _times(row)

    def want() -> Any:
        made = volunteering.want_help(
            session,
            actor,
            branch_id=cast.branch(row["owner"]),
            fields=HelpFields(
                trade=row["trade"],
                words=row["words"],
                for_whom=row["for_whom"],
                starts_at=starts_at,
                ends_at=ends_at,
                wanted=row["wanted"],
                owner_id=cast.id(row["owner"]),
                backup_id=cast.id(row["backup"]),
            ),
        )
        people = [cast.id(name) for name in row["ask"]]
        volunteering.ask(session, actor, help_id=made.id, account_ids=people)
        return made

    made = _at(row["made"], want)
    calls = {
        name: call
        for call in session.exec(
            select(volunteering.HelpCall).where(volunteering.HelpCall.help_id == made.id)
        )
        for name in row["ask"]
        if call.account_id == cast.id(name)
    }
    with clock.frozen(min(made.created_at + timedelta(hours=3), clock.now())):
        for name in (name for name, said in row["ask"].items() if said):
            volunteering.answer(session, cast.actor(name), call_id=calls[name].id, yes=True)
    _came(session, cast, row, {name: call.id for name, call in calls.items()})
    if row["day"] < 0 and "came" in row:
        with clock.frozen(min(ends_at + timedelta(days=1), clock.now())):
            volunteering.finish(session, actor, help_id=made.id)


def _came(session: Session, cast: _Cast, row: dict[str, Any], calls: dict[str, int]) -> None:
    """Write the hours: confirmed with thanks, or said and waiting."""
    for name, (start, hours, *thanks) in _both(row):
        begins, ends = _times({**row, "start": start, "hours": hours})
        with clock.frozen(min(ends + timedelta(hours=2), clock.now())):
            volunteer_hours.say_hours(
                session,
                cast.actor(name),
                call_id=calls[name],
                starts_at=begins,
                ends_at=ends,
            )
            if thanks:
                volunteer_hours.confirm_hours(
                    session,
                    cast.actor(row["owner"]),
                    call_id=calls[name],
                    starts_at=begins,
                    ends_at=ends,
                    thanks=thanks[0],
                )


def _both(row: dict[str, Any]) -> Iterable[tuple[str, list[Any]]]:
    return [*row.get("came", {}).items(), *row.get("said", {}).items()]


def _times(row: dict[str, Any]) -> tuple[datetime, datetime]:
    day = clock.today() + timedelta(days=row["day"])
    starts_at = span(day, row["start"], "24:00")[0]
    return starts_at, starts_at + timedelta(hours=row["hours"])


def _brokers(session: Session, cast: _Cast, rows: list[dict[str, Any]]) -> None:
    employers = session.exec(select(Employer.id).order_by(col(Employer.id))).all()
    for row in rows:
        broker = cast.id(row["member"])

        def assign(row: dict[str, Any] = row, broker: int = broker) -> None:
            members.set_broker(session, cast.admin, account_id=broker, broker=True)
            for employer_id in employers[row["from"] : row["from"] + row["employers"]]:
                brokers.assign_broker(
                    session, cast.actor(row["member"]), employer_id=employer_id, account_id=broker
                )

        _at(row["since"], assign)
