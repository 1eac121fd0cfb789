"""An applicant whom an employer may let try the work, at noon two days before."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.functional.matches_world import World, make_world
from tests.functional.trials.world import NOON
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.db import Database
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> Iterator[World]:
    with clock.frozen(NOON):
        world = make_world(db, write, sign_in)
        with write() as session:
            factories.give_consent(session, world.resident_id, world.employer_id)
            match = session.get_one(Match, world.match_id)
            match.state = MatchState.APPLIED
            match.asked_at = clock.now()
        yield world
