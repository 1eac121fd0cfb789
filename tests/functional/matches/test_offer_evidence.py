"""What was kept of an offer: frozen, printed for the person, seen by nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from tests import factories
from tests.forms import press
from tests.functional.matches.test_refusal_firewall import answers
from tests.functional.matches_world import World, make_world
from webapp.core import clock
from webapp.core.access import SYSTEM, Role
from webapp.core.db import Database
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import PayUnit, Reach
from webapp.matches import services
from webapp.matches.models import EvidenceRequest, OfferEvidence
from webapp.matches.reason_codes import AskedHow, Channel
from webapp.matches.services import offer_evidence
from webapp.openings.models import Opening
from webapp.privacy.service import leave
from webapp.residents.models import Resident

MARK = "记号三七二"


@pytest.fixture
def world(db: Database, write: Any, sign_in: Any) -> World:
    """A suggestion that asks more than the person can, and pays less than they need."""
    world = make_world(db, write, sign_in)
    with write() as session:
        world.accounts["admin"] = factories.make_account(session, role=Role.ADMIN)
        resident = session.get_one(Resident, world.resident_id)
        resident.reach, resident.min_pay_fen = Reach.ESTATE, 400000
        resident.limits = ["standing"]
        opening = session.get_one(Opening, world.opening_id)
        opening.place, opening.demands = "重庆市/渝北区", ["standing"]
        opening.pay_min_fen = opening.pay_max_fen = 300000
        opening.pay_month_min_fen = opening.pay_month_max_fen = 300000
        opening.pay_unit = PayUnit.MONTH
    return world


def offer(world: World) -> None:
    staff = world.actor("staff")
    with world.db.transaction(staff) as session:
        services.confirm_match(session, staff, match_id=world.match_id, channel=Channel.PAGE)


def kept(world: World) -> list[OfferEvidence]:
    with world.db.reader() as session:
        return list(session.exec(select(OfferEvidence)))


def test_an_offer_keeps_what_did_not_fit_whatever_changes_later(world: World, write: Any) -> None:
    assert world.browser("resident").get(f"/me/matches/{world.match_id}").status_code == 404
    offer(world)
    (row,) = kept(world)
    assert [one["code"] for one in row.content["findings"]] == ["demand", "place", "min_pay"]
    with write() as session:
        session.get_one(Opening, world.opening_id).place = "重庆市/九龙坡区/华岩镇/华龙家园"
        resident = session.get_one(Resident, world.resident_id)
        resident.limits, resident.reach = [], Reach.ANYWHERE
    page = world.see("resident", f"/me/matches/{world.match_id}")
    assert f"/me/matches/{world.match_id}/evidence" in page
    paper = world.see("resident", f"/me/matches/{world.match_id}/evidence")
    for words in ("长时间站", "渝北区", "您说的最少是4,000 元/月", "2,330 元/月", row.digest[:12]):
        assert words in paper
    (again,) = kept(world)
    assert again.content == row.content


def test_an_offer_made_again_keeps_its_own(world: World) -> None:
    offer(world)
    staff = world.actor("staff")
    with clock.frozen(clock.now() + timedelta(days=9)):
        with world.write() as session:
            assert services.time_out_offers(session) == 1
        with world.db.transaction(staff) as session:
            services.renew_offer(session, staff, match_id=world.match_id, channel=Channel.PAGE)
    assert len(kept(world)) == 2


def test_staff_print_it_when_the_person_asks(world: World) -> None:
    page = f"/staff/matches/{world.match_id}/evidence"
    assert world.browser("staff").get(page).status_code == 404  # nothing was offered yet
    offer(world)
    asking = world.see("staff", page)
    assert "渝北区" not in asking
    assert press(world.browser("staff"), page, how="").status_code == 400
    sent = press(world.browser("staff"), page, how="in_person")
    assert sent.status_code == 303
    paper = world.browser("staff").get(sent.headers["Location"])
    assert "长时间站" in paper.get_data(as_text=True)
    assert paper.headers["Cache-Control"] == "no-store"
    with world.db.reader() as session:
        request = session.exec(select(EvidenceRequest)).one()
        assert request.how is AskedHow.IN_PERSON
        trail = session.exec(
            select(AuditEvent).where(AuditEvent.action == "match.evidence_print")
        ).one()
        assert trail.account_id == world.accounts["staff"].id
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        late = world.browser("staff").get(sent.headers["Location"])
    assert late.status_code == 404


def test_no_other_member_reads_what_one_was_asked_to_print(
    world: World, write: Any, sign_in: Any
) -> None:
    offer(world)
    staff = world.actor("staff")
    with world.db.transaction(staff) as session:
        request = offer_evidence.ask(session, staff, match_id=world.match_id, how=AskedHow.PHONE)
    with write() as session:
        branch_id = session.get_one(Resident, world.resident_id).branch_id
        other = factories.make_account(session, role=Role.STAFF, branch_id=branch_id)
        neighbour = factories.make_resident(session, with_account=True)
        account = session.get_one(type(other), neighbour.account_id)
    page = f"/staff/matches/{world.match_id}/evidence/{request.id}"
    assert sign_in(other).get(page).status_code == 404
    assert sign_in(account).get(f"/me/matches/{world.match_id}/evidence").status_code == 404
    assert world.browser("employer").get(page).status_code == 403


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.STAFF, Role.EMPLOYER, Role.ADMIN])
def test_it_stands_on_no_page_and_in_no_file_of_anybody_else(
    app: Flask, world: World, write: Any, role: Role
) -> None:
    """A mark that is in the evidence alone is looked for at every address of every role."""
    offer(world)
    with write() as session:
        content = {**kept(world)[0].content, "findings": [{"code": "place", "text": MARK}]}
        session.add(
            OfferEvidence(
                match_id=world.match_id, resident_id=world.resident_id,
                offered_at=clock.now(), content=content, digest="0" * 64,
            )
        )  # fmt: skip
    found = {endpoint for endpoint, body in answers(app, world, role) if _marked(body)}
    own = {"matches.my_evidence", "privacy.data_file"}
    assert found == (own if role is Role.RESIDENT else set())


def _marked(body: str) -> bool:
    return MARK in body or MARK.encode("unicode_escape").decode() in body


def test_the_database_itself_keeps_it_until_the_person_leaves(world: World) -> None:
    offer(world)
    for statement in (
        "UPDATE offer_evidence SET content = '{}'",
        "UPDATE offer_evidence SET digest = digest",
        "DELETE FROM offer_evidence",
    ):
        with pytest.raises(IntegrityError), world.db.transaction(SYSTEM) as session:
            session.execute(text(statement))
    person = world.actor("resident")
    with world.db.transaction(person) as session:
        leave(session, person, resident_id=world.resident_id)
    assert kept(world) == []


def test_it_goes_with_its_match(world: World) -> None:
    """Suggestions nobody has decided on are deleted; one may have been offered long before."""
    offer(world)
    with world.db.transaction(SYSTEM) as session:
        session.execute(text(f"DELETE FROM match WHERE id = {world.match_id}"))
    assert kept(world) == []
