"""Nobody answers: offers run out, employers are asked, residents told, staff answer for them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlmodel import select

from tests.functional.matches_world import World, make_world, second_applicant
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.audit import verify_chain
from webapp.core.db import Database
from webapp.core.models import AuditEvent
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import MatchEvent
from webapp.matches.services import chase_employers
from webapp.residents.models import Consent, Resident

S = MatchState


def test_staff_answer_for_somebody_without_a_phone(
    db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]
) -> None:
    world = make_world(db, write, sign_in)
    with write() as session:
        session.get_one(Resident, world.resident_id).account_id = None
    world.decide("confirm", channel="in_person")
    assert world.record("answer", answer="apply").status_code == 400  # how were you told?
    assert world.record("answer", answer="apply", told="in_person").status_code == 303
    assert world.state() is S.APPLIED
    with db.reader() as session:
        consent = session.exec(select(Consent)).one()
        staff = world.accounts["staff"].id
        assert (consent.channel, consent.given_by_id) == ("in_person", staff)
        said = session.exec(select(AuditEvent).where(AuditEvent.action == "match.answer")).one()
        assert said.details["on_behalf"] is True
        assert said.account_id == staff


def test_staff_record_what_an_employer_said_by_phone(world: World) -> None:
    other = second_applicant(world)
    page = f"/staff/matches/{other.id}"
    done = world.post(
        "staff",
        f"{page}/hire",
        page,
        start_date=clock.today().isoformat(),
        evidence="电话里说的，已看合同照片",
    )
    assert done.status_code == 303
    assert world.state(other.id) is S.HIRED
    with world.db.reader() as session:
        hired = session.exec(select(AuditEvent).where(AuditEvent.action == "match.hire")).one()
    assert hired.details["on_behalf"] is True


def test_offers_run_out_and_can_still_be_answered(world: World) -> None:
    from webapp.matches.services.offer_expiry import time_out_offers

    world.decide("confirm", channel="page")
    with world.write() as session:
        assert time_out_offers(session) == 0
    with clock.frozen(clock.now() + timedelta(days=8)):
        with world.write() as session:
            assert time_out_offers(session) == 1
        assert world.state() is S.NO_REPLY
        assert "居民没回话" in world.see("staff", "/staff/")
        world.record("renew", again_channel="phone")
        assert world.state() is S.OFFERED
    world.answer("interested")
    assert world.state() is S.INTERESTED


def test_silent_employers_are_asked_and_residents_told(world: World) -> None:
    world.to_applied()
    assert "单位没回话" not in world.see("staff", "/staff/")
    handed_in = clock.now()
    page = f"/me/matches/{world.match_id}"

    def after_days(days: float, noted: int) -> None:
        with clock.frozen(handed_in + timedelta(days=days)), world.write() as session:
            assert chase_employers(session) == noted
            assert chase_employers(session) == 0  # once each

    after_days(2.9, 0)
    assert "等您回话" not in world.see("employer", "/employer/applicants")
    after_days(3, 1)
    assert "等您回话" in world.see("employer", "/employer/applicants")
    assert "社区催了一次" in world.see("resident", page)
    with clock.frozen(handed_in + timedelta(days=3)):
        assert "单位没回话" in world.see("staff", "/staff/")
    assert "雇主未回复" not in world.see("resident", "/me/")
    world.employ("seen")  # a look is no answer
    after_days(7, 1)
    after_days(13.9, 0)
    after_days(14, 1)
    assert "雇主未回复" in world.see("resident", "/me/")
    assert "雇主未回复" in world.see("resident", "/me/messages/")
    after_days(60, 0)
    assert world.state() is S.SEEN  # never turned down by silence
    with world.db.reader() as session:
        steps = select(MatchEvent).where(MatchEvent.reason != "").order_by(MatchEvent.id)
        assert [(one.action, one.reason) for one in session.exec(steps)] == [
            ("chase", "3"),
            ("chase", "7"),
            ("tell_silent", "14"),
        ]
        assert verify_chain(session) == []
    world.employ("offer-job", message="周五来")  # an answer: nobody is chased any more
    assert "等您回话" not in world.see("employer", "/employer/applicants")


def test_after_a_pause_of_the_scheduler_nobody_is_asked_twice(world: World) -> None:
    world.to_applied()
    with clock.frozen(clock.now() + timedelta(days=20)), world.write() as session:
        assert chase_employers(session) == 1
    with world.db.reader() as session:
        noted = session.exec(select(MatchEvent.action).where(MatchEvent.reason != "")).all()
    assert list(noted) == ["tell_silent"]
    with clock.frozen(clock.now() + timedelta(days=30)):
        day = clock.today() + timedelta(days=2)
        world.employ("invite", day=day.isoformat(), time="09:00", place="门卫室")
        with world.write() as session:
            assert chase_employers(session) == 0
    with clock.frozen(clock.now() + timedelta(days=31)), world.write() as session:
        assert chase_employers(session) == 0  # silence counts from the interview
    with clock.frozen(clock.now() + timedelta(days=36)), world.write() as session:
        assert chase_employers(session) == 1
