"""A branch that visits people: its secretary, two who go, one of another branch, two visited."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from tests import factories
from webapp.accounts.models import Account
from webapp.branches.models.rota import MemberAbsence
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.ops import scheduled_jobs
from webapp.residents.models import Resident
from webapp.standing_services.lifecycle import (
    AgreedHow,
    ServiceKind,
    VisitOutcome,
)
from webapp.standing_services.models import StandingService, StandingVisit
from webapp.standing_services.schedule import Rhythm
from webapp.standing_services.services import agreeing, visiting
from webapp.standing_services.services.agreeing import Outside, Plan, Yes

MONDAY = datetime(2026, 11, 30, 10, 0, tzinfo=clock.LOCAL)  # of a month's end
WEEKLY = Rhythm(7, "")
_numbers = itertools.count(1)
JOB = next(job for job in scheduled_jobs.JOBS if job.name == "standing_visits")


def key() -> str:
    """Return a form's key that no other form has."""
    return f"{next(_numbers):032x}"


@dataclass
class World:
    """The people; what is done goes through the real services."""

    app: Flask
    db: Database
    secretary: Account
    owner: Account
    backup: Account
    other: Account
    resident: Resident

    def actor(self, account: Account) -> Actor:
        """Return a member as they act."""
        return factories.acting(account, branch_id=account.branch_id)

    def do(self, account: Account, verb: Callable[..., Any], **data: Any) -> Any:
        """Call a service in a transaction of its own."""
        actor = self.actor(account)
        with self.app.test_request_context(), self.db.transaction(actor) as session:
            return verb(session, actor, **data)

    def run_job(self) -> str:
        """Do what the scheduler does every hour."""
        with self.app.app_context():
            return JOB.work(self.db)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session to read with."""
        with self.app.test_request_context(), self.db.reader() as session:
            yield session

    def arrange(self, **overrides: Any) -> StandingService:
        """Agree on a weekly visit from today, with notes."""
        data: dict[str, Any] = {
            "kind": ServiceKind.REHABILITATION,
            "person": self.resident.id,
            "plan": Plan(
                owner_id=self.owner.id,
                backup_id=self.backup.id,
                rhythm=overrides.pop("rhythm", WEEKLY),
                to_ask="药盒空了没有",
                begin=overrides.pop("begin", None),
            ),
            "yes": Yes(AgreedHow.PAPER, clock.today(), "女儿在场", notes=True),
            "idempotency_key": key(),
        }
        return self.do(self.owner, agreeing.arrange, **{**data, **overrides})

    def outside(self, **overrides: Any) -> StandingService:
        """Agree with somebody outside the files."""
        person = Outside("冉婆婆", "6栋2单元-302", "13700001111")
        return self.arrange(person=person, **overrides)

    def visit(
        self,
        service: StandingService,
        outcome: VisitOutcome = VisitOutcome.VISITED,
        by: Account | None = None,
        **overrides: Any,
    ) -> StandingVisit:
        """Write down a visit of today."""
        data = {"note": "", "next_on": None, "idempotency_key": key(), **overrides}
        return self.do(
            by or self.owner,
            visiting.note_visit,
            service_id=service.id,
            outcome=outcome,
            **data,
        )

    def now(self, service: StandingService) -> StandingService:
        """Return the service as it stands."""
        with self.db.reader() as session:
            return session.get_one(StandingService, service.id)

    def visits(self, service: StandingService) -> list[tuple[date, str]]:
        """Return (day due, outcome) of all its visits in order."""
        with self.db.reader() as session:
            rows = session.exec(
                select(StandingVisit)
                .where(StandingVisit.service_id == service.id)
                .order_by(col(StandingVisit.id))
            ).all()
        return [(row.due_on, row.outcome.value) for row in rows]

    def away(self, account: Account, first: date, last: date) -> None:
        """Have a member be on leave."""
        with self.db.transaction(SYSTEM) as session:
            session.add(
                MemberAbsence(
                    account_id=account.id, from_on=first, until_on=last, noted_at=clock.now()
                )
            )


def make_world(app: Flask, db: Database) -> World:
    """Write the people."""
    with db.transaction(SYSTEM) as session:
        branch = factories.make_branch(session, name="便民支部", serves_all=False)
        secretary, owner, backup = (
            factories.make_account(
                session,
                role=Role.STAFF,
                branch_id=branch.id,
                name=name,
                is_secretary=name == "罗书记",
            )
            for name in ("罗书记", "罗春燕", "邓国平")
        )
        other = factories.make_account(session, role=Role.STAFF, name="李晓梅")
        home = factories.make_household(session, unit_address="3栋1单元-501")
        resident = factories.make_resident(
            session, with_account=True, name="陈桂芳", household_id=home.id, branch_id=branch.id
        )
    return World(app, db, secretary, owner, backup, other, resident)


@pytest.fixture
def world(app: Flask, db: Database) -> World:
    """The people of the branch."""
    return make_world(app, db)


def at(days: float = 0, hour: int = 10) -> Any:
    """Hold the clock some days after :data:`MONDAY`, at an hour of Chongqing."""
    return clock.frozen(MONDAY.replace(hour=hour) + timedelta(days=days))
