"""Whatever the audit trail names has Chinese words."""

import ast
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
from webapp.matches.lifecycle import NOTES, MatchAction
from webapp.matches.services.transitions import ANSWERS
from webapp.ops.scheduler import JOBS as SCHEDULED
from webapp.residents.lifecycle import ResidentAction

RECORDED = re.compile(r"audit\.record\(\s*\w+,\s*\"([a-z_]+\.[a-z0-9_]+)\"")


def recorded_actions():
    for path in Path(webapp.__file__).parent.rglob("*.py"):
        yield from RECORDED.findall(path.read_text(encoding="utf-8"))


def test_every_recorded_action_has_words():
    actions = set(recorded_actions())
    # Answers are recorded as answers, and offers that ran out not at all: nobody is held to them.
    unnamed = ANSWERS | NOTES | {MatchAction.TIME_OUT}
    actions |= {f"match.{action}" for action in set(MatchAction) - unnamed}
    actions |= {f"resident.{action}" for action in ResidentAction}
    assert "resident.reveal" in actions
    assert actions - set(ACTIONS) == set()


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
        assert detail_words({"fields": ["name", "sex"], "assisted": False}) == "哪几项：name、sex"
        assert (
            detail_words({"before": "hired", "until": "2026-12-04"})
            == "之前：已上岗；到哪天：2026-12-04"
        )
        assert outcome_words("2 lapsed, 0 forgotten") == "2 家过期，0 家删去联系人"
        assert outcome_words(None) == ""
        assert outcome_words("too_few") == "决定太少"
        assert subject_words("account:unknown") == "不知道是谁"
