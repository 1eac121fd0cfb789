"""What the database refuses of a ticket, whoever writes."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.factories import make_account
from webapp.core import clock
from webapp.core.access import SYSTEM, Role
from webapp.tickets.lifecycle import TicketChannel
from webapp.tickets.services import filing

pytestmark = pytest.mark.database
OWNED = "kind = 'request', branch_id = :branch, owner_id = :owner, backup_id = :backup"


@pytest.fixture
def rows(app, write):
    """A ticket that was dispatched, one that was filed, and the people."""
    with app.test_request_context(), write() as session:
        owner = make_account(session, role=Role.STAFF)
        backup = make_account(session, role=Role.STAFF, branch_id=owner.branch_id)
        other = make_account(session)
        first, second, third = (
            filing.file_ticket(
                session,
                SYSTEM,
                words="水管漏了，一楼全是水",
                channel=TicketChannel.SYSTEM,
                is_private=private,
            ).ticket
            for private in (False, False, True)
        )
        ids = {
            "owner": owner.id,
            "backup": backup.id,
            "branch": owner.branch_id,
            "resident": other.id,
            "first": first.id,
            "second": second.id,
            "private": third.id,
            "now": clock.now(),
            "late": clock.now() + timedelta(days=400),
        }
        _run(session, f"UPDATE ticket SET state = 'dispatched', {OWNED} WHERE id = :first", ids)
    return ids


def _run(session, statement, ids):
    named = {name: value for name, value in ids.items() if f":{name}" in statement}
    session.execute(text(statement), named)


def _is_refused(write, statement, ids):
    try:
        with write() as session:
            _run(session, statement, ids)
    except DatabaseError:
        return True
    return False


GOOD = (
    "UPDATE ticket SET state = 'duplicate', duplicate_of_id = :first, due_at = NULL"
    " WHERE id = :second",
    "UPDATE ticket SET extended_at = :now, extended_days = 3, extension_reason = 'x'"
    " WHERE id = :first",
    "UPDATE ticket_event SET words = '' WHERE ticket_id = :first",
)
BAD = (
    # Nothing is dispatched without a branch, an owner and another one as backup.
    *(
        f"UPDATE ticket SET {column} = NULL WHERE id = :first"
        for column in ("owner_id", "backup_id", "branch_id", "kind", "due_at")
    ),
    "UPDATE ticket SET backup_id = owner_id WHERE id = :first",
    "UPDATE ticket SET owner_id = :resident WHERE id = :first",
    # An outcome comes with the end, and is not "unresolved".
    "UPDATE ticket SET outcome = 'resolved' WHERE id = :first",
    "UPDATE ticket SET state = 'closed', due_at = NULL, closed_at = :now WHERE id = :first",
    "UPDATE ticket SET state = 'closed', due_at = NULL, closed_at = :now, outcome = 'unresolved'"
    " WHERE id = :first",
    "UPDATE ticket SET state = 'replied' WHERE id = :first",
    # Danger does not vanish.
    "UPDATE ticket SET state = 'duplicate', duplicate_of_id = :first, due_at = NULL,"
    " urgency = 'danger' WHERE id = :second",
    "UPDATE ticket SET state = 'out_of_scope', due_at = NULL, first_replied_at = :now,"
    " first_due_at = :now, urgency = 'danger' WHERE id = :second",
    # A duplicate follows a first one that its reporter may see.
    "UPDATE ticket SET state = 'duplicate', duplicate_of_id = :second, due_at = NULL"
    " WHERE id = :second",
    "UPDATE ticket SET state = 'duplicate', duplicate_of_id = :private, due_at = NULL"
    " WHERE id = :second",
    "UPDATE ticket SET state = 'duplicate', due_at = NULL WHERE id = :second",
    # One extension, before it is due, with its reason.
    "UPDATE ticket SET extended_at = :late, extended_days = 3, extension_reason = 'x'"
    " WHERE id = :first",
    "UPDATE ticket SET extended_at = :now, extended_days = 3 WHERE id = :first",
    "UPDATE ticket SET extended_at = :now, extended_days = 0, extension_reason = 'x'"
    " WHERE id = :first",
    # What is private is not published, and what is said of staff is private.
    "UPDATE ticket SET published_at = :now, published_words = 'x', published_by_id = :owner"
    " WHERE id = :private",
    "UPDATE ticket SET about_staff = true WHERE id = :first",
    "UPDATE ticket SET is_private = true, about_staff = true, about_account_id = :owner"
    " WHERE id = :first",
    "UPDATE ticket SET paused_at = :now WHERE id = :first",
    "UPDATE ticket SET state = 'referred_out', first_replied_at = :now, first_due_at = :now"
    " WHERE id = :first",
    # What was filed, and every step, is kept as it was.
    "UPDATE ticket SET code = '23456789ABCD' WHERE id = :first",
    "UPDATE ticket SET received_at = :late WHERE id = :first",
    "DELETE FROM ticket_event WHERE ticket_id = :first",
    "UPDATE ticket_event SET at = :late WHERE ticket_id = :first",
    "DELETE FROM ticket WHERE id = :first",
)


@pytest.mark.parametrize("statement", GOOD)
def test_what_is_allowed(write, rows, statement):
    with write() as session:
        _run(session, statement, rows)


def test_what_is_refused(write, rows):
    for statement in BAD:
        assert _is_refused(write, statement, rows), statement


def test_what_stands_once_it_was_written(write, rows):
    """The first reply, the extension, and the one that others follow."""
    with write() as session:
        _run(session, GOOD[0], rows)
        _run(session, GOOD[1], rows)
        _run(
            session,
            "UPDATE ticket SET first_replied_at = :now, first_due_at = :late WHERE id = :first",
            rows,
        )
    for statement in (
        "UPDATE ticket SET first_replied_at = :late WHERE id = :first",
        "UPDATE ticket SET extended_days = 5 WHERE id = :first",
        "UPDATE ticket SET is_private = true WHERE id = :first",
        "UPDATE ticket SET state = 'duplicate', duplicate_of_id = :private, due_at = NULL"
        " WHERE id = :first",
    ):
        assert _is_refused(write, statement, rows), statement
