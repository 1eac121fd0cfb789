"""/staff/tickets/new: staff write down what somebody said, and hand over a slip."""

import pytest
from sqlmodel import select

from tests.factories import acting, make_account, make_resident
from tests.forms import press
from tests.functional.pages import see, text
from tests.functional.tickets.test_filing_pages import LAMP, SCRIPT, picture, tickets
from webapp.accounts.models import Account
from webapp.core.access import Role
from webapp.core.errors import BadField
from webapp.core.models import AuditEvent
from webapp.residents.models import ResidentState
from webapp.tickets.lifecycle import TicketChannel
from webapp.tickets.services.filing import Reporter
from webapp.tickets.services.writing_down import write_down as write_down_service

NEW = "/staff/tickets/new"
SAID = {**LAMP, "channel": "phone"}


def write_down(desk, page=NEW, **changes):
    return press(desk, page, **{**SAID, **changes})


def test_by_telephone_in_a_callers_name(db, desk):
    answer = write_down(desk, name="王小妹", phone="138 1234 5678", visibility="private")
    [ticket] = tickets(db)
    assert (ticket.channel, ticket.reporter_name) == (TicketChannel.PHONE, "王小妹")
    assert ticket.reporter_phone == "13812345678"
    assert (ticket.filed_by_id is None, ticket.reporter_account_id) == (False, None)
    page = see(desk, answer.location)
    pin = page.split('class="ticket-code">')[2][:6]
    slip = see(desk, answer.location + "/slip")
    assert pin in slip
    assert "<svg" in slip


def test_in_a_residents_name_only_by_their_word(db, write, desk):
    with write() as session:
        resident = make_resident(session, name="陈桂芳")
        gone = make_resident(session, name="陈桂生", state=ResidentState.LEFT)
    found = see(desk, f"{NEW}?q=陈桂")
    assert f"resident={resident.id}" in found
    assert f"resident={gone.id}" not in found
    page = f"{NEW}?resident={resident.id}"
    assert "陈桂芳" in see(desk, page)
    refused = write_down(desk, page)
    assert refused.status_code == 400
    assert "没有本人的话" in text(refused)
    assert write_down(desk, page, consent="y").status_code == 303
    [ticket] = tickets(db)
    assert ticket.resident_id == resident.id
    with db.reader() as session:
        written = session.exec(
            select(AuditEvent).where(AuditEvent.action == "ticket.write_down")
        ).one()
    assert written.details == {"on_behalf": True}
    for nobody in (gone.id, 999999):
        assert desk.get(f"{NEW}?resident={nobody}").status_code == 404
    for strange in ("x", "-1", "9" * 30):
        assert desk.get(f"{NEW}?resident={strange}").status_code == 200


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"channel": ""}, "请点一个"),
        ({"channel": "web"}, ""),
        ({"channel": "system"}, ""),
        ({"words": ""}, "请写几句"),
        ({"visibility": ""}, "请点一个"),
        ({"handed_in_on": "x"}, "日期不对"),
        ({"handed_in_on": "2020-01-01"}, "从现在算起"),
        ({"member": "999999"}, "请从名单里选"),
    ],
)
def test_what_cannot_be_is_said(db, desk, changes, said):
    answer = write_down(desk, **changes)
    assert answer.status_code == 400
    assert said in text(answer)
    assert tickets(db) == []


def test_sent_twice_it_is_one_and_scripts_are_words(db, desk):
    sent = {"idempotency_key": "cd" * 16, "words": SCRIPT, "name": SCRIPT, "place": SCRIPT}
    first = write_down(desk, **sent, photos=(picture(), "a.jpg"))
    assert write_down(desk, **sent, photos=(picture(), "a.jpg")).location == first.location
    assert len(tickets(db)) == 1
    assert SCRIPT not in see(desk, first.location)


def test_the_service_asks_for_their_word_too(app, db, write, staff):
    with write() as session:
        resident = make_resident(session)
    said = {"words": "灯坏了", "channel": TicketChannel.COUNTER}
    reporter = Reporter(resident_id=resident.id)
    actor = acting(staff, branch_id=staff.branch_id)
    with app.test_request_context(), db.transaction(actor) as session, pytest.raises(BadField):
        write_down_service(session, actor, reporter=reporter, **said)


def test_nobody_else_writes_for_others(write, sign_in, client):
    with write() as session:
        resident = make_resident(session, with_account=True)
        account = session.get_one(Account, resident.account_id)
        employer = make_account(session, role=Role.EMPLOYER)
    for browser in (sign_in(account), sign_in(employer)):
        assert browser.get(NEW).status_code == 403
    assert "/login" in client.get(NEW).location
