"""A stall with people who want it, and the staff who keep it."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import Flask
from sqlmodel import Session, col, select

from tests import factories
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.draws import service as draws
from webapp.draws.lifecycle import SeedSource
from webapp.draws.models import Draw
from webapp.guides.trades import Site, Trade
from webapp.openings.fields import OpeningFields
from webapp.ventures.lifecycle import CaseState
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.ventures import RentPeriod, Venture, VentureRound
from webapp.ventures.services import applying, posting, rounds

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.LOCAL)  # a Tuesday
LAST_DAY = date(2026, 11, 27)
CLOSED = datetime(2026, 11, 28, 10, 0, tzinfo=clock.LOCAL)
DRAWN_ON = date(2026, 11, 29)  # a Sunday: 双色球
KNOWN = datetime(2026, 11, 29, 22, 0, tzinfo=clock.LOCAL)
NUMBERS = "03 07 12 18 25 30 09"
_numbers = itertools.count(1)


def key() -> str:
    """Return a form's key that no other form has."""
    return f"{next(_numbers):032x}"


def terms(**overrides: Any) -> posting.VentureTerms:
    """Return what a fish stall is."""
    values: dict[str, Any] = {
        "trade": Trade.FISH,
        "site": Site.MARKET,
        "sells": "鲫鱼、草鱼，代杀",
        "rent_fen": 60000,
        "rent_period": RentPeriod.MONTH,
        "rent_to": "市场管理处",
        "deposit_fen": 100000,
        "deposit_to": "市场管理处",
        "deposit_back": "不做了当月退",
        "risks": ["鱼死了卖不掉"],
    }
    return posting.VentureTerms(**{**values, **overrides})


def fields(title: str = "社区菜市场鱼摊", **overrides: Any) -> OpeningFields:
    """Return what the opening of a stall says."""
    values: dict[str, Any] = {
        "title": title,
        "description": "带水池和增氧机，水电按表。",
        "place": factories.PLACE,
        "address": "市场C区12号",
        "valid_until": LAST_DAY,
    }
    return OpeningFields(**{**values, **overrides})


@dataclass
class World:
    """Ids of one stall; what is done goes through the real services."""

    app: Flask
    db: Database
    staff: Actor
    second: Actor
    venture_id: int = 0
    people: list[Actor] = field(default_factory=list)

    def do(self, actor: Actor, verb: Callable[..., Any], **data: Any) -> Any:
        """Call a service in a transaction of its own."""
        with self.app.test_request_context(), self.db.transaction(actor) as session:
            return verb(session, actor, **data)

    def work(self, verb: Callable[[Session], int]) -> int:
        """Do a job's work."""
        with self.app.test_request_context(), self.db.transaction(SYSTEM) as session:
            return verb(session)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session to read with."""
        with self.app.test_request_context(), self.db.reader() as session:
            yield session

    def get(self, table: type[Any], id_: int) -> Any:
        """Return a row as it stands."""
        with self.db.reader() as session:
            return session.get_one(table, id_)

    def person(self, **overrides: Any) -> Actor:
        """Return one more person, who can sign in."""
        with self.db.transaction(SYSTEM) as session:
            row = factories.make_resident(
                session, with_account=True, **{"available": [], **overrides}
            )
        actor = Actor(account_id=row.account_id, role=Role.RESIDENT, resident_id=row.id)
        self.people.append(actor)
        return actor

    def account(self, actor: Actor) -> Account:
        """Return the account to sign in with."""
        return self.get(Account, actor.account_id or 0)

    def post(self, title: str = "社区菜市场鱼摊", **overrides: Any) -> Venture:
        """Post another stall."""
        until = {"valid_until": overrides.pop("valid_until", LAST_DAY)}
        return self.do(
            self.staff,
            posting.post_venture,
            fields=fields(title, **until),
            terms=terms(**overrides),
            idempotency_key=key(),
            note="租金押金照市场管理处的合同，社区核实过",
        )

    def apply(self, person: Actor, venture_id: int | None = None) -> VentureCase:
        """Have a person apply."""
        return self.do(
            person,
            applying.apply,
            venture_id=venture_id or self.venture_id,
            resident_id=person.resident_id,
        )

    def case(self, person: Actor, venture_id: int | None = None) -> VentureCase:
        """Return a person's newest case of the stall."""
        with self.db.reader() as session:
            return session.exec(
                select(VentureCase)
                .where(
                    VentureCase.resident_id == person.resident_id,
                    VentureCase.venture_id == (venture_id or self.venture_id),
                )
                .order_by(col(VentureCase.id).desc())
            ).first()  # type: ignore[return-value]

    def states(self) -> list[CaseState]:
        """Return where each person stands, in their order."""
        return [self.case(one).state for one in self.people]

    def freeze(self, **values: Any) -> VentureRound:
        """Freeze the list for the drawing of :data:`DRAWN_ON`."""
        data = {"source": SeedSource.SSQ, "day": DRAWN_ON, **values}
        return self.do(self.staff, rounds.freeze, venture_id=self.venture_id, **data)

    def draw(self, numbers: str = NUMBERS) -> None:
        """Have two people type the public result in."""
        with self.db.reader() as session:
            draw = session.exec(select(Draw).order_by(col(Draw.id).desc())).first()
        assert draw is not None
        for member in (self.staff, self.second):
            self.do(
                member,
                draws.type_seed,
                draw_id=draw.id,
                numbers=numbers,
                round_number=draw.round,
            )

    def in_planning(self, person: Actor) -> VentureCase:
        """Have one person get the only place, without a contest; returns the case."""
        with clock.frozen(NOON):
            self.apply(person)
        with clock.frozen(CLOSED):
            self.freeze()
            return self.do(person, applying.accept, case_id=self.case(person).id)


def staff_actor(session: Session) -> Actor:
    """Return one more member of the branch for work."""
    account = factories.make_account(session, role=Role.STAFF)
    return Actor(
        account_id=account.id,
        role=Role.STAFF,
        name=account.name,
        branch_id=account.branch_id,
        serves_all=True,
    )


def make_world(app: Flask, db: Database, *, people: int = 0, **overrides: Any) -> World:
    """Return a world with a stall posted at :data:`NOON`."""
    with db.transaction(SYSTEM) as session:
        staff, second = staff_actor(session), staff_actor(session)
    world = World(app, db, staff, second)
    with clock.frozen(NOON):
        world.venture_id = world.post(**overrides).id
        for _number in range(people):
            world.person()
    return world
