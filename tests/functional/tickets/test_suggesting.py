"""What is suggested for a new ticket: made in the background, shown to staff, never decided."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.functional.tickets import world as worlds
from tests.functional.tickets.test_desk import press, see
from webapp.core import clock
from webapp.engine import triage
from webapp.ops import frequent_jobs
from webapp.tickets.lifecycle import TicketKind, Urgency
from webapp.tickets.models.suggestions import TicketSuggestion
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.queries import suggestions
from webapp.tickets.services import alarms, own_data

MORNING = worlds.at("2026-11-30 09:00")
JOB = next(job for job in frequent_jobs.FREQUENT_JOBS if job.name == "ticket_suggestions")


@pytest.fixture
def world(app, db, write):
    """The people, without a request around the browsers."""
    found = worlds.make(db, write)
    found.request = app.test_request_context
    return found


@pytest.fixture
def suggest(app, db):
    """Run the job: ``suggest()`` returns how many were made."""

    def run():
        with app.test_request_context():
            return JOB.work(db)

    return run


def rows(db):
    with db.reader() as session:
        return {one.ticket_id: one for one in session.exec(select(TicketSuggestion))}


@pytest.mark.job("ticket_suggestions")
def test_made_once_for_what_nobody_sorted_yet(world, db, suggest):
    with clock.frozen(MORNING):
        water = world.file(words="3栋1单元停水了，一滴水都没得").id
        world.file(words="想学做面，哪里报名")
        world.sort()
        assert suggest() == 1
        assert suggest() == 0
    row = rows(db)[water]
    assert (row.kind, row.urgency) == (TicketKind.REQUEST, Urgency.UTILITIES)
    assert row.decided_at is None


def test_shown_on_the_page_and_filled_in_for_a_person_to_decide(world, db, suggest, sign_in):
    with clock.frozen(MORNING):
        world.file(words="3栋1单元停水了，一滴水都没得")
        first = world.ticket_id
        world.file(words="3栋1单元怎么停水了，家里没水煮饭")
        clerk = sign_in(world.accounts["clerk"])
        page = f"/staff/tickets/{world.ticket_id}"
        assert "看着像" not in see(clerk, page)
        assert suggest() == 2
        shown = see(clerk, page)
        assert "按写的话，看着像" in shown
        assert "停水停电停气" in shown
        assert f"第 {first} 件" in shown
        assert "都在3栋1单元" in shown
        assert re.search(r'value="utilities"[^>]*checked|checked[^>]*value="utilities"', shown)
        decided = {"branch_id": world.other_branch_id, "kind": "request", "urgency": "ordinary"}
        assert press(clerk, page, "/sort", **decided).status_code == 303
        assert "分了 1 件机器猜过的：支部猜对 0 件，哪一种 1 件，有多急 0 件" in see(
            clerk, "/staff/tickets/?list=all"
        )
    row = rows(db)[world.ticket_id]
    assert row.decided_urgency is Urgency.ORDINARY
    assert row.decided_branch_id == world.other_branch_id
    with db.reader() as session:
        found = suggestions.agreement(session, start=MORNING - timedelta(days=1))
    assert (found.decided, found.kind, found.urgency) == (1, 1, 0)


def test_the_first_decision_is_kept(world, db, suggest):
    with clock.frozen(MORNING):
        world.file(words="楼下路灯坏了")
        suggest()
        world.sort(urgency=Urgency.ORDINARY)
        world.sort(urgency=Urgency.COMPLEX)
    assert rows(db)[world.ticket_id].decided_urgency is Urgency.ORDINARY


def test_a_danger_that_no_rule_heard_rings_and_sorts_nothing(world, suggest, monkeypatch):
    rung = []
    monkeypatch.setattr(alarms, "ring", lambda _session, ticket: rung.append(ticket.id))
    monkeypatch.setattr(triage, "dangers", lambda _text: ())
    with clock.frozen(MORNING):
        world.file(words="楼道里煤气味好大，脑壳昏")
        assert rung == []
        suggest()
        assert rung == [world.ticket_id]
    assert world.now().urgency is not Urgency.DANGER


def test_another_ticket_that_may_not_be_read_is_not_named(world, db, suggest, sign_in):
    with clock.frozen(MORNING):
        world.file(words="3栋1单元停水了，一滴水都没得", is_private=True)
        hidden = world.ticket_id
        world.file(words="3栋1单元怎么停水了，家里没水煮饭")
        suggest()
        shown = see(sign_in(world.accounts["other"]), f"/staff/tickets/{world.ticket_id}")
    assert "看着像" in shown
    assert f"第 {hidden} 件" not in shown


@pytest.mark.parametrize("words", ["？" * 900, "<script>alert(1)</script>", "a" * 1000, "😀"])
def test_any_words_get_a_suggestion(world, db, suggest, words, sign_in):
    with clock.frozen(MORNING):
        world.file(words=words)
        assert suggest() == 1
        shown = see(sign_in(world.accounts["clerk"]), f"/staff/tickets/{world.ticket_id}")
    assert "<script>alert" not in shown


def test_what_is_erased_takes_its_suggestion_along(world, db, suggest, write):
    with clock.frozen(MORNING):
        world.file("resident", words="我家的事不要说出去，想找人调解", is_private=True)
        suggest()
        assert rows(db)
        resident = world.actors["resident"]
        with world.request(), db.transaction(resident) as session:
            own_data.erase(
                session,
                resident,
                resident_id=world.resident_id,
                account_id=resident.account_id,
            )
    assert rows(db) == {}
    with db.reader() as session:
        assert session.get(Ticket, world.ticket_id) is not None
