"""What other parts set off here, pictures that staff let everybody see, and quiet hours."""

import pytest
from sqlmodel import select

from tests.factories import make_household, make_resident
from tests.forms import forms_on
from tests.functional.pages import see
from tests.functional.tickets import world as worlds
from tests.functional.tickets.world import at
from webapp import events
from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.photos import Kept
from webapp.messages.models import NotificationOptIn
from webapp.notices.models import Audience, OutboxRow, OutsideChannel
from webapp.tickets.lifecycle import TicketChannel, TicketState
from webapp.tickets.models.steps import TicketPhoto
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import handling


def test_doubted_pay_becomes_a_ticket_of_the_branch_for_work_once(world, write):
    with write() as session:
        session.get_one(Branch, world.other_branch_id).serves_all = True
        household = make_household(session)
        resident = make_resident(session, household_id=household.id, phone="13800001234")
        told = events.PaymentDoubted(7, household.id, clock.today())
        assert events.announce(session, SYSTEM, told) == 1
        assert events.announce(session, SYSTEM, told) == 0
    with world.db.reader() as session:
        ticket = session.exec(select(Ticket)).one()
    assert (ticket.channel, ticket.state) == (TicketChannel.SYSTEM, TicketState.CLASSIFIED)
    assert (ticket.branch_id, ticket.resident_id) == (world.other_branch_id, resident.id)
    assert ticket.is_private


def test_a_reporter_hears_of_an_answer_in_the_morning(world, write):
    with write() as session:
        session.add(
            OutsideChannel(
                name="gateway",
                url="json://127.0.0.1",
                audience=Audience.PEOPLE,
                created_at=clock.now(),
            )
        )
        account_id = world.accounts["resident"].id
        session.add(NotificationOptIn(account_id=account_id, since=clock.now()))
    with clock.frozen(at("2026-11-30 23:30")):
        world.file("resident")
        world.sort()
        world.dispatch()
        world.do("owner", handling.acknowledge)
        world.do("owner", handling.reply, words="换好了")
    with world.db.reader() as session:
        waits = session.exec(select(OutboxRow)).one()
    assert waits.account_id == account_id
    assert waits.urgent is None
    assert at("2026-12-01 06:00") < waits.due_at <= at("2026-12-01 09:00")


@pytest.fixture
def desk(app, db, write, sign_in):
    """People, and the secretary's browser, without a request around it."""
    found = worlds.make(db, write)
    found.request = app.test_request_context
    return found, sign_in(found.accounts["secretary"])


def test_a_picture_is_shown_to_all_only_after_the_words(desk):
    world, browser = desk
    world.file(photos=[Kept("c" * 32 + ".jpg", 40, 30)])
    page = f"/staff/tickets/{world.ticket_id}"
    assert "也公开" not in see(browser, page)
    with world.db.reader() as session:
        photo_id = session.exec(select(TicketPhoto.id)).one()

    def send(ending):
        form = next(one for one in forms_on(browser.get(page)) if one.action.endswith(ending))
        return browser.post(form.action, data=form.data).status_code

    assert send("/publish") == 303
    assert send(f"/photos/{photo_id}/release") == 303
    assert "收回第 1 张照片" in see(browser, page)
    assert send(f"/photos/{photo_id}/hide") == 303
    assert "第 1 张照片也公开" in see(browser, page)
    assert browser.get(f"{page}/photos/{photo_id}").status_code == 404  # its file is not there
    assert browser.get(f"{page}/photos/{photo_id + 1}").status_code == 404
