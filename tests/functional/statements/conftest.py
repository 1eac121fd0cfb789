"""A household of two adults and a child, with accepted work; an employer who hired one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from tests import factories
from tests.functional.statements import world
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.db import Database
from webapp.residents.models import Resident
from webapp.statements.models import EarningsStatement, StatementRequest, WageConfirmation

ALONE_FEN, JOINT_FEN, OTHERS_FEN = 12_345, 7_000, 99_900


@dataclass
class Family:
    """Who takes part; browsers are signed in when they are first asked for."""

    db: Database
    accounts: dict[str, Account]
    people: dict[str, Resident]
    match_id: int
    sign_in: Callable[[Account], FlaskClient]

    def __post_init__(self) -> None:
        self._browsers: dict[str, FlaskClient] = {}

    def browser(self, who: str) -> FlaskClient:
        """Return the browser of one of them."""
        if who not in self._browsers:
            self._browsers[who] = self.sign_in(self.accounts[who])
        return self._browsers[who]

    def newest(self, table: Any = EarningsStatement) -> Any:
        """Return the newest row of a table, ``None`` for none."""
        with self.db.reader() as session:
            return session.exec(select(table).order_by(table.id.desc())).first()

    def all_of(self, table: Any) -> list[Any]:
        """Return all rows of a table."""
        with self.db.reader() as session:
            return list(session.exec(select(table).order_by(table.id)))

    @property
    def request(self) -> StatementRequest:
        """The newest request."""
        return self.newest(StatementRequest)

    @property
    def wage(self) -> WageConfirmation:
        """The newest wage."""
        return self.newest(WageConfirmation)


@pytest.fixture
def family(app: Flask, db: Database, write, staff, sign_in) -> Family:
    """The family, their neighbour, the employer and another one."""
    with write() as session:
        branch = factories.make_branch(session)
        home = factories.make_household(session, unit_address="3栋2单元501")
        people = {
            name: factories.make_resident(
                session, name=name, with_account=True, household_id=home.id, branch_id=branch.id
            )
            for name in ("陈桂芳", "王建国")
        }
        people["王小宝"] = factories.make_resident(
            session, name="王小宝", household_id=home.id, birth_date=date(2016, 5, 1)
        )
        people["邻居"] = factories.make_resident(session, name="刘邻居", with_account=True)
        order = world.make_order(session)
        mother, father = people["陈桂芳"], people["王建国"]
        now = clock.now()
        for members, rate, at in (
            ([mother], ALONE_FEN, now - timedelta(minutes=5)),
            ([mother, father], JOINT_FEN, now - timedelta(minutes=4)),
            ([people["邻居"]], OTHERS_FEN, now),
            ([mother], 55_500, now - timedelta(days=800)),  # too long ago for any statement
        ):
            world.accept(
                session, staff, world.make_assignment(session, order, members, rate), 1, at
            )
        reversed_one = world.accept(
            session, staff, world.make_assignment(session, order, [mother], 4_400), 1, now
        )
        world.undo(session, reversed_one)
        boss, rival = world.boss_of(session), world.boss_of(session)
        hire = world.make_hire(session, father, boss, employer={"name": "华龙超市"})
        factories.make_employer(session, member=rival)
        accounts = {
            "boss": boss,
            "rival": rival,
            "staff": staff,
            **{
                name: session.get_one(Account, one.account_id)
                for name, one in people.items()
                if one.account_id
            },
        }
    return Family(db, accounts, people, hire.id, sign_in)
