"""What must be named in several places is: tables, labels, addresses, scheduled jobs.

Everything is found by walking the code, so what is added later is asked for by itself.
"""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from enum import Enum
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, inspect

import webapp
from tests.functional.matches_world import World, make_world
from webapp.core.formfields import KeyedForm
from webapp.core.labels import LabelledEnum
from webapp.ops import backup, frequent_jobs, scheduled_jobs, schema, verify
from webapp.privacy.export import export

ROOT = Path(__file__).parent.parent
TESTS = ROOT / "tests"
HAN = re.compile(r"[\u3400-\u9fff]")

# Tables of which a person's copy of their data holds nothing, by reason.
NOT_IN_EXPORT = {
    "it says nothing of a resident": {
        "branch", "employment_month", "job_run", "model_version", "outside_channel", "rule_figure",
        "wording_rule", "rate_limit", "heartbeat", "exception_ground", "opening_exception",
        "change_counter", "danger_word", "kept_meaning", "class_meeting", "course_seat", "draw",
        "venture", "venture_round", "oversight_month", "oversight_figure", "oversight_running",
        "oversight_file", "report_column",
        "policy_check", "policy_counter",
        "course_demand", "attendance_grant",
        "branch_activity", "branch_duty", "branch_promise", "help_wanted", "office_guide",
        "post", "post_correction",
        "ticket_blank_form", "ticket_wall_place", "upkeep_notice", "backup_copy", "rule_review",
    },
    "it is worked out anew each night from what the copy holds, to know whom to invite": {
        "demand_gain",
    },
    "it is made anew each night to order the staff's queue, and the day before goes": {
        "community_plan", "plan_line",
    },
    "it is whatever somebody pasted, read by nobody else and gone within a day": {"pasted_text"},
    "it is known by a receipt code, whose holder the part that draws knows": {"draw_entry"},
    "it is an employer's": {
        "employer", "employer_broker", "employer_check", "employer_member",
        "employer_invitation", "staffing_need", "training_order",
    },
    "it is of staff: their lists, imports and what they looked at": {
        "spot_check", "spot_check_line", "spot_check_recusal",
        "background_job", "draw_seed_entry", "import_batch", "imported_row", "impression",
        "duty_shift", "help_call", "member_absence", "member_profile", "saved_filter",
        "volunteer_hours",
    },
    "notes of staff, which also name others": {
        "contact", "duplicate_pair", "message_report", "work_need",
    },
    "it says only that something is to be computed or sent, and is gone then": {
        "suggestion_request", "outbox", "printed_notice", "phone_code", "request_key",
    },
    "it is a key, as a password is": {
        "calendar_link", "login_card",
    },
    "a switch the person sees and sets on one page": {"notification_opt_in", "push_subscription"},
    "it is of an order, not of a person": {
        "piecework_order", "piecework_material", "piecework_shipment", "piecework_lot",
        "piecework_company_payment", "piecework_compensation", "piecework_trial",
        "piecework_sample_photo",
    },
    "it is of a household, whose members read and print it as the passbook": {
        "ledger_account", "ledger_entry", "ledger_line", "passbook_head", "passbook_line",
        "piecework_assignment", "piecework_assignment_material", "piecework_assignment_member",
        "piecework_delivery", "piecework_dispute", "piecework_event", "piecework_finding",
        "piecework_inspection", "piecework_photo", "settlement_line", "settlement_month",
        "settlement_payment", "settlement_payment_payee", "settlement_run",
        "payment_call", "payment_check", "payment_check_line",
    },
}  # fmt: skip

# Enums that are no LabelledEnum, by pattern of ``part.module.Name``.
UNLABELLED = {
    "caseload.queries.people_words.Condition": "a chip says what was understood, not its kind",
    "core.access.Permission": "asked for by views, shown to nobody",
    "matches.lifecycle.Pick": "the queue is ordered by it; why a line is there, the line says",
    "*.lifecycle.*Action": "steps: each button words its own, by who presses it",
    "imports.lifecycle.ImportState": "the page of an import words each state in a sentence",
    "imports.models.ImportKind": "the form that takes the file words the two kinds",
    "intake.models.PastedKind": "each page of a text is about one kind and says so",
    "messages.models.Verdict": "the two buttons of a report word it",
    "piecework.models.ledger.*": "codes of the journal; people read the passbook's own words",
}


@cache
def tables() -> dict[str, Path]:
    """Return table → file, of every table class in the source."""
    found = {}
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(
                key.arg == "table" and ast.unparse(key.value) == "True" for key in node.keywords
            ):
                names = [
                    ast.literal_eval(line.value)
                    for line in node.body
                    if isinstance(line, ast.Assign)
                    and ast.unparse(line.targets[0]) == "__tablename__"
                ]
                found[names[0] if names else node.name.lower()] = path.relative_to(ROOT / "webapp")
    return found


one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_tables_stand_in_the_models_of_a_part():
    assert len(tables()) > 50
    for name, path in tables().items():
        layer = path.parts[1].removesuffix(".py") if len(path.parts) > 1 else ""
        assert layer == "models", f"{name} stands in {path}"


def test_the_schema_finds_every_table():
    """In a process of its own, where nothing else has imported the models."""
    code = "from webapp.ops import schema; print(*schema.all_tables().tables)"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(found.stdout.split()) == set(tables())


@one_database
def test_every_table_is_in_a_backup(db, tmp_path):
    target = tmp_path / "backup.tar.gz"
    backup.backup(db, tmp_path, target)
    with tarfile.open(target) as archive:
        kept = {Path(name).stem for name in archive.getnames() if name.startswith("tables/")}
    assert kept == set(tables())


@one_database
def test_every_table_is_verified(db):
    assert verify.faults(db) == []
    with db.write_engine.begin() as connection:
        for table in reversed(schema.all_tables().sorted_tables):
            connection.exec_driver_sql(f'DROP TABLE "{table.name}"')
    missed = " ".join(verify.faults(db))
    assert {name for name in tables() if f"Table('{name}'" not in missed} == set()


@one_database
def test_every_table_is_in_the_copy_of_ones_data_or_left_out_with_a_reason(
    app: Flask, db, write, sign_in
):
    world: World = make_world(db, write, sign_in)
    world.to_applied()
    actor = world.actor("resident")
    thread = f"/me/messages/{world.match_id}"
    assert world.post("resident", thread, thread, text="您好").status_code == 303
    read: set[str] = set()

    def note(_connection, _cursor, statement, *_rest):
        read.update(re.findall(r'\b(?:FROM|JOIN) "?(\w+)', statement))

    event.listen(db.read_engine, "before_cursor_execute", note)
    try:
        with app.test_request_context(), db.reader() as session:
            export(session, actor, resident_id=world.resident_id)
    finally:
        event.remove(db.read_engine, "before_cursor_execute", note)
    left_out = [name for names in NOT_IN_EXPORT.values() for name in names]
    assert len(left_out) == len(set(left_out))
    assert set(tables()) - read == set(left_out)


@cache
def enums() -> dict[str, type[Enum]]:
    """Return ``part.module.Name`` → enum, of the whole portal."""
    for module in pkgutil.walk_packages(webapp.__path__, "webapp."):
        if not re.search(r"\.migrations\.|__main__", module.name):
            importlib.import_module(module.name)

    def below(kind: type[Enum]) -> Iterator[type[Enum]]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    return {
        f"{one.__module__}.{one.__name__}".removeprefix("webapp."): one
        for one in below(Enum)
        if one.__module__.startswith("webapp.") and one is not LabelledEnum
    }


def test_every_value_of_an_enum_has_its_label():
    """In Chinese, and within one enum no two the same."""
    labelled = {name: one for name, one in enums().items() if issubclass(one, LabelledEnum)}
    assert len(labelled) > 30
    for name, kind in labelled.items():
        labels = [member.label for member in kind]
        assert all(HAN.search(label) for label in labels), name
        assert len(set(labels)) == len(labels), name


def test_enums_without_labels_are_named_with_a_reason():
    plain = {name for name, one in enums().items() if not issubclass(one, LabelledEnum)}
    for pattern in UNLABELLED:
        assert any(fnmatch(name, pattern) for name in plain), f"{pattern} names nothing"
    assert {
        name for name in plain if not any(fnmatch(name, pattern) for pattern in UNLABELLED)
    } == set()


def test_every_value_of_an_enum_is_allowed_by_the_database(db):
    """Migrations don't compare CHECKs: a value added to an enum needs one written by hand."""
    inspector = inspect(db.read_engine)
    columns = 0
    for table in schema.all_tables().sorted_tables:
        checks = " ".join(one["sqltext"] for one in inspector.get_check_constraints(table.name))
        for column in table.columns:
            for value in getattr(column.type, "enums", None) or ():
                columns += 1
                assert f"'{value}'" in checks, f"{table.name}.{column.name}: {value}"
    assert columns > 100


def nameless(rule: str) -> str:
    """Return an address without the names of its parts.

    >>> nameless("/me/<id:order_id>/<any(a, b):step>/<section>")
    '/me/<id>/<any(a, b)>/<string>'
    """
    return re.sub(r"<(?:([^<>]+):)?\w+>", lambda part: f"<{part[1] or 'string'}>", rule)


def test_the_drills_import_what_is_there():
    """They run seldom: what moves in the house is found here, not before the next release."""
    for module in pkgutil.iter_modules([str(TESTS / "drill")]):
        importlib.import_module(f"tests.drill.{module.name}")


def test_no_address_vanishes_unnoticed(built):
    """``url_map.txt`` holds rules and methods; a change of an address is a line of it."""
    kept = (TESTS / "url_map.txt").read_text(encoding="utf-8").splitlines()
    now = sorted(
        f"{nameless(rule.rule)} {','.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))}"
        for rule in built.url_map.iter_rules()
    )
    assert now == kept


def marked_jobs() -> dict[str, list[str]]:
    """Return job → the tests marked with it that hold the clock at another moment."""
    found: dict[str, list[str]] = {}
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for mark in getattr(node, "decorator_list", []):
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.job":
                    assert "clock.frozen(" in ast.unparse(node), f"{path}: {node.name}"
                    found.setdefault(ast.literal_eval(mark.args[0]), []).append(node.name)
    return found


def test_every_scheduled_job_has_a_test_that_moves_the_clock():
    jobs = {job.name for job in (*scheduled_jobs.JOBS, *frequent_jobs.FREQUENT_JOBS)}
    assert set(marked_jobs()) == jobs


def keyed_forms() -> set[str]:
    """Return the names of the forms that carry an idempotency key."""
    enums()  # imports every module
    waiting, found = [KeyedForm], set()
    while waiting:
        kind = waiting.pop()
        found.add(kind.__name__)
        waiting += kind.__subclasses__()
    return found


def test_views_of_keyed_forms_write_through_the_keys():
    """One that opens a transaction of its own would carry a form out as often as it is sent."""
    forms, own_way = keyed_forms(), set()
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        if "views" not in path.relative_to(ROOT).as_posix():
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                named = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
                if named & forms and "get_db().transaction(" in ast.unparse(node):
                    own_way.add(node.name)
    # Whoever registers is somebody else afterwards: the account itself knows its form.
    assert own_way == {"newcomer", "register"}
