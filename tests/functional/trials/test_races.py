"""Several people at one trial day at once, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session

from tests import factories
from tests.functional.matches_world import World
from tests.functional.racing import at_once
from tests.functional.trials.world import DAY, TERMS, after_it, agreed, differ, propose, the_trial
from webapp.core.access import Actor, Role
from webapp.core.audit import verify_chain
from webapp.core.db import Database
from webapp.trials.lifecycle import Cause, Outcome, Party, TrialState
from webapp.trials.services import agreement, outcome
from webapp.trials.services.outcome import Word

S = TrialState
Verb = Callable[[Session, Actor], Any]
ASKED = {"first_day": DAY, "days": 1, "terms": TERMS}


def yes(trial_id: int, side: Party, version: int = 1) -> Verb:
    return lambda session, actor: agreement.agree(
        session, actor, trial_id=trial_id, version=version, side=side
    )


def told(trial_id: int, side: Party, word: Word) -> Verb:
    return lambda session, actor: outcome.say(
        session, actor, trial_id=trial_id, side=side, word=word
    )


def test_proposals_at_once_are_one(app: Flask, world: World, db: Database) -> None:
    def ask(session: Session, actor: Actor) -> None:
        agreement.propose(session, actor, match_id=world.match_id, **ASKED)

    roles = ("resident", "employer", "staff", "employer")
    ended = at_once(app, db, *((world.actor(role), ask) for role in roles))
    assert ended.count("done") == 1
    assert set(ended) <= {"done", "409", "400"}


def test_both_sign_at_once(app: Flask, world: World, db: Database) -> None:
    assert propose(world, "staff").status_code == 303
    trial = the_trial(db)
    sides = {"resident": Party.RESIDENT, "employer": Party.EMPLOYER}
    acts = [(world.actor(role), yes(trial.id, side)) for role, side in sides.items()] * 2
    assert at_once(app, db, *acts) == ["done"] * 4  # each of them taps twice
    signed = the_trial(db)
    assert (signed.state, signed.version) == (S.AGREED, 1)
    with db.reader() as session:
        assert verify_chain(session) == []


def test_a_yes_while_the_terms_change_is_a_yes_to_none(
    app: Flask, world: World, db: Database
) -> None:
    assert propose(world).status_code == 303
    trial = the_trial(db)

    def change(session: Session, actor: Actor) -> None:
        agreement.revise(session, actor, trial_id=trial.id, **ASKED)

    ended = at_once(
        app,
        db,
        (world.actor("resident"), yes(trial.id, Party.RESIDENT)),
        (world.actor("employer"), change),
    )
    assert ended in (["409", "done"], ["done", "done"])
    now = the_trial(db)
    assert (now.state, now.version, now.resident_agreed_at) == (S.PROPOSED, 2, None)


@pytest.mark.parametrize(
    ("own", "ends"),
    [
        (Word(Outcome.NOT_HELD, why=Cause.TRANSPORT), (S.SETTLED, S.SETTLED)),
        (Word(Outcome.EMPLOYER_NO, sentence="去了，做了半天"), (S.DISPUTED, S.AGREED)),
    ],
)
def test_both_tell_at_once(
    app: Flask, world: World, db: Database, own: Word, ends: tuple[TrialState, TrialState]
) -> None:
    """Who comes second and tells it otherwise owes a sentence, so one word may be refused."""
    trial = agreed(world)
    theirs = Word(Outcome.NOT_HELD, why=Cause.TRANSPORT)
    with after_it():
        ended = at_once(
            app,
            db,
            (world.actor("employer"), told(trial.id, Party.EMPLOYER, theirs)),
            (world.actor("resident"), told(trial.id, Party.RESIDENT, own)),
        )
    assert the_trial(db).state is ends[ended != ["done", "done"]]


def test_two_members_decide_at_once(app: Flask, world: World, db: Database, write: Any) -> None:
    trial = agreed(world)
    with write() as session:
        colleague = factories.acting(factories.make_account(session, role=Role.STAFF))
    with after_it():
        differ(world)

        def decide(cause: Cause) -> Verb:
            return lambda session, actor: outcome.decide(
                session,
                actor,
                trial_id=trial.id,
                outcome=Outcome.NOT_HELD,
                cause=cause,
                note="问了",
            )

        both = (
            (world.actor("staff"), decide(Cause.TRANSPORT)),
            (colleague, decide(Cause.EMPLOYER)),
        )
        assert at_once(app, db, *both) == ["409", "done"]
    settled = the_trial(db)
    assert settled.state is S.SETTLED
    assert (settled.decided_by_id == colleague.account_id) is (settled.cause is Cause.EMPLOYER)


def test_called_off_while_the_other_says_yes(app: Flask, world: World, db: Database) -> None:
    assert propose(world).status_code == 303
    trial = the_trial(db)

    def cancel(session: Session, actor: Actor) -> None:
        agreement.cancel(session, actor, trial_id=trial.id)

    ended = at_once(
        app,
        db,
        (world.actor("resident"), yes(trial.id, Party.RESIDENT)),
        (world.actor("employer"), cancel),
    )
    assert "done" in ended
    assert the_trial(db).state is S.CANCELLED  # whoever was first
    with after_it(1):  # the place is free again
        assert propose(world, first_day=(DAY + timedelta(days=3)).isoformat()).status_code == 303
