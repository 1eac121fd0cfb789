"""Yes and no in the same moment, and what a household had in hand before (fault 1)."""

from datetime import timedelta

from sqlmodel import select

from tests.factories import (
    make_resident,
)
from tests.functional.piecework.world import make_world
from tests.functional.racing import at_once
from tests.functional.residents.village import HOME, settle
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.residents.models import Household, JoinRequest, JoinState, Resident
from webapp.residents.services import joining


def test_fault_1_yes_and_no_at_once_end_in_one_answer(village, app, db):
    with village.write() as session:  # a yes would hold at once, but for the father
        session.get(Resident, village.child).household_id = village.alone
    for _round in range(4):
        with village.write() as session:
            for row in session.exec(select(JoinRequest)):
                session.delete(row)
            session.flush()
            request = JoinRequest(
                resident_id=village.asker,
                unit_address=HOME,
                household_id=village.home,
                asked_at=clock.now(),
                answer_until=clock.now() + timedelta(hours=72),
            )
            session.add(request)
            session.flush()
            request_id = request.id
        ended = at_once(
            app,
            db,
            (
                village.actor(village.mother),
                lambda s, a, id_=request_id: joining.approve(s, a, request_id=id_),
            ),
            (
                village.actor(village.father),
                lambda s, a, id_=request_id: joining.approve(s, a, request_id=id_),
            ),
            (
                village.actor(village.father),
                lambda s, a, id_=request_id: joining.object_to(s, a, request_id=id_),
            ),
        )
        assert ended.count("409") in {1, 2}
        assert village.state(request_id) is JoinState.OBJECTED
        assert village.person(village.asker).household_id == village.alone


def test_fault_1_a_yes_that_holds_at_once_and_a_no_never_both_count(village, app, db):
    with village.write() as session:
        for one in (village.child, village.father):
            session.get(Resident, one).household_id = village.alone
        desk = session.get(Account, village.staff.id)
        staff = Actor(
            account_id=desk.id, role=Role.STAFF, branch_id=desk.branch_id, serves_all=True
        )
    for _round in range(4):
        with village.write() as session:
            for row in session.exec(select(JoinRequest)):
                session.delete(row)
            asker = session.get(Resident, village.asker)
            asker.household_id, asker.joined_at = village.alone, None
            session.flush()
            request = JoinRequest(
                resident_id=village.asker,
                unit_address=HOME,
                household_id=village.home,
                asked_at=clock.now(),
                answer_until=clock.now() + timedelta(hours=72),
            )
            session.add(request)
            session.flush()
            request_id = request.id
        ended = at_once(
            app,
            db,
            (
                village.actor(village.mother),
                lambda s, a, id_=request_id: joining.approve(s, a, request_id=id_),
            ),
            (staff, lambda s, a, id_=request_id: joining.object_to(s, a, request_id=id_)),
        )
        assert ended == ["409", "done"]
        accepted = village.state(request_id) is JoinState.ACCEPTED
        assert (village.person(village.asker).household_id == village.home) is accepted


def test_fault_1_work_of_before_is_not_seen_and_work_in_hand_stays_in_reach(
    app, db, write, sign_in
):
    world = make_world(db)
    world.publish()
    before = world.claim()
    with write() as session:
        family = session.get(Resident, world.families[0].resident_id)
        fresh = make_resident(
            session, with_account=True, household_id=family.household_id, joined_at=clock.now()
        )
        other = session.get(Resident, world.families[1].resident_id)
        world_home = family.household_id
        account = session.get(Account, fresh.account_id)
    after = world.claim()
    browser = sign_in(account)
    assert browser.get(f"/me/piecework/{before}").status_code == 404
    assert browser.get(f"/me/piecework/{after}").status_code == 200
    page = browser.get("/me/piecework/").get_data(as_text=True)
    assert f"/me/piecework/{after}" in page
    assert f"/me/piecework/{before}" not in page
    # Somebody alone with pieces in hand first hands them in.
    world.claim(family=1)
    with write() as session:
        asked = JoinRequest(
            resident_id=other.id,
            unit_address=session.get(Household, world_home).unit_address,
            household_id=world_home,
            asked_at=clock.now(),
            answer_until=clock.now() - timedelta(minutes=1),
            approved_at=clock.now(),
            approved_by_id=account.id,
        )
        session.add(asked)
        session.flush()
        asked_id = asked.id
    settle(app, db)
    with db.reader() as session:
        assert session.get(JoinRequest, asked_id).state is JoinState.ASKED
        assert session.get(Resident, other.id).household_id != world_home
