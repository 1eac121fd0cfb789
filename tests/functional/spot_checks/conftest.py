"""Three branches, hires of the third quarter, and the browsers of their members."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from tests.factories import acting, make_account, make_branch, make_match, make_opening
from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.matches.lifecycle import MatchAction, MatchState
from webapp.matches.models import MatchEvent
from webapp.spot_checks.lifecycle import Finding
from webapp.spot_checks.models import SpotCheck, SpotCheckLine
from webapp.spot_checks.services import making, reviewing

SUMMER = datetime(2026, 8, 12, 10, 0, tzinfo=clock.LOCAL)
FIRST = datetime(2026, 10, 1, 8, 15, tzinfo=clock.LOCAL)
DAY = timedelta(days=1)
STAFF = {"富民": ("fu", "fu_confirms", "fu_other"), "便民": ("bian", "bian_one"), "安民": ("an",)}


def hire(
    session: Session, at: datetime, *, by: int | None, action: str = "hire", **more: Any
) -> int:
    """Write a hire with its steps; ``by`` confirmed it. Return the match."""
    match = make_match(session, state=MatchState.HIRED, start_date=at.date(), **more)
    for step, account_id in ((MatchAction.CONFIRM, by), (MatchAction.SHARE, None), (action, None)):
        session.add(
            MatchEvent(
                match_id=match.id, at=at, account_id=account_id, action=step,
                from_state="suggested", to_state="hired",
            )
        )  # fmt: skip
    session.flush()
    return match.id


@dataclass
class Quarter:
    """The people by name, and what is written of the checks."""

    app: Flask
    db: Database
    accounts: dict[str, Account]
    browse: Callable[[str], FlaskClient]

    def actor(self, name: str) -> Actor:
        return acting(self.accounts[name], branch_id=self.accounts[name].branch_id)

    def do(self, name: str, verb: Any, **given: Any) -> Any:
        actor = self.actor(name)
        with self.app.app_context(), self.db.transaction(actor) as session:
            return verb(session, actor, **given)

    def make(self) -> int:
        with self.app.app_context(), self.db.transaction(SYSTEM) as session:
            return making.make(session)

    def check(self) -> SpotCheck:
        with self.db.reader() as session:
            return session.exec(select(SpotCheck)).one()

    def lines(self) -> list[SpotCheckLine]:
        with self.db.reader() as session:
            return list(session.exec(select(SpotCheckLine).order_by(col(SpotCheckLine.id))))

    def name_of(self, account_id: int | None) -> str:
        return next(name for name, one in self.accounts.items() if one.id == account_id)

    def reviewed_by(self, line: SpotCheckLine) -> str:
        return self.name_of(line.reviewer_id)

    def find(self, line: SpotCheckLine, finding: Finding, words: str = "没有回访") -> Any:
        return self.do(
            self.reviewed_by(line), reviewing.find, line_id=line.id, finding=finding, words=words
        )


@pytest.fixture
def people(app: Flask, db: Database, write: Any, sign_in: Any) -> Any:
    """Three branches of three, two and one member; the first of each is its secretary."""
    with clock.frozen(SUMMER):
        with write() as session:
            accounts = {}
            for name, members in STAFF.items():
                branch: Branch = make_branch(session, name=name, serves_all=name == "富民")
                for number, member in enumerate(members):
                    accounts[member] = make_account(
                        session, role=Role.STAFF, branch_id=branch.id, name=member,
                        is_secretary=number == 0,
                    )  # fmt: skip
        yield Quarter(app, db, accounts, lambda name: sign_in(accounts[name]))


@pytest.fixture
def quarter(people: Quarter, write: Any) -> Any:
    """Five hires in August that a member of 富民 confirmed; the clock stands on October 1."""
    with write() as session:
        opening = make_opening(session, title="保洁员", headcount=9, hired_count=5)
        for _one in range(5):
            hire(session, SUMMER, by=people.accounts["fu_confirms"].id, opening_id=opening.id)
    with clock.frozen(FIRST):
        yield people
