"""The table of a match's life: what leads where, and what can never happen."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.depth import examples
from webapp.core.access import ANONYMOUS, Actor, Role
from webapp.employers.lifecycle import EmployerState
from webapp.matches import policy
from webapp.matches.actions import ANSWERING, DECIDING, EMPLOYING, HELPING
from webapp.matches.lifecycle import (
    CAN_BE_TRIED_AGAIN,
    PENDING,
    SHOWN_TO_RESIDENT,
    TAKEN,
    TRANSITIONS,
    WITH_EMPLOYER,
    MatchAction,
    MatchState,
    actions,
    after,
)

S, A = MatchState, MatchAction


class MatchLife(RuleBasedStateMachine):
    """A match under any order of actions; consent is what SHARE gives."""

    def __init__(self) -> None:
        super().__init__()
        self.state = S.SUGGESTED
        self.previous: MatchState | None = None
        self.path = [self.state]
        self.shared = False
        self.places_taken = 0

    @rule(action=st.sampled_from(MatchAction))
    def act(self, action: MatchAction) -> None:
        target = after(self.state, action, self.previous)
        if target is None:
            return
        if action in {A.HIRE, A.HIRE_ELSEWHERE}:
            self.previous = self.state
        if action in {A.RESTORE, A.UNDO_HIRE}:
            assert target is self.previous
            self.previous = None
        self.shared = self.shared or action is A.SHARE
        self.places_taken += (target in TAKEN) - (self.state in TAKEN)
        self.state = target
        self.path.append(target)

    @invariant()
    def no_employer_before_consent(self) -> None:
        assert self.shared or self.state not in WITH_EMPLOYER

    @invariant()
    def one_place_at_most(self) -> None:
        assert self.places_taken == (self.state in TAKEN)

    @invariant()
    def nothing_shown_before_staff_or_the_resident_acted(self) -> None:
        if self.state in SHOWN_TO_RESIDENT - {S.HIRED_ELSEWHERE, S.OPENING_CLOSED, S.WITHDRAWN}:
            assert {S.OFFERED, S.INTERESTED} & set(self.path)


MatchLife.TestCase.settings = settings(max_examples=examples(60), stateful_step_count=30)
TestMatchLife = MatchLife.TestCase


def test_the_usual_course() -> None:
    course = [
        (A.CONFIRM, S.CONFIRMED),
        (A.OFFER, S.OFFERED),
        (A.SAY_INTERESTED, S.INTERESTED),
        (A.SHARE, S.SHARED),
        (A.APPLY, S.APPLIED),
        (A.SEE, S.SEEN),
        (A.INVITE_INTERVIEW, S.INTERVIEW),
        (A.OFFER_JOB, S.JOB_OFFER),
        (A.HIRE, S.HIRED),
        (A.FOLLOW_UP_30, S.DAY_30),
        (A.FOLLOW_UP_90, S.DAY_90),
        (A.RETAIN, S.RETAINED),
        (A.LEAVE, S.LEFT),
    ]
    state = S.SUGGESTED
    for action, expected in course:
        found = after(state, action)
        assert found is expected
        state = expected


def test_every_state_can_be_reached_and_none_is_computed_twice() -> None:
    reached = {S.SUGGESTED} | set(TRANSITIONS.values())
    assert reached == set(MatchState)
    again = {action for (_, action), target in TRANSITIONS.items() if target is S.SUGGESTED}
    assert again == {A.EMPLOYER_ASKS}  # else only a computation suggests


@pytest.mark.parametrize("state", sorted(PENDING))
def test_what_is_pending_can_rest_and_come_back(state: MatchState) -> None:
    assert after(state, A.HIRE_ELSEWHERE) is S.HIRED_ELSEWHERE
    assert after(S.HIRED_ELSEWHERE, A.RESTORE, state) is state
    assert after(state, A.CLOSE_OPENING) is S.OPENING_CLOSED
    assert after(state, A.WITHDRAW) is S.WITHDRAWN


@pytest.mark.parametrize("previous", [None, *sorted(set(MatchState) - PENDING)])
def test_nothing_else_comes_back(previous: MatchState | None) -> None:
    assert after(S.HIRED_ELSEWHERE, A.RESTORE, previous) is None


def test_employers_never_end_a_match_by_silence() -> None:
    for state in (S.APPLIED, S.SEEN, S.INTERVIEW, S.JOB_OFFER):
        assert A.TIME_OUT not in actions(state)


def test_what_is_over_may_be_tried_again_but_never_what_is_under_way() -> None:
    assert not CAN_BE_TRIED_AGAIN & (PENDING | TAKEN)


@pytest.mark.parametrize("state", sorted(TAKEN))
def test_a_hire_is_undone_to_where_it_was_made(state: MatchState) -> None:
    for previous in (S.APPLIED, S.SEEN, S.INTERVIEW, S.JOB_OFFER):
        assert after(state, A.UNDO_HIRE, previous) is previous
    for previous in (None, S.OFFERED, S.SUGGESTED, S.HIRED, S.REFUSED):
        assert after(state, A.UNDO_HIRE, previous) is None


@pytest.mark.parametrize("acts", [EMPLOYING, DECIDING, HELPING, ANSWERING])
def test_buttons_are_offered_only_where_they_can_work(acts: dict[str, object]) -> None:
    working = {
        "answer": {A.SAY_INTERESTED, A.SHARE, A.DECLINE},
        "interested": {A.SAY_INTERESTED},
        "share": {A.SHARE, A.APPLY},
        "decline": {A.DECLINE},
        "withdraw": {A.WITHDRAW},
        "renew": {A.OFFER},
        "again": {A.SUGGEST_AGAIN},
        "follow-up": {A.FOLLOW_UP_30, A.FOLLOW_UP_90, A.RETAIN},
        "ask-for": {A.REFUSE, A.EMPLOYER_ASKS},  # about another match
        "confirm": {A.CONFIRM},
        "dismiss": {A.DISMISS},
        "postpone": {A.CONFIRM},
        "seen": {A.SEE},
        "invite": {A.INVITE_INTERVIEW},
        # Of an interview that is agreed, and so could be moved.
        "other-time": {A.INVITE_INTERVIEW},
        "can-come": {A.INVITE_INTERVIEW},
        "keep-time": {A.INVITE_INTERVIEW},
        "offer-job": {A.OFFER_JOB},
        "hire": {A.HIRE},
        "refuse": {A.REFUSE},
        "leave": {A.LEAVE},
        "contract": {A.LEAVE},  # of who is at work there
        "one-sided": {A.FOLLOW_UP_30, A.FOLLOW_UP_90, A.RETAIN},
        "still-there": {A.FOLLOW_UP_30, A.FOLLOW_UP_90, A.RETAIN},
        "undo-hire": {A.LEAVE},  # what can be left can be undone, from where it was hired
        "why": {A.SUGGEST_AGAIN},
    }
    for name, act in acts.items():
        assert act.states, name  # type: ignore[attr-defined]
        for state in act.states:  # type: ignore[attr-defined]
            assert working[name] & actions(state), (name, state)


EMPLOYER = Actor(account_id=1, role=Role.EMPLOYER, employer_id=7)
SEEN_BY = {
    "employer_id": 7,
    "employer_state": EmployerState.VERIFIED,
    "state": S.APPLIED,
    "consent": True,
}


def test_an_employer_sees_who_agreed() -> None:
    assert policy.can_see_applicant(EMPLOYER, **SEEN_BY)


@pytest.mark.parametrize(
    "change",
    [
        {"consent": False},
        {"employer_id": 8},
        {"employer_id": None},
        {"employer_state": EmployerState.SUSPENDED},
        *({"state": state} for state in sorted(set(MatchState) - WITH_EMPLOYER)),
    ],
)
def test_an_employer_sees_nobody_else(change: dict[str, object]) -> None:
    assert not policy.can_see_applicant(EMPLOYER, **{**SEEN_BY, **change})


@pytest.mark.parametrize("actor", [ANONYMOUS, Actor(account_id=2, role=Role.ADMIN, employer_id=7)])
def test_nobody_without_the_role_sees_anything(actor: Actor) -> None:
    assert not policy.can_see_applicant(actor, **SEEN_BY)
    assert not policy.can_decide(actor)
    assert not policy.can_answer(actor, resident_id=3)


def test_a_resident_sees_what_was_handed_on() -> None:
    own = Actor(account_id=3, role=Role.RESIDENT, resident_id=5)
    for state in MatchState:
        seen = policy.can_see_own(own, resident_id=5, state=state)
        assert seen == (state not in {S.SUGGESTED, S.CONFIRMED, S.DISMISSED})
        assert not policy.can_see_own(own, resident_id=6, state=state)
