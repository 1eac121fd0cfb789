"""200 made-up households: every statement verifies by the script, any changed byte fails.

The sums are worked out anew from the journal by SQL of the test's own.
"""

import random
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests import factories
from tests.functional.statements import world
from webapp.core import clock, signing
from webapp.core.access import SYSTEM
from webapp.statements import check_statement
from webapp.statements.lifecycle import StatementScope
from webapp.statements.models import WageConfirmation
from webapp.statements.services import issuing, requests

HOUSEHOLDS = 200
NOW = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
JOURNAL = text(
    "SELECT s.household_id, e.at, l.amount FROM ledger_line l"
    " JOIN ledger_entry e ON e.id = l.entry_id"
    " JOIN ledger_account a ON a.id = l.from_account_id"
    " JOIN piecework_assignment s ON s.id = e.assignment_id"
    " WHERE e.kind = 'inspect' AND a.account_type = 'payable'"
    " AND e.id NOT IN (SELECT reverses_id FROM ledger_entry WHERE reverses_id IS NOT NULL)"
)


@pytest.fixture
def issued(app, db):
    """Return (statement, household, months asked for) of every household."""
    rng = random.Random(13)
    with app.test_request_context(), clock.frozen(NOW), db.transaction(SYSTEM) as session:
        order = world.make_order(session)
        staff = factories.make_account(session)
        branch = factories.make_branch(session)
        employer = factories.make_employer(session)
        opening = factories.make_opening(session, employer_id=employer.id)
        made = []
        for _n in range(HOUSEHOLDS):
            home = factories.make_household(session)
            adults = [
                factories.make_resident(session, household_id=home.id, branch_id=branch.id)
                for _adult in range(rng.choice((1, 1, 2, 3)))
            ]
            assignment = world.make_assignment(
                session, order, adults[: rng.randint(1, len(adults))], rng.randint(7, 900)
            )
            for _time in range(rng.choice((0, 1, 1))):
                at = NOW - timedelta(minutes=rng.randint(0, 200 * 24 * 60))
                inspection = world.accept(session, staff, assignment, rng.randint(1, 99), at)
                if rng.random() < 0.1:
                    world.undo(session, inspection)
            # Never undone: there is always something to state.
            world.accept(session, staff, assignment, 1, NOW)
            if rng.random() < 0.4:
                match = factories.make_match(
                    session, resident_id=adults[-1].id, opening_id=opening.id
                )
                session.add(
                    WageConfirmation(
                        match_id=match.id,
                        resident_id=adults[-1].id,
                        employer_id=employer.id,
                        month=world.months_ago(rng.randint(0, 8)),
                        amount_fen=rng.randint(1, 900_000),
                        confirmed_at=NOW,
                    )
                )
            made.append((home.id, adults, rng.choice((1, 3, 6, 12))))
        session.flush()
        found = []
        for home_id, adults, months in made:
            statement = None
            for adult in adults:  # each for themselves
                actor = world.self_of(adult)
                if adult is adults[0]:
                    statement = requests.ask(
                        session, actor, resident_id=adult.id,
                        scope=StatementScope.HOUSEHOLD, months=months,
                    )  # fmt: skip
                    asked = session.exec(world.newest_request()).one()
                else:
                    assert statement is None
                    statement = requests.agree(
                        session, actor, request_id=asked.id, resident_id=adult.id
                    )
            found.append((statement, home_id, months))
    return found


def journal(db) -> dict[tuple[int, str], int]:
    """Return (household, month) → fen accepted and not reversed, from the journal alone."""
    found: dict[tuple[int, str], int] = defaultdict(int)
    with db.reader() as session:
        for household, at, amount in session.execute(JOURNAL):
            moment = datetime.fromisoformat(at) if isinstance(at, str) else at
            here = moment.replace(tzinfo=moment.tzinfo or UTC) + timedelta(hours=8)
            found[household, f"{here:%Y-%m}"] += amount
    return found


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_200_households(app, db, issued, tmp_path):
    pem = signing.public_keys()[0].pem
    files = [issuing.file_of(statement) for statement, _home, _months in issued]
    accepted = journal(db)
    with db.reader() as session:
        wages = session.execute(
            text(
                "SELECT r.household_id, substr(w.month, 1, 7), w.amount_fen"
                " FROM wage_confirmation w JOIN resident r ON r.id = w.resident_id"
            )
        ).all()
    assert len(files) == HOUSEHOLDS
    totals = set()
    for (statement, home, months), raw in zip(issued, files, strict=True):
        content = check_statement.check(raw, pem)
        year, month = divmod(12 * 2026 + 10 - months, 12)
        first = f"{year}-{month + 1:02d}"
        assert content["from"] == f"{first}-01"
        pieces = {m: n for (h, m), n in accepted.items() if h == home and m >= first}
        paid = [fen for h, m, fen in wages if h == home and m >= first]
        assert dict(content["piecework"]) == pieces
        assert content["wages_fen"] == sum(paid)
        assert content["total_fen"] == sum(pieces.values()) + sum(paid) == statement.total_fen
        assert len(raw) < 2953, "more than a QR code holds"
        totals.add(content["total_fen"])
    assert len(totals) > HOUSEHOLDS / 2

    @settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def one_changed_byte_fails(data):
        raw = data.draw(st.sampled_from(files))
        at = data.draw(st.integers(0, len(raw) - 1))
        other = data.draw(st.integers(0, 255).filter(lambda value: value != raw[at]))
        changed = raw[:at] + bytes([other]) + raw[at + 1 :]
        with pytest.raises(Exception):  # noqa: B017 - whatever it is, it is not genuine
            check_statement.check(changed, pem)

    one_changed_byte_fails()
    for at in range(len(files[0])):  # and each byte of one of them
        changed = bytearray(files[0])
        changed[at] ^= 1
        with pytest.raises(Exception):  # noqa: B017
            check_statement.check(bytes(changed), pem)
    _as_a_program(tmp_path, files[0], pem)


def _as_a_program(folder: Path, raw: bytes, pem: bytes) -> None:
    """Run the script as somebody in an office does, without the portal's code."""
    script, key = folder / "check_statement.py", folder / "key.pem"
    script.write_bytes(Path(check_statement.__file__).read_bytes())
    key.write_bytes(pem)
    for name, content, status, word in (
        ("good.json", raw + b"\n", 0, "对："),
        ("bad.json", raw.replace(b"total_fen", b"total_fee", 1), 1, "不对："),
    ):
        (folder / name).write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-I", script, folder / name, key],
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stdout[: len(word)]) == (status, word), done
    assert len(script.read_text(encoding="utf-8").splitlines()) <= 60


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_script_refuses_what_says_the_same_otherwise(app):
    content = {"b": 1, "a": "工钱"}
    signature = str(signing.sign_json(content))
    pem = signing.public_keys()[0].pem
    raw = check_statement.canonical({"content": content, "signature": signature})
    assert check_statement.check(raw, pem) == content
    signing.rotate()
    other = signing.public_keys()[0].pem
    key_id, _dot, value = signature.partition(".")
    spelled_otherwise = value[:-1] + chr(ord(value[-1]) + 1)  # the same 64 bytes
    for bad, by in (
        (raw, other),
        (raw + b" ", pem),
        (raw.replace(b":1", b": 1"), pem),
        (raw.replace("工".encode(), b"\\u5de5"), pem),
        (raw.replace(b'"signature"', b'"more":1,"signature"'), pem),
        (raw.replace(value.encode(), spelled_otherwise.encode()), pem),
        (raw.replace(key_id.encode(), b"0" * 16), pem),
        (b"", pem),
        (b"[]", pem),
        (b'{"content":{},"signature":1}', pem),
    ):
        with pytest.raises(Exception):  # noqa: B017
            check_statement.check(bad, by)
