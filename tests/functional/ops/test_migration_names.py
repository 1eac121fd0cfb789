"""Migrations that move data: what is stored comes over, both ways, on both databases."""

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlmodel import select

from tests.factories import make_account, make_household, make_match, make_resident
from webapp.core import audit, clock
from webapp.core.db import Database
from webapp.duplicates.models import DuplicateKind, DuplicatePair
from webapp.imports.models import ImportBatch, ImportKind
from webapp.matches.models import Match, MatchEvent
from webapp.messages.models import MessageThread, NotificationOptIn, PrintedNotice
from webapp.ops import schema
from webapp.ops.verify import faults
from webapp.residents.models import Consent, ConsentChannel, ConsentPurpose
from webapp.residents.services import consents

TABLES = (
    "household", "match", "match_event", "consent", "printed_notice", "notification_opt_in",
    "import_batch", "duplicate_pair", "audit_event",
)  # fmt: skip
NAMES = "0120"


def stored(db: Database) -> dict[str, list[dict[str, object]]]:
    """Return all rows of :data:`TABLES`."""
    rows: dict[str, list[dict[str, object]]] = {}
    with db.read_engine.connect() as connection:
        for name in TABLES:
            found = connection.execute(text(f'SELECT * FROM "{name}" ORDER BY id'))
            rows[name] = [dict(row) for row in found.mappings()]
    return rows


def go_down(db: Database, revision: str) -> None:
    """Take back ``revision`` and all after it."""
    with db.write_engine.connect() as connection:
        config = schema._config(connection)
        before = ScriptDirectory.from_config(config).get_revision(revision).down_revision
        schema._set_foreign_keys(connection, on=False)
        with connection.begin():
            command.downgrade(config, before)
        schema._set_foreign_keys(connection, on=True)
    db.dispose()


def fill(write) -> None:
    with write() as session:
        staff = make_account(session)
        home = make_household(session, unit_address="3栋2单元-501")
        match = make_match(session, channel="phone")
        for action in ("apply_directly", "give_decline_reason", "offer"):
            session.add(
                MatchEvent(
                    match_id=match.id, at=clock.now(), account_id=staff.id, action=action,
                    from_state="offered", to_state="offered",
                )
            )  # fmt: skip
        for number, channel in enumerate(ConsentChannel):
            person = make_resident(session, household_id=home.id, name=f"周{number}")
            consents.record(
                session, resident_id=person.id, purpose=ConsentPurpose.SERVICE, channel=channel,
                given_by_id=staff.id,
            )  # fmt: skip
        thread = MessageThread(match_id=match.id, last_at=clock.now())
        session.add(thread)
        session.flush()
        session.add(PrintedNotice(id=41, thread_id=thread.id, created_at=clock.now()))
        session.add(NotificationOptIn(id=17, account_id=staff.id, since=clock.now()))
        session.add(
            ImportBatch(
                kind=ImportKind.RESIDENTS, filename="居民.xlsx", digest="d", created_at=clock.now(),
                columns={"name": 0, "unit_address": 3},
            )
        )  # fmt: skip
        session.add(
            DuplicatePair(
                kind=DuplicateKind.RESIDENT, first_id=1, second_id=2, found_at=clock.now(),
                evidence=["name", "unit_address"],
            )
        )  # fmt: skip
        audit.record(session, "test.write", match)


@pytest.mark.slow
def test_the_standard_terms_lose_nothing_and_can_be_taken_back(db, write):
    fill(write)
    new = stored(db)

    go_down(db, NAMES)
    with db.read_engine.connect() as connection:

        def column(statement: str) -> list[object]:
            return list(connection.execute(text(statement)).scalars())

        assert "3栋2单元-501" in column("SELECT door FROM household")
        assert column("SELECT id FROM slip WHERE handed_at IS NULL") == [41]
        assert column("SELECT id FROM outside_wish") == [17]
        assert column("SELECT action FROM match_event ORDER BY id") == [
            "ask_oneself", "say_why", "offer",
        ]  # fmt: skip
        assert column('SELECT channel FROM "match"') == ["电话"]
        assert set(column("SELECT channel FROM consent")) == {"网页", "电话", "当面", "表格"}
        assert '"door": 3' in str(column("SELECT columns FROM import_batch")[0]).replace("'", '"')
        assert "door" in str(column("SELECT evidence FROM duplicate_pair")[0])

    schema.upgrade(db)
    assert stored(db) == new
    assert faults(db) == []
    with write() as session:  # new ids go on after those copied
        thread_id = session.exec(select(MessageThread.id)).one()
        session.get_one(PrintedNotice, 41).handed_at = clock.now()
        session.flush()
        session.add(PrintedNotice(thread_id=thread_id, created_at=clock.now()))
        session.add(NotificationOptIn(account_id=make_account(session).id, since=clock.now()))
    with db.reader() as session:
        assert sorted(session.exec(select(PrintedNotice.id))) == [41, 42]
        assert sorted(session.exec(select(NotificationOptIn.id))) == [17, 18]
        assert session.exec(select(Match.channel)).one() == "phone"
        assert len(session.exec(select(Consent)).all()) == len(ConsentChannel)
