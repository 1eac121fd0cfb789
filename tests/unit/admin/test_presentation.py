"""Whatever the audit trail names has Chinese words."""

import ast
import csv
import re
from pathlib import Path

import webapp
from webapp.admin.presentation.audit import (
    ACTIONS,
    FORMER_ACTIONS,
    FORMER_SUBJECTS,
    JOBS,
    SUBJECTS,
    action_words,
    names_of,
    subject_words,
)
from webapp.admin.presentation.details import KEYS, detail_words, outcome_words
from webapp.branches.lifecycle import Ending
from webapp.complaints.lifecycle import ComplaintKind, ComplaintOutcome
from webapp.contacts.models import ContactWay
from webapp.core.access import Role
from webapp.core.vocabulary import Kind
from webapp.employment.lifecycle import Evidence, SpellKind
from webapp.imports.models import ImportKind
from webapp.imports.readers.fields import FIELDS
from webapp.jobs.models import JobKind
from webapp.matches.lifecycle import MatchState
from webapp.matches.reason_codes import RemarkVerdict
from webapp.messages.models import ReportReason, Verdict
from webapp.notices.models import Audience
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import ExceptionAnswer
from webapp.ops import scheduled_jobs
from webapp.ops.scheduled_jobs import JOBS as SCHEDULED
from webapp.payment_checks.lifecycle import Answer as PaymentAnswer
from webapp.payment_checks.lifecycle import Resolution
from webapp.piecework.lifecycle import AssignmentState, OrderState
from webapp.piecework.models.assignment import DisputeAbout
from webapp.piecework.models.money import CompensationCause, PaymentMethod
from webapp.piecework.models.order import Mode
from webapp.residents.forms.registration import REASONS
from webapp.residents.models import ConsentChannel, ConsentPurpose
from webapp.residents.sections import SECTIONS
from webapp.residents.services.profile import COLUMNS
from webapp.rights.lifecycle import CounterCode
from webapp.rights.lifecycle import Verdict as PolicyVerdict
from webapp.rulebook.figures import shipped
from webapp.rulebook.models import DangerCode, WordingCode
from webapp.spot_checks.lifecycle import Finding
from webapp.standing_services.lifecycle import ReadReason, ServiceKind, VisitOutcome
from webapp.tickets.long_case_lifecycle import (
    CaseReadReason,
    LongCaseKind,
    LongCaseOutcome,
    StepKind,
)
from webapp.trials.lifecycle import Party
from webapp.ventures.lifecycle import Allocation

DATA = Path(webapp.__file__).parents[1] / "data"


def test_every_recorded_detail_has_a_name():
    names = set()
    for path in Path(webapp.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record":
                names |= {given.arg for given in call.keywords if given.arg}
    assert {"before", "after", "purpose"} & names
    assert names - set(KEYS) == set()


def test_every_scheduled_job_has_words():
    assert {job.name for job in SCHEDULED} - set(JOBS) == set()


def test_entries_keep_their_words_when_an_action_was_renamed():
    assert set(FORMER_ACTIONS.values()) <= set(ACTIONS)
    assert not set(FORMER_ACTIONS) & set(ACTIONS)
    assert set(FORMER_SUBJECTS.values()) <= set(SUBJECTS)
    assert action_words("match.ask_oneself") == action_words("match.apply_directly")
    assert subject_words("slip:4") == subject_words("printed_notice:4")
    assert names_of("match.apply_directly") == ["match.apply_directly", "match.ask_oneself"]


def test_unknown_names_stand_as_they_are():
    assert action_words("moon.land") == "moon.land"
    assert str(SUBJECTS["resident"]) in subject_words("resident:3")


def test_details_are_told_without_what_is_empty(app):
    with app.test_request_context():
        assert detail_words({"purpose": "service", "employer": None}) == "用途：使用就业服务"
        assert detail_words({"fields": ["name", "sex"], "assisted": False}) == "哪几项：姓名、性别"
        assert (
            detail_words({"before": "hired", "until": "2026-12-04"})
            == "之前：已录用；到哪天：2026-12-04"
        )
        assert outcome_words("2 lapsed, 0 forgotten") == "2 家过期，0 家删去联系人"
        assert outcome_words(None) == ""
        assert outcome_words("too_few") == "决定太少"
        assert subject_words("account:unknown") == "不知道是谁"


def rows_of(table):
    """Return the rows of a shipped table."""
    with (DATA / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_outcome_of_a_job_has_words(app):
    """The parts of what jobs return, as they stand in the source, with 3 for each number."""
    source = Path(scheduled_jobs.__file__).read_text(encoding="utf-8")
    returned = re.findall(r'return (?:\(\s*)?f"([^"]+)"', source)
    assert len(returned) > 8
    with app.test_request_context():
        for text in returned:
            words = outcome_words(re.sub(r"\{[^}]*\}", "3", text))
            assert not re.search(r"[a-z]", words), text


YES, DAY, NUMBER = [True], ["2026-12-04"], [12]
#: Every value, or a specimen of every kind of value, that the code records under a key.
RECORDED_VALUES = {
    "about": DisputeAbout,
    "after": MatchState,
    "answer": PaymentAnswer,
    "audience": Audience,
    "ending": Ending,
    "before": MatchState,
    "by": Party,
    "cause": CompensationCause,
    "channel": ConsentChannel,
    "code": [*WordingCode, *DangerCode],
    "counter": CounterCode,
    "evidence": Evidence,
    "field": ["id_number", "disability", "allowance"],
    "fields": [
        *(one.key for kind in ImportKind for one in FIELDS[kind].values()),
        *(name for names in COLUMNS.values() for name in names),
        *("add", "remove", "household_id"),
    ],
    "finding": Finding,
    "flags": [*WordingCode, "pay_floor"],
    "ground": ["矿山井下作业"],
    "kind": [*Kind, *ImportKind, *ComplaintKind, *JobKind, *SpellKind, *ServiceKind, *LongCaseKind],
    "method": Allocation,
    "payment": PaymentMethod,
    "mode": Mode,
    "month": ["2026-11", "2026-11-01"],
    "name": {row.name for row in shipped()},
    "outcome": [
        *ComplaintOutcome,
        *ExceptionAnswer,
        *RemarkVerdict,
        *VisitOutcome,
        *LongCaseOutcome,
    ],
    "policy": {row["policy"] for row in rows_of("policies.csv")},
    "purpose": ConsentPurpose,
    "reason": [*(choice.value for choice in REASONS), *ReportReason, *ReadReason, *CaseReadReason],
    "resolution": Resolution,
    "role": Role,
    "section": SECTIONS,
    "since": DAY,
    "step": {*(row["key"] for row in rows_of("licence_steps.csv")), *StepKind},
    "until": DAY,
    "verdict": ["better", "not_better", "unfair", "too_few", "failed", *Verdict, *PolicyVerdict],
    "version": ["prior"],
    "was": [*OpeningState, *OrderState, *AssignmentState],
    "way": ContactWay,
    "word": ["汽油"],
}
YES_OR_NO = {
    "accept", "assisted", "by_phone", "by_staff", "check_again", "enabled", "hidden", "known",
    "done", "lost", "new", "on", "on_behalf", "over", "reached", "replacement", "sensitive",
    "wanted", "with_photo", "yes",
}  # fmt: skip
MONEY = {"charge", "fen", "repaid"}
NUMBERS = {
    "placed",
    "entries", "marks", "member", "people", "places", "request", "residents", "taps", "wage",
    "accepted", "account", "amount", "attempts", "count", "employer", "households", "imported",
    "kept", "line", "lines", "looked", "lot", "members", "n", "openings", "order", "pieces",
    "fact", "refused", "rejected", "resident",
    "repeated", "responsible", "rework", "row", "rows", "skipped", "spell", "undone", "value",
}  # fmt: skip
LETTERS = re.compile(r"[A-Za-z_]{2,}")


def test_fault_21_no_detail_of_the_audit_trail_is_a_raw_code(app):
    assert {*RECORDED_VALUES, *YES_OR_NO, *MONEY, *NUMBERS, "digest"} == set(KEYS)
    with app.test_request_context():
        raw = [
            (key, str(value), words)
            for key, values in RECORDED_VALUES.items()
            for value in values
            if LETTERS.search(words := detail_words({key: str(value)}))
        ]
        assert raw == []
        for key in YES_OR_NO:
            assert not LETTERS.search(detail_words({key: True}))
        for key in NUMBERS:
            assert not LETTERS.search(detail_words({key: 12}))


def test_fault_21_money_in_the_audit_trail_is_in_yuan(app):
    with app.test_request_context():
        for key in MONEY:
            assert detail_words({key: 123450}).endswith("：1,234.5 元"), key
        floor = {"name": "pay_floor_month_1", "value": 233000, "since": "2026-12-01"}
        assert "多少：2,330 元" in detail_words(floor)
        assert "多少：60 天" in detail_words({"name": "piecework_counts_days", "value": 60})
        flags = detail_words({"flags": ["age", "marriage", "pay_floor"]})
        assert flags == "查出的话：有年龄门槛、挑婚姻生育、工钱低于最低工资"
