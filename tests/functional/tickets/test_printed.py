"""Blank forms with codes of their own, posters with a place: printed, typed in, scanned."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from tests.forms import press
from tests.functional.pages import see, text
from tests.functional.tickets.test_filing_pages import LAMP, file, tickets
from webapp.core import clock
from webapp.tickets.lifecycle import TicketChannel
from webapp.tickets.models.printed import BlankForm, WallPlace

PRINTING = "/staff/tickets/printing"
WRITE_DOWN = "/staff/tickets/new"


def print_forms(db, desk, number: int = 2) -> list[BlankForm]:
    answer = press(desk, PRINTING, "/forms", number=str(number))
    assert answer.status_code == 303
    with db.reader() as session:
        forms = list(session.exec(select(BlankForm).order_by(col(BlankForm.id))))
    page = see(desk, answer.location)
    assert page.count('class="form-sheet"') == number
    for form in forms:
        assert form.pin in page
    return forms


def type_in(desk, form, **changes):
    return press(
        desk, WRITE_DOWN, **{**LAMP, "channel": "paper", "paper_code": form.code.lower(), **changes}
    )


def test_a_form_is_followed_from_the_day_it_was_handed_in(db, desk, client):
    with clock.frozen(clock.now() - timedelta(days=6)):
        form, other = print_forms(db, desk)
    shown = f"/feedback/{form.code}"
    assert press(client, shown, pin=other.pin).status_code == 400
    assert "还没有录" in text(press(client, shown, pin=form.pin))
    day = clock.today() - timedelta(days=3)
    for wrong, said in [
        ({"paper_code": "2" * 12}, "没有印过"),
        ({"paper_code": "22"}, "12 位"),
        ({"channel": "phone"}, "纸上写的"),
        ({"handed_in_on": (clock.today() + timedelta(days=1)).isoformat()}, "还没到"),
        ({"handed_in_on": (clock.today() - timedelta(days=9)).isoformat()}, "还没有印"),
    ]:
        answer = type_in(desk, form, **wrong)
        assert (answer.status_code, said in text(answer)) == (400, True), wrong
    assert tickets(db) == []
    answer = type_in(desk, form, visibility="private", handed_in_on=day.isoformat())
    assert answer.status_code == 303
    [ticket] = tickets(db)
    assert (ticket.code, ticket.channel) == (form.code, TicketChannel.PAPER)
    assert clock.local(ticket.clock_started_at).date() == day
    assert form.pin not in see(desk, answer.location)  # it stands on the writer's strip alone
    assert press(client, shown, pin=form.pin).status_code == 303
    assert LAMP["words"] in see(client, shown)
    assert "已经录过" in text(type_in(desk, form))
    with db.reader() as session:
        assert session.get_one(BlankForm, form.id).pin is None


def test_a_pin_goes_with_its_form(write, db, desk):
    form, _other = print_forms(db, desk)
    forget = update(BlankForm).where(col(BlankForm.id) == form.id).values(pin=None)
    with write() as session, pytest.raises(IntegrityError):
        session.exec(forget)


@pytest.mark.parametrize("number", ["", "0", "51", "x", "-1", "9" * 30])
def test_as_many_forms_as_a_printer_takes(db, desk, number):
    assert press(desk, PRINTING, "/forms", number=number).status_code == 400
    with db.reader() as session:
        assert session.exec(select(BlankForm)).first() is None


def test_a_poster_names_its_place(db, desk, client):
    answer = press(desk, PRINTING, "/posters", place="6栋1单元门口")
    page = see(desk, answer.location)
    assert "<svg" in page
    assert "6栋1单元门口" in page
    with db.reader() as session:
        poster = session.exec(select(WallPlace)).one()
    again = press(desk, PRINTING, "/posters", place="6栋1单元门口")
    assert again.location == answer.location  # it is the one that hangs there
    scanned = f"/feedback/new?at={poster.code}"
    assert 'value="6栋1单元门口"' in see(client, scanned)
    file(client, scanned, place="6栋1单元门口")
    assert tickets(db)[0].channel is TicketChannel.WALL_CODE
    assert press(desk, PRINTING, "/take-down").status_code == 303
    assert "6栋1单元门口" not in see(client, scanned)
    assert desk.get(answer.location).status_code == 404
    for unknown in ("2" * 12, "x", "%00", "长" * 3000):
        assert client.get(f"/feedback/new?at={unknown}").status_code in {200, 400}


def test_a_poster_needs_a_place(db, desk):
    for place in ("", " ", "长" * 61):
        assert press(desk, PRINTING, "/posters", place=place).status_code == 400


def test_only_staff_print(client, sign_in, write):
    assert re.search("/login", client.get(PRINTING).location)
    assert client.post(f"{PRINTING}/forms").status_code in {302, 303, 400}
