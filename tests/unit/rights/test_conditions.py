# ruff: noqa: E501 - a row of the table of answers is one line
"""Conditions against what somebody told: the four answers, and that nothing is guessed."""

import csv
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rights import policies
from webapp.rights.conditions import NOT_APPLICABLE, TABLE, Range, Term, check, shipped
from webapp.rights.lifecycle import Answer
from webapp.rights.questions import ALL, FAMILY, facts_from, question_words

FIGURES = {
    "working_age_from": 16, "startup_grant_employees": 3, "startup_grant_months_from": 12,
    "startup_grant_months_until": 36, "subsidised_courses_per_year": 1, "traineeship_age_from": 16,
    "traineeship_age_until": 24, "difficult_age_women": 40, "difficult_age_men": 50,
    "difficult_unemployed_months": 12,
}  # fmt: skip
NONE = ("none",)
# policy, answers, boxes ticked, answer: written down before the terms were run on them.
LABELLED = [
    ("startup_grant", {"business": "young", "staff": "0"}, ("zero_employment",), "no"),
    ("startup_grant", {"business": "young", "staff": "1", "hukou": "chongqing"}, ("allowance",), "lacking"),
    ("startup_grant", {"business": "young", "staff": "3", "hukou": "chongqing"}, ("allowance",), "likely"),
    ("startup_grant", {"business": "young", "staff": "3", "hukou": "elsewhere"}, ("allowance",), "no"),
    ("startup_grant", {"business": "young", "staff": "3", "hukou": "elsewhere"}, ("graduate",), "likely"),
    ("startup_grant", {"business": "young", "staff": "3-", "hukou": "chongqing"}, ("veteran",), "lacking"),
    ("startup_grant", {"business": "new", "staff": "3", "hukou": "chongqing"}, ("veteran",), "lacking"),
    ("startup_grant", {"business": "old", "staff": "3", "hukou": "chongqing"}, ("veteran",), "no"),
    ("startup_grant", {"business": "young", "staff": "3", "hukou": "chongqing"}, NONE, "no"),
    ("startup_grant", {"business": "young", "hukou": "chongqing"}, ("veteran",), "unsure"),
    ("startup_grant", {"business": "no"}, NONE, "no"),
    ("startup_loan", {"business": "no"}, NONE, "no"),
    ("startup_loan", {"business": "stall", "registered": "yes"}, NONE, "lacking"),
    ("startup_loan", {"business": "new", "registered": "yes"}, NONE, "likely"),
    ("startup_loan", {"business": "new", "registered": "no"}, NONE, "unsure"),
    ("unemployment_registration", {"age": "40", "work": "idle", "registered": "no"}, NONE, "likely"),
    ("unemployment_registration", {"age": "40", "work": "idle", "registered": "yes"}, NONE, "no"),
    ("unemployment_registration", {"age": "40", "work": "job", "registered": "no"}, NONE, "no"),
    ("unemployment_registration", {"age": "60", "work": "idle", "registered": "no"}, NONE, "unsure"),
    ("unemployment_registration", {"age": "0", "work": "idle", "registered": "no"}, NONE, "no"),
    ("unemployment_registration", {"age": "40", "work": "odd", "registered": "no"}, NONE, "unsure"),
    ("difficult_person", {"age": "40", "sex": "female", "work": "idle", "registered": "yes", "difficult": "no"}, NONE, "likely"),
    ("difficult_person", {"age": "40", "sex": "male", "work": "idle", "registered": "yes", "difficult": "no"}, NONE, "unsure"),
    ("difficult_person", {"age": "25", "sex": "male", "work": "long", "registered": "yes", "difficult": "no"}, NONE, "likely"),
    ("difficult_person", {"age": "25", "sex": "male", "work": "idle", "registered": "no", "difficult": "no"}, ("allowance",), "lacking"),
    ("difficult_person", {"age": "25", "work": "idle", "registered": "yes", "difficult": "yes"}, NONE, "no"),
    ("public_post", {"difficult": "yes", "work": "idle"}, NONE, "likely"),
    ("public_post", {"difficult": "no", "work": "idle"}, NONE, "lacking"),
    ("public_post", {"difficult": "yes", "work": "own"}, NONE, "no"),
    ("insurance_subsidy", {"difficult": "yes", "insurance": "self"}, NONE, "likely"),
    ("insurance_subsidy", {"difficult": "yes", "insurance": "employer"}, NONE, "no"),
    ("insurance_subsidy", {"difficult": "yes", "insurance": "none"}, NONE, "lacking"),
    ("insurance_subsidy", {"difficult": "?", "insurance": "self"}, NONE, "unsure"),
    ("training_subsidy", {"age": "25", "courses": "0"}, NONE, "likely"),
    ("training_subsidy", {"age": "25", "courses": "1"}, NONE, "no"),
    ("training_subsidy", {"age": "25"}, NONE, "unsure"),
    ("traineeship", {"age": "16", "work": "idle"}, NONE, "likely"),
    ("traineeship", {"age": "25", "work": "idle"}, NONE, "no"),
    ("traineeship", {"age": "25", "work": "idle"}, ("graduate",), "likely"),
    ("traineeship", {"age": "16", "work": "study"}, NONE, "no"),
    ("traineeship", {"age": "16", "work": "odd"}, NONE, "unsure"),
    ("traineeship", {"age": "25", "work": "odd"}, NONE, "unsure"),
    ("stall_waiver", {"business": "stall"}, ("allowance",), "likely"),
    ("stall_waiver", {"business": "stall", "difficult": "no"}, NONE, "unsure"),
    ("stall_waiver", {"business": "no"}, ("allowance",), "no"),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "answers", "family", "expected"), LABELLED)
def test_what_the_conditions_come_to(policy, answers, family, expected):
    found = check(policy, facts_from(answers, family), FIGURES.get)
    assert found.answer == Answer(expected), found
    spoken = {
        "no": found.why_not,
        "lacking": found.lacking,
        "unsure": (*found.to_ask, *found.unanswered, *found.unclear),
    }
    assert expected == "likely" or all(spoken[expected])


def test_a_couple_s_fish_stall_is_told_why_it_gets_no_grant():
    found = check("startup_grant", facts_from({"business": "new", "staff": "0"}, NONE), FIGURES.get)
    assert "两口子的鱼摊" in found.why_not[0]


@pytest.mark.slow
@given(st.sampled_from(policies.shipped()), st.data())
def test_nothing_is_ever_likely_without_being_told(policy, data):
    """Taking an answer away may open a question, and never closes one."""
    answers = {
        one.name: data.draw(st.sampled_from([option.value for option in one.options]))
        for one in ALL
    }
    family = data.draw(st.lists(st.sampled_from([name for name, _label in FAMILY[:-1]])))
    whole = check(policy.code, facts_from(answers, family or NONE), FIGURES.get)
    taken = data.draw(st.sampled_from(sorted(answers)))
    less = facts_from({name: one for name, one in answers.items() if name != taken}, family or NONE)
    found = check(policy.code, less, FIGURES.get)
    assert whole.answer is Answer.LIKELY or found.answer is not Answer.LIKELY
    assert check(policy.code, {}, FIGURES.get).answer is Answer.UNSURE


@given(st.sampled_from(policies.shipped()), st.sampled_from(sorted(FIGURES)))
def test_a_figure_that_is_a_hole_makes_nothing_sure(policy, hole):
    holes = {**FIGURES, hole: None}
    for work, business in product(("idle", "long"), ("young", "no")):
        answers = {"age": "40", "sex": "female", "work": work, "registered": "yes",
                   "difficult": "no", "hukou": "chongqing", "business": business, "staff": "3",
                   "courses": "0", "insurance": "self"}  # fmt: skip
        facts = facts_from(answers, NONE)
        before, after = (check(policy.code, facts, one.get) for one in (FIGURES, holes))
        if hole in {
            name for term in shipped() if term.policy == policy.code for name in term.value
        }:
            assert after.answer in {before.answer, Answer.UNSURE, Answer.LACKING, Answer.NO}
            assert before.answer is Answer.LIKELY or after.answer is not Answer.LIKELY
        else:
            assert after == before


def test_ranges():
    band = Range(40, 49)
    assert (band.at_least(40), band.at_least(45), band.at_least(50)) == (True, None, False)
    assert (band.at_most(49), band.at_most(45), band.at_most(39)) == (True, None, False)
    assert Range(12, None).at_most(99) is None
    term = Term("p", "", "age", "at_least", ("40",), "no", "")
    assert term.holds({"age": NOT_APPLICABLE}, FIGURES.get) is False


def test_every_row_can_be_read_and_decides_something():
    """Each names a policy, a fact that can be told, values that can be tapped, figures that exist."""
    from webapp.rulebook import figures

    told = {"age_woman", "age_man", "age_without_work", *(name for name, _label in FAMILY)}
    values: dict[str, set[str]] = {name: {"yes", "no"} for name, _label in FAMILY}
    for question in ALL:
        for option in question.options:
            for name, fact in option.facts.items():
                told.add(name)
                if isinstance(fact, str):
                    values.setdefault(name, set()).add(fact)
    known = {one.code for one in policies.shipped()}
    assert {term.policy for term in shipped()} == known
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({tuple(row.values()) for row in rows}) == len(shipped())
    for term in shipped():
        assert term.fact in told, term
        assert term.if_not in {"no", "lacking", "ask"}, term
        if term.op in {"in", "not"}:
            assert set(term.value) <= values[term.fact], term
        else:
            assert term.op in {"at_least", "at_most", "between", "below"}, term
            assert all(one.isdigit() or one in figures.units() for one in term.value), term
        assert question_words(term.fact), term
