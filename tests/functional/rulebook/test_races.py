"""Two members end one danger word or one rule of wording: one of them does, whoever was first."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select, update

from tests.factories import make_account
from tests.functional.racing import at_once
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.core.errors import Conflict
from webapp.core.models import AuditEvent
from webapp.rulebook import policy, service
from webapp.rulebook.models import DangerCode, DangerWord, Severity, WordingCode, WordingRule


@dataclass
class Book:
    """A row that members of the community wrote into the rule book, and how it is ended."""

    members: list[Actor]
    row: DangerWord | WordingRule
    end: Callable[[Any, Actor], Any]
    may_end: str  # the policy asked
    action: str


@pytest.fixture(params=["danger word", "rule of wording"])
def book(request: pytest.FixtureRequest, write: Any) -> Book:
    with write() as session:
        accounts = [make_account(session, role=Role.ADMIN) for _ in range(2)]
        dated = {"since": clock.today(), "created_at": clock.now(), "added_by_id": accounts[0].id}
        if request.param == "danger word":
            row = DangerWord(word="清漆", code=DangerCode.FLAMMABLE, source="消防法", **dated)
        else:
            row = WordingRule(
                pattern="包你发财",
                literal=True,
                code=WordingCode.BAIT,
                severity=Severity.FLAG,
                says="像是在夸大收入",
                source="社区规定",
                **dated,
            )
        session.add(row)
        session.flush()
    members = [Actor(account_id=one.id, role=Role.ADMIN) for one in accounts]
    if isinstance(row, DangerWord):
        end = lambda s, who: service.end_danger(s, who, danger_id=row.id)  # noqa: E731
        return Book(members, row, end, "can_end_danger", "rule.end_danger")
    end = lambda s, who: service.end_wording(s, who, wording_id=row.id)  # noqa: E731
    return Book(members, row, end, "can_end", "rule.end_wording")


def ended_by(db: Database, book: Book) -> list[int | None]:
    """Return who ended the row by its own word, then by the audit trail's."""
    with db.reader() as session:
        row = session.get_one(type(book.row), book.row.id)
        assert row.until == clock.today()
        told = session.exec(select(AuditEvent).where(AuditEvent.action == book.action)).all()
    return [row.ended_by_id, *(event.account_id for event in told)]


def test_two_members_end_one_row_at_once(
    app: Flask, db: Database, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not db.is_sqlite:  # there writers queue before they read
        may_end, read = getattr(policy, book.may_end), Barrier(2, timeout=20)

        def may_end_when_both_have_read(actor: Actor, row: Any) -> bool:
            may = may_end(actor, row)
            read.wait()
            return may

        monkeypatch.setattr(policy, book.may_end, may_end_when_both_have_read)
    assert at_once(app, db, *((who, book.end) for who in book.members)) == ["409", "done"]
    own, *told = ended_by(db, book)
    assert told == [own]


def test_what_was_read_before_another_member_ended_it_decides_nothing(
    app: Flask, db: Database, book: Book
) -> None:
    first, second = book.members
    model = type(book.row)
    with app.test_request_context(), db.transaction(SYSTEM) as session:
        stale = session.get_one(model, book.row.id)
        session.connection().execute(
            update(model)
            .where(col(model.id) == book.row.id)
            .values(until=clock.today(), ended_by_id=first.account_id)
        )
        assert stale.until is None
        with pytest.raises(Conflict, match="刚才已经有人停了"):
            book.end(session, second)
    assert ended_by(db, book) == [first.account_id]
