"""A branch with three members, another branch, a reporter, and verbs to act by."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.factories import acting, make_account, make_branch, make_resident
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import ANONYMOUS, Actor, Role
from webapp.core.db import Database
from webapp.tickets.lifecycle import TicketChannel, TicketKind, Urgency
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import calling, filing, following, handling, sorting
from webapp.tickets.services.following import Follower


def at(text: str) -> datetime:
    """Return a moment of Chongqing, ``2026-11-30 09:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL)


@dataclass
class World:
    """People by name, and the ticket last acted on."""

    db: Database
    actors: dict[str, Actor]
    accounts: dict[str, Account]
    branch_id: int
    other_branch_id: int
    resident_id: int
    ticket_id: int = 0
    code: str = ""
    pin: str | None = None
    filed: list[int] = field(default_factory=list)
    #: What each act runs in; where browsers are about, no request may stay open around them.
    request: Any = nullcontext

    def act(self, who: str, verb: Any, **given: Any) -> Any:
        """Carry out a service as somebody, in one transaction."""
        actor = self.actors[who]
        with self.request(), self.db.transaction(actor) as session:
            return verb(session, actor, **given)

    def do(self, who: str, verb: Any, **given: Any) -> Ticket:
        """Carry out a step of the ticket."""
        ticket: Ticket = self.act(who, verb, ticket_id=self.ticket_id, **given)
        return ticket

    def follow(self, verb: Any, **given: Any) -> Ticket:
        """Act as the reporter, by the code."""
        follower = Follower(code=self.code, pin_checked=True)
        ticket: Ticket = self.act("nobody", verb, follower=follower, **given)
        return ticket

    def file(self, who: str = "nobody", **given: Any) -> Ticket:
        """File a ticket."""
        said: dict[str, Any] = {
            "words": "楼下路灯坏了",
            "channel": TicketChannel.WEB,
            "client": "x",
        }
        filed = self.act(who, filing.file_ticket, **{**said, **given})
        self.ticket_id, self.code, self.pin = filed.ticket.id, filed.code, filed.pin
        self.filed.append(filed.ticket.id)
        return filed.ticket

    def sort(self, who: str = "clerk", **given: Any) -> Ticket:
        """Say what it is."""
        said: dict[str, Any] = {
            "branch_id": self.branch_id,
            "kind": TicketKind.REQUEST,
            "urgency": Urgency.ORDINARY,
            "is_private": False,
        }
        return self.do(who, sorting.classify, **{**said, **given})

    def dispatch(
        self, who: str = "secretary", owner: str = "owner", backup: str = "backup"
    ) -> Ticket:
        """Give it an owner and a backup."""
        return self.do(
            who,
            sorting.dispatch,
            owner_id=self.accounts[owner].id,
            backup_id=self.accounts[backup].id,
        )

    def in_hand(self, **sorted_as: Any) -> Ticket:
        """File, sort, dispatch and take one."""
        self.file()
        self.sort(**sorted_as)
        self.dispatch()
        return self.do("owner", handling.acknowledge)

    def replied(self, **sorted_as: Any) -> Ticket:
        """Answer one as well."""
        self.in_hand(**sorted_as)
        return self.do("owner", handling.reply, words="已经换了新灯泡，今晚就亮。")

    def called(self, **sorted_as: Any) -> Ticket:
        """Begin the call back as well."""
        self.replied(**sorted_as)
        return self.do("clerk", calling.call)

    def now(self) -> Ticket:
        """Return the ticket as it stands."""
        with self.db.reader() as session:
            return session.get_one(Ticket, self.ticket_id)

    def add_words(self, words: str = "还是那样") -> Ticket:
        """Add something as the reporter."""
        return self.follow(following.answer, words=words)


def make(db: Database, write: Any) -> World:
    """Make the people: owner, backup and secretary of one branch, and others."""
    with write() as session:
        branch = make_branch(session, name="安民", serves_all=False)
        other = make_branch(session, name="富民")
        accounts = {
            name: make_account(session, role=Role.STAFF, branch_id=branch.id, name=name)
            for name in ("secretary", "owner", "backup")
        }
        accounts |= {
            name: make_account(session, role=Role.STAFF, branch_id=other.id, name=name)
            for name in ("clerk", "other")
        }
        accounts["secretary"].is_secretary = True
        accounts["clerk"].is_secretary = True
        resident = make_resident(session, with_account=True)
        accounts["resident"] = session.get_one(Account, resident.account_id)
        ids = branch.id, other.id, resident.id
    actors = {
        name: acting(
            one,
            branch_id=one.branch_id,
            resident_id=resident.id if name == "resident" else None,
        )
        for name, one in accounts.items()
    }
    actors["nobody"] = ANONYMOUS
    return World(db, actors, accounts, *ids)
