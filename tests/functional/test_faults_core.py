"""Faults of issue 10 that lie in the ground: tries counted, rows kept, values withheld."""

import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from tests.conftest import PASSWORD
from tests.factories import make_account
from tests.forms import submit
from webapp.accounts import service
from webapp.accounts.models import Account
from webapp.core import audit, clock
from webapp.core.access import ANONYMOUS, Role
from webapp.core.db import Database
from webapp.core.errors import TooMany
from webapp.core.models import AuditEvent
from webapp.notices import outside

MARKED = "13987650123"


def test_fault_3_wrong_current_passwords_are_slowed(sign_in, write):
    with write() as session:
        account = make_account(session, role=Role.ADMIN)
    browser = sign_in(account)
    form = {"current": "not-my-password", "password": "a-new-one-77", "again": "a-new-one-77"}
    codes = [submit(browser, "/account/password", form).status_code for _ in range(9)]
    assert codes == [400] * 8 + [429]


def test_fault_3_the_same_password_is_no_new_one(sign_in, write):
    with write() as session:
        account = make_account(session, role=Role.ADMIN)
    browser = sign_in(account)
    form = {"current": PASSWORD, "password": PASSWORD, "again": PASSWORD}
    answer = submit(browser, "/account/password", form)
    assert answer.status_code == 400
    assert "新密码和现在的一样" in answer.get_data(as_text=True)
    assert browser.get("/account/password").status_code == 200  # still signed in


def test_fault_4_parallel_tries_pass_no_limit(app: Flask, db: Database, write):
    with write() as session:
        account = make_account(session)
    barrier = Barrier(12)

    def guess(_n: int) -> str:
        with app.test_request_context():
            barrier.wait()
            with suppress(TooMany):
                service.sign_in(
                    db, phone=account.phone, password="wrong-one", address="10.0.0.1", device=None
                )
                return "checked"
            return "refused"

    with ThreadPoolExecutor(12) as pool:
        assert sorted(pool.map(guess, range(12))) == ["checked"] * 8 + ["refused"] * 4


def test_fault_6_no_error_text_or_log_line_carries_a_value(db, write, caplog, client):
    """A unique and a CHECK violation quote the row on PostgreSQL, parameters on both."""
    with write() as session:
        make_account(session, phone=MARKED, name="秘密姓名")
    with caplog.at_level(logging.DEBUG):
        for broken in (
            {"id": 1, "phone": MARKED, "name": "秘密姓名"},
            {"phone": "13987650999", "name": "秘密姓名", "role": "秘密姓名"},
            {"phone": "13987650998", "name": "秘密姓名", "at": None},
        ):
            values = {
                "id": 77,
                "role": "admin",
                "title": "",
                "hash": "x",
                "at": clock.now(),
                **broken,
            }
            with pytest.raises(DBAPIError) as error, db.write_engine.begin() as connection:
                connection.execute(INSERT, values)
            logging.getLogger("test").exception("failed", exc_info=error.value)
            assert MARKED not in str(error.value)
            assert "秘密" not in str(error.value)
            assert "秘密" not in repr(error.value.orig)
    assert MARKED not in caplog.text
    assert "秘密" not in caplog.text


INSERT = text(
    "INSERT INTO account (id, phone, name, password_hash, role, title, enabled, large_print,"
    " created_at) VALUES (:id, :phone, :name, :hash, :role, :title, true, false, :at)"
)
KEPT = ("audit_event", "ledger_line", "ledger_entry", "passbook_line", "settlement_payment")


def test_fault_7_insert_or_replace_is_refused_by_the_database_itself(db, write):
    """On a connection of its own, without any setting of ours."""
    if not db.is_sqlite:
        pytest.skip("PostgreSQL has no REPLACE")
    with db.transaction(ANONYMOUS) as session:
        audit.record(session, "test.first", "account:1")
    with db.reader() as session:
        digest = session.execute(text("SELECT digest FROM audit_event")).scalar_one()
    other = sqlite3.connect(db.url.removeprefix("sqlite:///"))
    row = "'2026-01-01', 'forged', 'account:2', '{}', '', ''"
    columns = "at, action, subject, details, request_id, previous"
    for statement in (
        f"INSERT OR REPLACE INTO audit_event (id, {columns}, digest) VALUES (1, {row}, 'new')",
        f"REPLACE INTO audit_event ({columns}, digest) VALUES ({row}, '{digest}')",
        "UPDATE OR REPLACE audit_event SET action = 'forged'",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            other.execute(statement)
        other.rollback()
    triggers = {
        table for (table,) in other.execute(
            "SELECT tbl_name FROM sqlite_master WHERE name LIKE '%_no_replace'"
        )
    }  # fmt: skip
    deletes = {
        table for (table,) in other.execute(
            "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
            " AND lower(name) LIKE '%no_delete'"
        )
    }  # fmt: skip
    other.close()
    assert triggers == deletes
    assert set(KEPT) <= triggers
    with db.reader() as session:
        assert session.exec(select(AuditEvent.action)).all() == ["test.first"]


def test_fault_8_the_writing_engine_waits_for_the_disk(tmp_path):
    # Not the engine of the tests, which waits for no disk.
    database = Database(f"sqlite:///{tmp_path / 'own.sqlite3'}", before_commit=audit.write_pending)
    with database.write_engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL
    database.dispose()


@pytest.mark.parametrize(
    ("url", "allowed", "fits"),
    [
        ("json://127.0.0.1:8080/x", (), False),
        ("json://127.0.0.1:8080/x", ("json://gateway.example.org",), False),
        ("json://gateway.example.org/x", ("json://gateway.example.org",), True),
        ("json://gateway.example.org:81/x", ("json://gateway.example.org:8080",), False),
        ("jsons://gateway.example.org/x", ("json://gateway.example.org",), False),
        ("json://gateway.example.org.evil.example/x", ("json://gateway.example.org",), False),
        ("json://169.254.169.254/latest", ("json",), False),
        ("mailto://u:p@example.org?smtp=10.0.0.1", ("mailto://example.org",), False),
        ("wecombot://botkey0123456789", ("wecombot",), True),
        ("wecombot://botkey0123456789", ("json",), False),
    ],
)
def test_fault_9_only_addresses_named_by_the_settings(url, allowed, fits):
    assert outside.is_allowed(url, allowed) is fits


def test_fault_9_the_admin_cannot_add_an_internal_address(app, settings, sign_in, write):
    app.extensions["settings"] = replace(settings, notice_addresses=("json://ok.example.org",))
    with write() as session:
        account: Account = make_account(session, role=Role.ADMIN)
    form = {"name": "内网", "audience": "staff", "url": "json://10.0.0.8:6379/"}
    answer = submit(sign_in(account), "/admin/messages/", form)
    assert answer.status_code == 400
    assert "没有准许这个地址" in answer.get_data(as_text=True)


def test_fault_9_an_address_no_longer_allowed_is_not_spoken_to():
    with pytest.raises(outside.SendFailed, match="FUMIN_NOTICE_ADDRESSES"):
        outside.send("json://127.0.0.1:9/x", title="t", body="b", key="k", allowed=())
