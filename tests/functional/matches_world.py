"""A small community for the tests of matches: one of each role, one suggestion."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlmodel import Session
from werkzeug.test import TestResponse

from tests import factories
from tests.forms import submit
from webapp.accounts.models import Account
from webapp.core.access import Actor, Role
from webapp.core.db import Database
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.residents.models import Resident

Write = Callable[[], AbstractContextManager[Session]]


@dataclass
class World:
    """Ids of the people of one suggestion; ``browser(role)`` is signed in as them."""

    db: Database
    write: Write
    sign_in: Callable[[Account], FlaskClient]
    accounts: dict[str, Account]
    match_id: int
    resident_id: int
    opening_id: int
    employer_id: int

    def __post_init__(self) -> None:
        self._browsers: dict[str, FlaskClient] = {}

    def browser(self, role: str) -> FlaskClient:
        if role not in self._browsers:
            self._browsers[role] = self.sign_in(self.accounts[role])
        return self._browsers[role]

    def actor(self, role: str) -> Actor:
        account = self.accounts[role]
        return Actor(
            account_id=account.id,
            role=account.role,
            name=account.name,
            resident_id=self.resident_id if role == "resident" else None,
            employer_id=self.employer_id if role == "employer" else None,
            branch_id=account.branch_id,
            serves_all=role == "staff",
        )

    def state(self, match_id: int | None = None) -> MatchState:
        return self.get(Match, match_id or self.match_id).state

    def get(self, table: type[Any], id_: int) -> Any:
        with self.db.reader() as session:
            return session.get_one(table, id_)

    def post(self, role: str, path: str, page: str, /, **data: Any) -> TestResponse:
        return submit(self.browser(role), path, data, page=page)

    def decide(self, step: str, /, **data: Any) -> TestResponse:
        return self.post(
            "staff", f"/staff/matches/{self.match_id}/{step}", "/staff/matches/", **data
        )

    def answer(self, step: str, /, **data: Any) -> TestResponse:
        page = f"/me/matches/{self.match_id}"
        return self.post("resident", f"{page}/{step}", page, **data)

    def employ(self, step: str, /, **data: Any) -> TestResponse:
        page = f"/employer/matches/{self.match_id}"
        return self.post("employer", f"{page}/{step}", "/employer/applicants", **data)

    def record(self, step: str, /, **data: Any) -> TestResponse:
        page = f"/staff/matches/{self.match_id}"
        return self.post("staff", f"{page}/{step}", page, **data)

    def see(self, role: str, path: str) -> str:
        response = self.browser(role).get(path)
        assert response.status_code == 200, (path, response.status_code)
        return response.get_data(as_text=True)

    def to_applied(self) -> None:
        """Take the suggestion to the employer, through the real forms."""
        assert self.decide("confirm", channel="page").status_code == 303
        assert self.answer("interested").status_code == 303
        assert self.answer("share").status_code == 303

    def stand_applied(self) -> None:
        """Have it stand with the employer, as stalls do that were suggested before cases were."""
        with self.write() as session:
            factories.give_consent(session, self.resident_id, self.employer_id)
            match = session.get_one(Match, self.match_id)
            match.state, match.asked_at = MatchState.APPLIED, match.since
            session.add(match)


def make_world(
    db: Database, write: Write, sign_in: Callable[[Account], FlaskClient], **overrides: Any
) -> World:
    """Return a world; ``overrides`` go to the resident, those after ``opening_`` to the opening."""
    of_opening = {key[8:]: v for key, v in overrides.items() if key.startswith("opening_")}
    of_person = {key: v for key, v in overrides.items() if not key.startswith("opening_")}
    with write() as session:
        staff = factories.make_account(session, role=Role.STAFF)
        resident = factories.make_resident(
            session, with_account=True, **{"phone": "13712345678", **of_person}
        )
        member = factories.make_account(session, role=Role.EMPLOYER)
        employer = factories.make_employer(session, member=member)
        opening = factories.make_opening(session, employer_id=employer.id, **of_opening)
        match = factories.make_match(session, resident_id=resident.id, opening_id=opening.id)
        own = session.get_one(Account, resident.account_id)
        return World(
            db=db,
            write=write,
            sign_in=sign_in,
            accounts={"staff": staff, "resident": own, "employer": member},
            match_id=match.id,
            resident_id=resident.id,
            opening_id=opening.id,
            employer_id=employer.id,
        )


def second_applicant(world: World, **overrides: Any) -> Match:
    """Return another person's match in state ``applied`` with consent, for the same opening."""
    with world.write() as session:
        other: Resident = factories.make_resident(session, with_account=True, **overrides)
        factories.give_consent(session, other.id, world.employer_id)
        return factories.make_match(
            session,
            resident_id=other.id,
            opening_id=world.opening_id,
            state=MatchState.APPLIED,
        )


def visible_words(html: str) -> str:
    """Return a page's words without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
