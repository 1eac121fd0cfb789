"""A load of the demo that is cut off: begun again, it ends whole and nothing is doubled."""

import itertools
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlmodel import col, func, select

from tests.factories import make_account, make_household
from tests.forms import submit
from tests.functional.pages import see
from tests.functional.tables import all_of, count
from webapp.accounts.models import Account, SavedFilter
from webapp.contacts.models import Contact
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.errors import Conflict
from webapp.core.models import AuditEvent
from webapp.demo import handwork, house_rules, load
from webapp.demo.act_as import act_as
from webapp.demo.matches import contacts
from webapp.demo.people import newcomers, working_lives
from webapp.duplicates.services import detection
from webapp.employment.models import EmploymentSpell
from webapp.figures.queries.employment import employment
from webapp.openings.models import Opening
from webapp.ops import verify
from webapp.piecework.lifecycle import OrderState
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.order import PieceworkOrder
from webapp.residents.models import Household, JoinRequest, JoinState

MOMENT = datetime(2026, 3, 8, tzinfo=UTC)
HOUSEHOLDS = 45  # the orders go to some of the first forty
TOLD = {"closed", "working"}


class Cut(BaseException):
    """The program ends here, as by ``kill -9``: nothing catches it."""


@pytest.fixture
def community(db, monkeypatch):
    """The first households of the demo, without openings."""
    whole = load.community
    monkeypatch.setattr(load, "community", lambda today: itertools.islice(whole(today), HOUSEHOLDS))
    monkeypatch.setattr(load, "openings", lambda _today: ())
    monkeypatch.setattr(
        handwork, "STORIES", [story for story in handwork.STORIES if story.until in TOLD]
    )
    load.once(db, "people", load.people_and_openings)
    return db


def _cut_off(db, step, work, at):
    """Begin a step, and end the program at its ``at``-th action."""
    deeds = itertools.count(1)
    record = audit.record

    def record_or_end(*given, **details):
        if next(deeds) == at:
            raise Cut
        record(*given, **details)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "record", record_or_end)
        with pytest.raises(Cut):
            load.once(db, step, work)


def test_a_deed_that_fails_is_undone_alone(db):
    with db.transaction(SYSTEM) as session:
        staff = make_account(session, role=Role.STAFF)
        actor = Actor(staff.id, Role.STAFF, staff.name)
        for name, fails in (("已办", False), ("没办成", True), ("又办", False)):
            with suppress(Conflict), act_as(session, actor, MOMENT):
                household = make_household(session, unit_address=name)
                audit.record(session, "test.write", household)
                if fails:
                    raise Conflict("")
        with act_as(session, actor, MOMENT):  # who writes nothing needs no entry
            assert session.exec(select(func.count()).select_from(Household)).one() == 2
    with db.reader() as session:
        assert session.exec(select(Household.unit_address).order_by(Household.id)).all() == [
            "已办",
            "又办",
        ]
        trail = session.exec(select(AuditEvent.at, AuditEvent.account_id)).all()
    assert trail == [(MOMENT, actor.account_id)] * 2
    assert verify.faults(db) == []


# One database is enough: what is cut off is rolled back, by either of them.
@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_load_cut_off_is_whole_when_begun_again(app, community):
    _newcomers_are_whole(app, community)
    _contacts_are_whole(community)
    _orders_are_whole(community)
    assert verify.faults(community) == []


def _newcomers_are_whole(app, db):
    _cut_off(db, "newcomers", newcomers.write, 5)
    assert count(db, JoinRequest) == 0
    for _again in range(2):
        load.once(db, "newcomers", newcomers.write)
        load.once(db, "house rules", house_rules.write)
    waiting, objected = all_of(db, JoinRequest)
    assert (waiting.state, objected.state) == (JoinState.ASKED, JoinState.OBJECTED)
    assert waiting.answer_until > clock.now()
    assert objected.note
    # Staff are led to both requests, the neighbour to hers, and the admin to the end of the word.
    for phone, page, links in (
        ("13800000003", "/staff/join-requests/", ["/staff/join-requests/1", "陈小军", "何秀琼"]),
        ("13800000001", "/me/household", ["陈小军"]),
        ("13800000004", "/admin/danger-words/", ["指甲油", "/end"]),
    ):
        browser = app.test_client()
        answer = submit(browser, "/login", {"phone": phone, "password": load.PASSWORD})
        assert answer.status_code == 303
        shown = see(browser, page)
        assert [link for link in links if link not in shown] == [], page


def _contacts_are_whole(db):
    people = count(db, Account)
    calls = len(contacts._CALLS) * contacts._ROUNDS
    for at in (17, calls + 2, calls + 5):  # in the calls, the filters, the people put in twice
        _cut_off(db, "contacts", contacts.write, at)
        assert [count(db, table) for table in (Contact, SavedFilter, Account)] == [0, 0, people]
    for _again in range(2):
        load.once(db, "contacts", contacts.write)
        assert count(db, Contact) == calls
        assert count(db, SavedFilter) == 3
        assert count(db, Account) == people + contacts._TWINS
    assert detection.find(db) >= contacts._TWINS
    assert detection.find(db) == 0


def _orders_are_whole(db):
    for at in (2, 70):
        _cut_off(db, "handwork", handwork.write, at)
        assert [count(db, table) for table in (PieceworkOrder, Assignment)] == [0, 0]
    for _again in range(2):
        load.once(db, "handwork", handwork.write)
        with db.reader() as session:
            orders = dict(
                session.exec(
                    select(Opening.title, PieceworkOrder.state).join(
                        PieceworkOrder, col(PieceworkOrder.opening_id) == Opening.id
                    )
                ).all()
            )
            shares = session.exec(select(func.count()).select_from(Assignment)).one()
            trail = session.exec(
                select(AuditEvent.at, Account.phone)
                .join(Account, col(Account.id) == AuditEvent.account_id)
                .where(col(AuditEvent.action).startswith("piecework."))
                .order_by(col(AuditEvent.id))
            ).all()
        assert len(orders) == len(handwork.STORIES) == count(db, PieceworkOrder)
        assert orders["串珠手链"] is OrderState.CLOSED
        assert orders["布老虎挂件"] is OrderState.IN_PRODUCTION
        assert shares == 4 * len(handwork.STORIES)
    first, who = trail[0]
    began = clock.today() - clock.local(first).date()
    assert began.days == max(story.began for story in handwork.STORIES)
    assert who == "13800000006"
    assert {"13800000001", "13800000003", "13800000007"} < {phone for _at, phone in trail}


def test_not_quite_half_of_the_community_is_in_work(community):
    load.once(community, "working lives", working_lives.write)
    with community.reader() as session:
        figure = employment(session)
    assert 30 < (figure.percent or 0) < 65
    assert 75 < (figure.percent_recorded or 0) < 100
    assert figure.able < figure.registered
    load.once(community, "working lives", working_lives.write)
    assert count(community, EmploymentSpell) == figure.recorded
