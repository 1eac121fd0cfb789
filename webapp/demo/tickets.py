"""Tickets of the demo: some weeks of what people told the community, in every state.

All through the real services, each step at its moment. One is late beyond the others, one came
back, a danger is being seen to now, and one is about a member, whom it does not reach.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import ANONYMOUS, SYSTEM, Actor, Role
from webapp.demo.act_as import act_as
from webapp.demo.content import read
from webapp.residents.models import Resident
from webapp.tickets.lifecycle import OPEN, Outcome, Rating, TicketChannel, TicketKind, Urgency
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import (
    access,
    calling,
    escalation,
    filing,
    following,
    handling,
    publishing,
    sorting,
)
from webapp.tickets.services.following import Follower

_VERBS: dict[str, Any] = {
    "take": handling.acknowledge,
    "start": handling.start,
    "ask": handling.ask,
    "reply": handling.reply,
    "call": calling.call,
    "missed": calling.not_reached,
}


def write(session: Session) -> None:
    """Write all tickets with their steps; called once, in one transaction."""
    members = _members(session)
    filed: dict[str, int] = {}
    for number, story in enumerate(read("tickets")["tickets"]):
        _Story(session, story, members, filed).tell(number)
    with act_as(session, SYSTEM, clock.now()):
        for ticket_id in session.exec(select(Ticket.id).where(col(Ticket.state).in_(OPEN))).all():
            ticket = access.lock(session, ticket_id)
            if ticket is not None:
                escalation.look_at(session, ticket)


class _Story:
    """One ticket, told step by step by those it names."""

    def __init__(
        self,
        session: Session,
        story: dict[str, Any],
        members: dict[str, Actor],
        filed: dict[str, int],
    ) -> None:
        self.session, self.story, self.members, self.filed = session, story, members, filed
        self.branch_id = session.exec(
            select(Branch.id).where(col(Branch.name).startswith(story.get("branch", "富民")))
        ).one()
        self.first = next(one for one in members.values() if one.branch_id == self.branch_id)

    def tell(self, number: int) -> None:
        """File it and take its steps, as far as they lie behind."""
        begin = _moment(self.story["ago"], self.story.get("at", ""), self.story.get("minutes", 0))
        if begin > clock.now():
            begin -= timedelta(days=1)
        ticket_id = self._file(begin, number)
        self.filed[self.story.get("key", str(number))] = ticket_id
        for minute, (after, time, what, *said) in enumerate(self.story["steps"], start=1):
            moment = _at(begin + timedelta(days=after), time) if time else begin
            moment += timedelta(minutes=0 if time else 5 * minute)
            # Who gives it to themselves has taken it.
            taken = what == "take" and self.members[self.story["owner"]] is self.first
            if moment <= clock.now() and not taken:
                self._step(ticket_id, moment, what, said)
        if "public" in self.story:
            moment = min(begin + timedelta(days=1), clock.now())
            with act_as(self.session, self.first, moment):
                publishing.publish(
                    self.session, self.first, ticket_id=ticket_id, words=self.story["public"]
                )

    def _file(self, moment: datetime, number: int) -> int:
        story = self.story
        channel = TicketChannel(story["channel"])
        actor = self.first if channel in filing.BY_STAFF else self._reporter()
        about = story.get("about")
        with act_as(self.session, actor, moment):
            return filing.file_ticket(
                self.session,
                actor,
                words=story["words"],
                place_words=story["place"],
                channel=channel,
                is_private=story.get("private", False),
                reporter=filing.Reporter(story.get("name", ""), story.get("phone", "")),
                about=filing.AboutStaff(self.members[about].account_id) if about else None,
                client=f"demo {number}",
            ).ticket.id

    def _reporter(self) -> Actor:
        login = self.story.get("login")
        found = self.session.exec(
            select(Account, Resident.id)
            .join(Resident, col(Resident.account_id) == Account.id)
            .where(Account.phone == (login or ""))
        ).first()
        if found is None:
            return ANONYMOUS
        account, resident_id = found
        return Actor(account.id, account.role, account.name, resident_id=resident_id)

    def _step(self, ticket_id: int, moment: datetime, what: str, said: list[Any]) -> None:
        actor, verb, given = self._what(ticket_id, what, said)
        with act_as(self.session, actor, moment):
            verb(self.session, actor, **given)

    def _what(
        self, ticket_id: int, what: str, said: list[Any]
    ) -> tuple[Actor, Any, dict[str, Any]]:
        """Return who does a step, by which service, with what."""
        story, own = self.story, {"ticket_id": ticket_id}
        owner = self.members[story["owner"]] if "owner" in story else self.first
        if what in {"call", "missed"}:
            return self.members[story["caller"]], _VERBS[what], own
        if what in _VERBS:
            return owner, _VERBS[what], own | ({"words": said[0]} if said else {})
        steps: dict[str, tuple[Actor, Any, Any]] = {
            "sort": (self.first, sorting.classify, lambda: own | self._sorted_as()),
            "dispatch": (self.first, sorting.dispatch, lambda: own | self._hands()),
            "thanks": (self.first, sorting.take_note, lambda: own | {"words": said[0]}),
            "out": (self.first, sorting.set_out_of_scope, lambda: own | {"words": said[0]}),
            "merge": (
                self.first,
                sorting.merge,
                lambda: own | {"first_id": self.filed[story["same_as"]], "inside_words": said[0]},
            ),
            "remark": (owner, handling.add_remark, lambda: own | {"inside_words": said[0]}),
            "return": (owner, handling.take_back, lambda: own | {"inside_words": said[0]}),
            "extend": (owner, handling.extend, lambda: own | {"days": said[0], "words": said[1]}),
            "refer": (
                owner,
                handling.refer_out,
                lambda: own | dict(zip(("where", "reference", "words"), said, strict=True)),
            ),
            "outcome": (
                self.members[story.get("caller", "")] if "caller" in story else self.first,
                calling.note_outcome,
                lambda: (
                    own
                    | {"outcome": Outcome(said[0]), "rating": Rating(said[1]) if said[1] else None}
                ),
            ),
            "reopen": (
                ANONYMOUS,
                following.reopen,
                lambda: {"follower": self._follower(ticket_id), "words": said[0]},
            ),
        }
        actor, verb, given = steps[what]
        return actor, verb, given()

    def _sorted_as(self) -> dict[str, Any]:
        about = self.story.get("about")
        return {
            "branch_id": self.branch_id,
            "kind": TicketKind(self.story["kind"]),
            "urgency": Urgency(self.story["urgency"]),
            "is_private": self.story.get("private", False),
            "about_account_id": self.members[about].account_id if about else None,
        }

    def _hands(self) -> dict[str, Any]:
        owner, backup = (self.members[self.story[one]] for one in ("owner", "backup"))
        return {"owner_id": owner.account_id, "backup_id": backup.account_id}

    def _follower(self, ticket_id: int) -> Follower:
        return Follower(code=self.session.get_one(Ticket, ticket_id).code, pin_checked=True)


def _members(session: Session) -> dict[str, Actor]:
    rows = session.exec(select(Account).where(Account.role == Role.STAFF).order_by(col(Account.id)))
    return {one.name: Actor(one.id, one.role, one.name, branch_id=one.branch_id) for one in rows}


def _moment(ago: int, time: str, minutes: int) -> datetime:
    if not time:
        return clock.now() - timedelta(minutes=minutes)
    return _at(clock.now() - timedelta(days=ago), time)


def _at(day: datetime, time: str) -> datetime:
    hour, minute = map(int, time.split(":"))
    return clock.local(day).replace(hour=hour, minute=minute, second=0, microsecond=0)
