"""The audit trail's anchors: written each night, published, and held against the trail."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.functional.background import run_job
from tests.functional.command_line import fumin
from webapp.core import audit, clock
from webapp.core.access import SYSTEM
from webapp.core.models import AuditEvent
from webapp.ops import anchors


def written(db, *actions):
    """Write one entry of the trail for each action."""
    for action in actions:
        with db.transaction(SYSTEM) as session:
            audit.record(session, action, "account:1")


def rewrite(db, *, keep, actions):
    """Cut the trail behind row ``keep`` and write it anew, as somebody with the database may."""
    with db.write_engine.begin() as connection:
        if db.is_sqlite:
            names = connection.execute(
                text(
                    "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit_event'"
                )
            ).scalars()
            for name in list(names):
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER ALL"))
        connection.execute(text("DELETE FROM audit_event WHERE id > :id"), {"id": keep})
        if not db.is_sqlite:  # the next test gets this database
            connection.execute(text("ALTER TABLE audit_event ENABLE TRIGGER ALL"))
    written(db, *actions)


@pytest.mark.job("anchor_audit")
def test_each_night_the_head_is_noted_and_published_signed(app, db, client, settings):
    assert client.get("/signing-keys/anchors.txt").data == b""
    assert run_job(app, "anchor_audit") == "nothing new"
    written(db, "account.sign_in", "account.sign_out")
    with db.reader() as session:
        head = session.get_one(AuditEvent, 2)
    assert run_job(app, "anchor_audit") == "row 2 anchored"
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert run_job(app, "anchor_audit") == "nothing new"
        written(db, "account.sign_in")
        assert run_job(app, "anchor_audit") == "row 3 anchored"
    shown = client.get("/signing-keys/anchors.txt")
    assert shown.mimetype == "text/plain"
    newest, oldest = shown.get_data(as_text=True).splitlines()
    assert newest.split(" ")[1] == "3"
    assert oldest.split(" ")[1:3] == ["2", head.digest]
    assert settings.anchors.stat().st_mode & 0o077 == 0
    with db.reader() as session:
        assert anchors.faults(session, [newest, "", oldest]) == []


@pytest.mark.parametrize("again", [(), ("account.sign_in", "account.sign_in")])
def test_a_cut_tail_is_seen_though_the_chain_holds(app, db, settings, again):
    written(db, "account.sign_in", "account.reset_password", "account.sign_in")
    run_job(app, "anchor_audit")
    lines = settings.anchors.read_text().splitlines()
    rewrite(db, keep=1, actions=again)
    with db.reader() as session:
        assert audit.verify_chain(session) == []  # which is why anchors are needed
        (fault,) = anchors.faults(session, lines)
    assert fault.startswith("audit row 3, there on ")


def test_a_forged_torn_or_empty_copy_is_told_of(app, db, settings):
    written(db, "account.sign_in")
    run_job(app, "anchor_audit")
    (line,) = settings.anchors.read_text().splitlines()
    moment, row, digest, signature = line.split(" ")
    moved = f"2020-01-01T00:00:00+00:00 {row} {digest} {signature}"
    with db.reader() as session:
        assert anchors.faults(session, []) == ["no anchor in it"]
        assert anchors.faults(session, ["<html>"]) == ["line 1: not an anchor"]
        assert anchors.faults(session, [line, f"{moment} {row} {digest} x.y"]) == [
            "line 2: not an anchor"
        ]
        assert anchors.faults(session, [moved]) == [
            "line 1: not signed by a key of this installation"
        ]
    # Killed in the middle of a line: the next night goes on below it.
    with settings.anchors.open("a") as file:
        file.write(line[:40])
    written(db, "account.sign_in")
    assert run_job(app, "anchor_audit") == "row 2 anchored"
    assert [len(one.split(" ")) for one in settings.anchors.read_text().splitlines()] == [4, 3, 4]


@pytest.mark.slow
def test_verify_compares_with_a_kept_copy(database_url, tmp_path):
    common = {"database_url": database_url, "folder": tmp_path}
    assert fumin("db", "upgrade", **common).exit_code == 0
    copy = tmp_path / "copy.txt"
    copy.write_text("not what was looked for\n")
    told = fumin("verify", "--against", str(copy), **common)
    assert told.exit_code == 1
    assert "line 1: not an anchor" in told.output
    assert fumin("verify", **common).exit_code == 0


def test_the_public_list_ends(tmp_path):
    path = tmp_path / "anchors.txt"
    path.write_text("".join(f"{n}\n" for n in range(anchors.SHOWN + 5)))
    listed = anchors.newest(path)
    assert (len(listed), listed[0], listed[-1]) == (anchors.SHOWN, str(anchors.SHOWN + 4), "5")
