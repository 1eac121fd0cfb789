"""Who found work is looked for no more, unless they say so; who lost it is looked for again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from tests import factories
from tests.forms import press
from tests.functional.matches_world import World, make_world
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.employment.lifecycle import WORK, Evidence, SpellKind
from webapp.employment.models import EmploymentSpell
from webapp.employment.queries import works
from webapp.employment.services import spells
from webapp.engine.models import SuggestionRequest
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.residents.models import Household, Resident, ResidentState

K, E, R = SpellKind, Evidence, ResidentState
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> World:
    return make_world(db, write, sign_in)


def page_of(world: World) -> str:
    return f"/staff/residents/{world.resident_id}/employment"


def note(world: World, **fields: Any) -> None:
    usual = {"kind": "found_alone", "starts_on": clock.today().isoformat(), "evidence": "payslip"}
    done = press(world.browser("staff"), page_of(world), "employment", **{**usual, **fields})
    assert done.status_code == 303, done.get_data(as_text=True)


def stand(world: World) -> ResidentState:
    return world.get(Resident, world.resident_id).state


def suggestions(world: World) -> int:
    with world.db.reader() as session:
        asked = select(Match.id).where(
            Match.resident_id == world.resident_id, Match.state == MatchState.SUGGESTED
        )
        return len(session.exec(asked).all())


def last_spell(world: World) -> EmploymentSpell:
    with world.db.reader() as session:
        found = session.exec(select(EmploymentSpell).order_by(EmploymentSpell.id.desc())).first()
    assert found is not None
    return found


def test_found_alone_ends_the_search_and_the_end_of_it_begins_it_again(world, write):
    with write() as session:
        factories.make_match(session, resident_id=world.resident_id)
    assert world.decide("confirm", channel="page").status_code == 303
    note(world)
    assert stand(world) is R.EMPLOYED
    assert suggestions(world) == 0
    assert world.state() is MatchState.HIRED_ELSEWHERE  # rests, and the person is told
    assert "您别处的活说好了" in world.see("resident", f"/me/matches/{world.match_id}")
    assert "已有工作" in world.see("staff", f"/staff/residents/{world.resident_id}")
    ending = f"{page_of(world)}/{last_spell(world).id}/end"
    done = press(world.browser("staff"), ending, ends_on=clock.today().isoformat())
    assert done.status_code == 303
    assert stand(world) is R.SEEKING
    assert world.state() is MatchState.OFFERED
    with world.db.reader() as session:
        asked = session.exec(select(SuggestionRequest.resident_id)).all()
    assert world.resident_id in asked


def test_who_still_looks_stays_where_they_were(world):
    note(world, looking="y")
    assert stand(world) is R.SEEKING
    assert suggestions(world) == 1
    note(world, kind="caring", evidence="visit_note")  # no work
    assert stand(world) is R.SEEKING
    note(world, starts_on="2026-01-05", ends_on="2026-02-05")  # over long ago
    assert stand(world) is R.SEEKING


def test_a_mistake_withdrawn_or_corrected_begins_the_search_again(world):
    note(world)
    wrong = last_spell(world)
    taken = press(world.browser("staff"), f"{page_of(world)}/{wrong.id}/withdraw", reason="记错人")
    assert taken.status_code == 303
    assert stand(world) is R.SEEKING
    note(world)
    page = f"{page_of(world)}?correct={last_spell(world).id}"
    done = press(world.browser("staff"), page, "employment", kind="caring", evidence="visit_note")
    assert done.status_code == 303
    assert stand(world) is R.SEEKING


def test_one_job_of_two_is_left(world):
    """Somebody is hired here beside what they found alone, and leaves one after the other."""
    world.to_applied()
    day = clock.today().isoformat()
    assert world.employ("hire", start_date=day, evidence="签了合同").status_code == 303
    note(world, kind="self_employed", evidence="licence")
    alone = last_spell(world)
    assert world.employ("leave", leave_code="resigned").status_code == 303
    assert stand(world) is R.EMPLOYED
    ending = f"{page_of(world)}/{alone.id}/end"
    assert press(world.browser("staff"), ending, ends_on=day).status_code == 303
    assert stand(world) is R.SEEKING


def test_ending_a_spell_by_hand_leaves_who_is_hired_here_in_work(world):
    world.to_applied()
    day = clock.today().isoformat()
    assert world.employ("hire", start_date=day, evidence="签了合同").status_code == 303
    ending = f"{page_of(world)}/{last_spell(world).id}/end"
    assert press(world.browser("staff"), ending, ends_on=day).status_code == 303
    assert stand(world) is R.EMPLOYED


def test_two_taps_lead_back_to_where_one_heard_of_it(world, write):
    with write() as session:
        home = session.get_one(Household, world.get(Resident, world.resident_id).household_id)
        home.responsible_id = world.accounts["staff"].id
    browser, person = world.browser("staff"), f"/staff/residents/{world.resident_id}"
    lists = ("/staff/residents/?show=mine&order=home", "/staff/caseload/", f"{person}/contacts")
    for at, place in enumerate((*lists, person)):
        words, query = ("又在找活路了", "again") if at % 2 else ("有工作了", "found")
        shown = browser.get(place).get_data(as_text=True)
        link = next(part for part in shown.split('href="') if f"employment?{query}=1" in part)
        assert words in link
        second = link.split('"')[0].replace("&amp;", "&")
        # Nothing is chosen or typed, and the page it leads to is the one it came from.
        done = press(browser, second, "employment")
        assert (done.status_code, done.headers["Location"]) == (303, place)
        assert "记好了：" in browser.get(place).get_data(as_text=True)
        assert stand(world) is (R.SEEKING if at % 2 else R.EMPLOYED)
    away = press(browser, f"{page_of(world)}?found=1&next=https://example.org/", "employment")
    assert away.headers["Location"] == page_of(world)


def test_a_person_says_it_themself_and_looks_again_by_themself(world):
    day = clock.today().isoformat()
    said = press(world.browser("resident"), "/me/employment", kind="found_alone", starts_on=day)
    assert said.status_code == 303
    assert stand(world) is R.EMPLOYED
    assert "先不给您推荐活路了" in world.see("resident", "/me/employment")
    assert press(world.browser("resident"), "/me/", "/me/resume").status_code == 303
    assert stand(world) is R.SEEKING
    # What was said is verified later: that says nothing of whether they look.
    verify = f"{page_of(world)}/{last_spell(world).id}/verify"
    assert press(world.browser("staff"), verify, evidence="payslip").status_code == 303
    assert stand(world) is R.SEEKING


Step = tuple[str, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(("work", "works_and_looks", "looks", "end", "withdraw")), st.integers(0, 9)
    ),
    max_size=8,
)


@one_database
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_whatever_is_recorded_the_state_follows(app, db, write, taken: list[Step]):
    """After any course of things nobody stands as employed without work, or is suggested any."""
    with write() as session:
        match = factories.make_match(session)
        staff = factories.make_account(session, role=Role.STAFF)
    world = World(db, write, lambda _one: None, {"staff": staff}, match.id, match.resident_id, 0, 0)
    expected = R.SEEKING
    with app.test_request_context():
        for what, which in taken:
            with db.transaction(world.actor("staff")) as session:
                going_on = session.exec(
                    select(EmploymentSpell)
                    .where(
                        EmploymentSpell.resident_id == match.resident_id,
                        EmploymentSpell.ends_on.is_(None),
                        EmploymentSpell.withdrawn_at.is_(None),
                    )
                    .order_by(EmploymentSpell.id)
                ).all()
                expected = _step(session, world, what, which, going_on, expected)
            assert stand(world) is expected, taken
            if expected is R.EMPLOYED:
                assert suggestions(world) == 0
                with db.reader() as session:
                    assert works(session, match.resident_id)


def _step(session, world, what, which, going_on, before) -> ResidentState:
    actor, day = world.actor("staff"), clock.today() - timedelta(days=1)
    if what in {"end", "withdraw"}:
        if not going_on:
            return before
        one = going_on[which % len(going_on)]
        if what == "end":
            spells.end(session, actor, spell_id=one.id, ends_on=clock.today())
        else:
            spells.withdraw(session, actor, spell_id=one.id, reason="记错了")
        left = [other for other in going_on if other.kind in WORK and other.id != one.id]
        was_last = one.kind in WORK and not left
        return R.SEEKING if was_last and before is R.EMPLOYED else before
    looks = what == "looks"
    if looks and any(one.kind is K.LOOKING for one in going_on):
        return before
    spells.record(
        session,
        actor,
        resident_id=world.resident_id,
        kind=K.LOOKING if looks else K.FOUND_ALONE,
        starts_on=day,
        evidence=E.VISIT_NOTE,
        looking=what == "works_and_looks",
    )
    return R.EMPLOYED if what == "work" else R.SEEKING


def test_who_comes_back_to_a_place_they_left_is_hired_there_again(world):
    world.to_applied()
    day = clock.today().isoformat()
    for _again in range(2):
        assert world.employ("hire", start_date=day, evidence="签了合同").status_code == 303
        assert stand(world) is R.EMPLOYED
        assert world.employ("leave", leave_code="resigned").status_code == 303
        opening = f"/openings/{world.opening_id}"
        asked = press(world.browser("resident"), opening, "/interest")
        assert asked.status_code == 303
    with world.db.reader() as session:
        jobs = session.exec(select(EmploymentSpell)).all()
    assert [(one.kind, one.ends_on) for one in jobs] == [(K.FOUND_HERE, clock.today())] * 2
