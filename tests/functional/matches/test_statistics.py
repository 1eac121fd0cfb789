"""With many suggestions nobody looked at, what is under way is found by its own small index."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from tests import factories
from webapp.core.db import Database
from webapp.home import worklist
from webapp.matches.lifecycle import MatchState
from webapp.matches.queries import staff_queue
from webapp.matches.suggestions import compute

Write = Callable[[], AbstractContextManager[Session]]


def _plan(db: Database, statement: Any) -> str:
    compiled = statement.compile(db.read_engine, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if db.is_sqlite else "EXPLAIN"
    with db.reader() as session:
        return "\n".join(str(row) for row in session.execute(text(f"{explain} {compiled}")))


@pytest.mark.parametrize(
    "statement", [lambda: staff_queue.under_way(None), worklist.due], ids=["under way", "due"]
)
def test_what_is_under_way_is_read_by_its_own_index(
    db: Database, write: Write, statement: Callable[[], Any]
) -> None:
    if not db.is_sqlite:
        pytest.skip("PostgreSQL chooses by the values asked for, and counts by itself")
    with write() as session:
        for number in range(60):
            state = MatchState.APPLIED if number == 0 else MatchState.SUGGESTED
            factories.make_match(session, state=state)
    db.refresh_statistics()
    assert "ix_match_acted_on" in _plan(db, statement())


def test_computing_for_everybody_counts_the_tables(db: Database, write: Write) -> None:
    if not db.is_sqlite:
        pytest.skip("PostgreSQL counts by itself")
    with write() as session:
        factories.make_match(session)
    compute.compute_suggestions(db)
    with db.reader() as session:
        counted = session.execute(text("SELECT DISTINCT tbl FROM sqlite_stat1")).scalars().all()
    assert {"resident", "opening"} <= set(counted)
