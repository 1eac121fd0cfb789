"""The `fumin` command as an administrator types it, and what stands behind it."""

import multiprocessing
from itertools import pairwise

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from tests.conftest import KEY
from tests.factories import make_account, make_match, make_opening
from tests.functional.command_line import fumin
from tests.functional.writing import write_many
from webapp.cli import main
from webapp.core import access, audit, clock
from webapp.core.access import Role
from webapp.core.models import AuditEvent, RateLimit
from webapp.matches.lifecycle import MatchState
from webapp.ops import schema
from webapp.ops.verify import faults


@pytest.mark.slow
def test_upgrade_create_admin_and_verify(database_url, tmp_path):
    common = {"database_url": database_url, "folder": tmp_path}
    assert fumin("db", "upgrade", **common).exit_code == 0
    made = fumin(
        "create-admin", "--phone", "13912345678", "--name", "王芳",
        stdin="a-good-secret-1\na-good-secret-1\n", **common,
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    again = fumin(
        "create-admin", "--phone", "13912345678", "--name", "王芳",
        stdin="a-good-secret-1\na-good-secret-1\n", **common,
    )  # fmt: skip
    assert again.exit_code == 1
    verified = fumin("verify", **common)
    assert verified.exit_code == 0, verified.output


@pytest.mark.parametrize(
    "wrong",
    [
        {"FUMIN_SECRET_KEY": ""},
        {"FUMIN_SECRET_KEY": "short"},
        {"FUMIN_SECRET_KEY": "a" * 64},
        {"FUMIN_ENCRYPTION_KEYS": ""},
        {"FUMIN_ENCRYPTION_KEYS": "nonsense"},
        {"FUMIN_TRUSTED_HOSTS": ""},
        {"FUMIN_PROXIES": "x"},
    ],
)
def test_a_weak_or_missing_setting_stops_the_program(tmp_path, wrong):
    result = fumin("verify", database_url=f"sqlite:///{tmp_path}/x", folder=tmp_path, **wrong)
    assert result.exit_code == 1
    assert next(iter(wrong)) in result.output


def test_wrong_usage_is_told_apart(tmp_path):
    assert fumin("nonsense", database_url=f"sqlite:///{tmp_path}/x", folder=tmp_path).exit_code == 2
    for command in (
        "demo",
        "serve",
        "scheduler",
        "suggest",
        "plan",
        "retrain",
        "backup",
        "restore",
        "verify",
    ):
        helped = CliRunner().invoke(main, [command, "--help"])
        assert helped.exit_code == 0
        assert command in helped.output


def test_models_and_migrations_agree(db):
    assert schema.differences(db) == []


def test_the_audit_trail_cannot_be_changed(write, db):
    with write() as session:
        audit.record(session, "test.write", "thing:1")
    for statement in ("UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"):
        with pytest.raises(DBAPIError), write() as session:
            session.execute(text(statement))
    with db.reader() as session:
        assert audit.verify_chain(session) == []


def test_verification_sees_a_change_behind_the_trigger(write, db):
    with write() as session:
        audit.record(session, "test.write", "thing:1")
        audit.record(session, "test.write", "thing:2")
    if db.is_sqlite:
        unseal = ["DROP TRIGGER audit_event_no_UPDATE"]
    else:
        unseal = ["DROP TRIGGER audit_event_sealed ON audit_event"]
    with write() as session:
        for statement in (
            *unseal,
            "UPDATE audit_event SET action = 'forged' WHERE subject = 'thing:1'",
        ):
            session.execute(text(statement))
    assert len(faults(db)) == 1


@pytest.mark.slow
def test_verification_sees_a_wrong_count_of_hired(write, db):
    with write() as session:
        opening = make_opening(session)
        make_match(session, opening_id=opening.id, state=MatchState.HIRED, start_date=clock.today())
    assert faults(db) == [f"opening {opening.id}: 0 places taken, 1 people hired"]


def test_a_write_by_a_person_needs_its_audit_entry(db, write):
    with write() as session:
        account = make_account(session, role=Role.ADMIN)
    actor = access.Actor(account_id=account.id, role=Role.ADMIN)
    with pytest.raises(audit.AuditMissing), db.transaction(actor) as session:
        session.add(RateLimit(bucket="x", until=clock.now(), count=1))
    with db.reader() as session:
        assert session.exec(select(RateLimit)).all() == []
        assert session.exec(select(AuditEvent)).all() == []


@pytest.mark.slow
def test_writers_queue_without_loss_and_the_chain_holds(db):
    """Four processes write at once: nothing fails, nothing is lost, nobody starves."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([write_many.__module__])  # imported once for the four
    queue, all_here = context.Queue(), context.Barrier(4)
    told = (db.url, KEY, 40, queue, all_here)
    writers = [context.Process(target=write_many, args=told) for _ in range(4)]
    for writer in writers:
        writer.start()
    waits = [wait for _ in writers for wait in queue.get(timeout=60)]
    for writer in writers:
        writer.join()
    assert len(waits) == 160
    assert faults(db) == []
    with db.reader() as session:
        subjects = session.exec(select(AuditEvent.subject).order_by(AuditEvent.id)).all()
    assert len(subjects) == 160
    who = [subject.partition(":")[0] for subject in subjects]
    # They take turns; with SQLite's busy handler alone one goes on as long as it likes.
    assert sum(one != other for one, other in pairwise(who)) > 60
