"""Killed as by a power cut, again and again, while writing: nothing is half there, none is lost."""

import http.client
import multiprocessing
import os
import random
import signal
import threading
import time
import urllib.error
from collections.abc import Callable
from pathlib import Path

from tests import demo
from tests.conftest import KEY
from tests.drill.people import Visitor
from tests.functional.tables import count
from tests.functional.writing import write_many
from webapp.accounts.models import LoginSession
from webapp.core import audit
from webapp.core.db import Database
from webapp.core.models import AuditEvent
from webapp.ops.verify import faults

ROUNDS = 20
SERVED_ROUNDS = 5
PHONES = ("13800000001", "13800000002", "13800000003", "13800000005")


def test_writers_killed_at_any_moment_leave_whole_transactions(db: Database) -> None:
    """One of two writers is killed in each round; the other must get to its end."""
    context = multiprocessing.get_context("spawn")
    draw = random.Random(7)
    for _round in range(ROUNDS):
        before = count(db, AuditEvent)
        told = context.Queue()
        victim, other = (
            context.Process(target=write_many, args=(db.url, KEY, n, told)) for n in (100_000, 30)
        )
        victim.start()
        other.start()
        _until(lambda before=before: count(db, AuditEvent) > before)
        time.sleep(draw.uniform(0, 0.5))
        victim.kill()
        victim.join()
        assert victim.exitcode == -signal.SIGKILL
        told.get(timeout=60)
        other.join(timeout=60)
        assert other.exitcode == 0
        assert count(db, AuditEvent) >= before + 30
        assert faults(db) == []


def test_a_served_demo_killed_while_people_sign_in_starts_whole(copied_demo: Path) -> None:
    """Servers and scheduler go at once; who was told to be signed in still is."""
    db = Database(f"sqlite:///{copied_demo / 'fumin.sqlite3'}", before_commit=audit.write_pending)
    draw = random.Random(7)
    for _round in range(SERVED_ROUNDS):
        before = count(db, LoginSession)
        server, address = demo.start(copied_demo, own_group=True)
        done: list[str] = []
        people = [
            threading.Thread(target=_sign_in_on_and_on, args=(address, phone, done))
            for phone in PHONES
        ]
        for one in people:
            one.start()
        _until(lambda done=done: bool(done))
        time.sleep(draw.uniform(0, 2))
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        for one in people:
            one.join()
        assert count(db, LoginSession) >= before + len(done)
        assert faults(db) == []
    db.dispose()
    with demo.served(copied_demo) as address:
        assert "李晓梅" in Visitor(address).sign_in("13800000003")


def _sign_in_on_and_on(address: str, phone: str, done: list[str]) -> None:
    while True:
        try:
            Visitor(address).sign_in(phone)
        except urllib.error.HTTPError:
            raise
        except (OSError, http.client.HTTPException):  # the server is gone
            return
        done.append(phone)


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
