"""Many at once, and a process killed in the middle: always exact, never half done."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import KEY
from tests.functional.piecework.world import World, key, make_world
from tests.functional.racing import at_once
from tests.functional.tables import count
from webapp.core.access import Actor
from webapp.core.db import Database
from webapp.ops import verify
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.models.ledger import LedgerEntry
from webapp.piecework.models.money import SettlementLine, SettlementRun
from webapp.piecework.services import claims, material_issue, material_returns, settlements

KILLED = """
import os, signal, sys
from cryptography.fernet import Fernet
from flask import Flask
from flask_babel import Babel
from sqlalchemy import event
from webapp.core import audit, crypto
from webapp.core.access import Actor, Role
from webapp.core.db import Database
from webapp.piecework.services import settlements

url, key, account, branch = sys.argv[1:]
crypto.load_keys((key,))
app = Flask("killed")
Babel(app)
db = Database(url, before_commit=audit.write_pending)
lines = 0

@event.listens_for(db.write_engine, "after_cursor_execute")
def kill(conn, cursor, statement, parameters, context, executemany):
    global lines
    lines += statement.startswith("INSERT INTO settlement_line")
    if lines == 2:
        os.kill(os.getpid(), signal.SIGKILL)

actor = Actor(int(account), Role.STAFF, "staff", branch_id=int(branch))
with app.app_context(), db.transaction(actor) as session:
    settlements.settle(session, actor, idempotency_key="killed")
"""


@pytest.fixture
def world(app: Flask, db: Database) -> Any:
    with app.app_context():
        yield make_world(db, families=4)


@pytest.mark.slow
def test_the_last_lot_issue_and_return_and_two_settlements(app: Flask, world: World) -> None:
    world.publish(quantity=50)
    assignments = [world.ready(10, family) for family in range(3)]

    def claim(family: int) -> tuple[Actor, Callable[[Any, Any], Any]]:
        actor = world.families[family]
        data = {
            "order_id": world.order_id, "household_id": world.homes[family], "pieces": 20,
            "member_ids": [actor.resident_id], "idempotency_key": key(),
        }  # fmt: skip
        return actor, lambda session, who: claims.claim(session, who, **data)

    # 20 pieces are left: four families want them at once, one gets them.
    assert at_once(app, world.db, *[claim(n) for n in range(4)]) == ["409", "409", "409", "done"]
    assert world.order().claimed == 50

    # Issue and return in the same second, and one form sent twice.
    token = key()

    def back(session: Any, actor: Actor, form: str) -> None:
        material_returns.take_back(
            session, actor, assignment_id=assignments[0], lot_id=world.lot_id, amount=100,
            idempotency_key=form,
        )  # fmt: skip

    def issue(session: Any, actor: Actor) -> None:
        material_issue.issue(session, actor, assignment_id=assignments[1], lot_id=world.lot_id,
                        amount=100, idempotency_key=key())  # fmt: skip

    world.do(
        world.staff, material_returns.take_back, assignment_id=assignments[1],
        lot_id=world.lot_id, amount=100, idempotency_key=key(),
    )  # fmt: skip
    before = world.totals()
    ended = at_once(
        app, world.db,
        (world.staff, lambda s, a: back(s, a, token)),
        (world.payer, lambda s, a: back(s, a, token)),
        (world.staff, lambda s, a: back(s, a, key())),
        (world.payer, issue),
    )  # fmt: skip
    assert ended == ["done"] * 4  # the form sent twice is told what the first one did
    after = world.totals()
    assert after[AccountType.HOUSEHOLD] == before[AccountType.HOUSEHOLD] - 100
    assert after[AccountType.CENTRE] == before[AccountType.CENTRE] + 100

    # Settled twice at once: each assignment once.
    for family, assignment in enumerate(assignments):
        if family:
            world.inspect(world.submit(assignment, 10, family), 10)
    ended = at_once(
        app, world.db,
        *[(a, lambda s, who: settlements.settle(s, who, idempotency_key=key()))
          for a in (world.staff, world.payer)],
    )  # fmt: skip
    assert ended == ["400", "done"]
    assert (count(world.db, SettlementRun), count(world.db, SettlementLine)) == (1, 2)
    assert world.totals()[AccountType.TO_PAY] == -2 * 3000
    assert verify.faults(world.db) == []


@pytest.mark.slow
def test_killed_in_the_middle_of_a_settlement(world: World) -> None:
    world.publish()
    for family in range(3):
        world.inspect(world.submit(world.ready(10, family), 10, family), 10)
    entries = count(world.db, LedgerEntry)
    before = world.totals()
    root = str(Path(__file__).parents[3])
    arguments = [world.db.url, KEY, str(world.staff.account_id), str(world.staff.branch_id)]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments],
        cwd=root, env={**os.environ, "PYTHONPATH": root}, timeout=120, check=False,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    assert (count(world.db, SettlementRun), count(world.db, SettlementLine)) == (0, 0)
    assert (count(world.db, LedgerEntry), world.totals()) == (entries, before)
    assert verify.faults(world.db) == []
    run = world.do(world.staff, settlements.settle, idempotency_key="killed")  # the same form again
    assert (run.lines, run.net_fen) == (3, 9000)
    assert verify.faults(world.db) == []
