"""Declining, not replying and withdrawing never stand anywhere as a refusal of work.

Every page and file of staff, employer and admin is read in a world where one person did all
three; only the match's own page tells staff that somebody let it go, and why.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from tests import factories
from tests.functional.matches_world import World, make_world, visible_words
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import PERMISSIONS, Role
from webapp.core.converters import IdConverter
from webapp.core.db import Database
from webapp.core.models import AuditEvent
from webapp.matches import services
from webapp.matches.lifecycle import MatchState
from webapp.matches.reason_codes import Channel, DeclineReason
from webapp.residents.models import Resident

# Where one match is read by itself: staff may know what to suggest better, and no more.
OWN_PAGE = {"matches.show"}
NEVER = ("拒绝", "不愿意", "不肯", "refus", "decline", "withdrawn", "no_reply")
NOT_IN_LISTS = ("先不去", "选了别的", "不选", "家里走不开", "没有回话", "本人撤回")


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> World:
    """One person who declined one opening, let another pass and withdrew from a third."""
    world = make_world(db, write, sign_in, name="周不选")
    staff, person = world.actor("staff"), world.actor("resident")
    with write() as session:
        world.accounts["admin"] = factories.make_account(session, role=Role.ADMIN)
        openings = [factories.make_opening(session, employer_id=world.employer_id) for _ in "ab"]
        others = [
            factories.make_match(session, resident_id=world.resident_id, opening_id=one.id)
            for one in openings
        ]
    ids = [world.match_id, *(one.id for one in others)]
    for id_ in ids:
        with db.transaction(staff) as session:
            services.confirm_match(session, staff, match_id=id_, channel=Channel.PAGE)
    with db.transaction(person) as session:
        services.decline(session, person, match_id=ids[0], code=DeclineReason.FAMILY, note="带娃儿")
        services.share_and_apply(session, person, match_id=ids[2], channel=Channel.PAGE)
        services.withdraw(session, person, match_id=ids[2])
    with clock.frozen(clock.now() + timedelta(days=9)), write() as session:
        assert services.time_out_offers(session) == 1
    return world


def answers(app: Flask, world: World, role: Role) -> Iterator[tuple[str, str]]:
    """Yield (endpoint, body) of every address the role may read, with the world's own ids."""
    known = {
        "match_id": world.match_id,
        "resident_id": world.resident_id,
        "opening_id": world.opening_id,
        "employer_id": world.employer_id,
        "account_id": world.accounts["resident"].id,
    }
    browser = world.browser(role.value)
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        if access is not None and access not in PERMISSIONS[role]:
            continue
        converters = rule._converters
        names = sorted(rule.arguments)
        possible = [
            [known.get(name, 1)]
            if isinstance(converters[name], IdConverter)
            else sorted(getattr(converters[name], "items", ["x"]))
            for name in names
        ]
        for values in product(*possible):
            address = app.url_map.bind("localhost").build(
                rule.endpoint, dict(zip(names, values, strict=True)), method="GET"
            )
            answer = browser.get(address)
            # An icon of dots says nothing in words; every other body is read.
            if answer.mimetype != "image/png":
                yield rule.endpoint, answer.get_data(as_text=True)


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.STAFF, Role.EMPLOYER, Role.ADMIN])
def test_no_page_or_file_shows_a_refusal_of_work(app: Flask, world: World, role: Role) -> None:
    name = world.get(Resident, world.resident_id).name
    read = 0
    for endpoint, body in answers(app, world, role):
        text = visible_words(body).replace(name, "某人") if "<" in body else body
        assert not [word for word in NEVER if word in _of_matches(text)], endpoint
        if endpoint not in OWN_PAGE:
            assert not [word for word in NOT_IN_LISTS if word in text and "某人" in text], endpoint
        if role is Role.EMPLOYER:
            assert "某人" not in text, endpoint
        read += 1
    assert read > 5
    if role is Role.STAFF:
        own = visible_words(world.see("staff", f"/staff/matches/{world.match_id}"))
        assert "先不去" in own  # here, and only here


def _of_matches(text: str) -> str:
    """Leave out what employers and openings are told of their own files."""
    return re.sub(r"(核实没通过|单位拒绝\S*)", "", text)


def test_the_trail_says_that_somebody_answered_and_not_what(world: World) -> None:
    with world.db.reader() as session:
        rows = session.exec(select(AuditEvent)).all()
    answered = [one for one in rows if one.action == "match.answer"]
    assert len(answered) == 3  # declined, said yes, withdrew: all alike
    assert all(one.details == {} for one in answered)
    trail = str([(one.action, one.details) for one in rows])
    assert not [word for word in ("decline", "withdraw", "no_reply", "time_out") if word in trail]


def test_a_persons_own_copy_says_what_it_is_not(world: World) -> None:
    copy = world.browser("resident").get("/me/data.json").get_json()
    assert "都不是拒绝工作" in copy["about"]
    assert MatchState.DECLINED in [one["state"] for one in copy["matches"]]  # it is theirs
