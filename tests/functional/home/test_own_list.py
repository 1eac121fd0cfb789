"""「我的」: all a resident waits for, each with whose turn it is, what needs an answer first."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlmodel import Session

from tests import factories
from tests.functional.matches_world import World, make_world, visible_words
from webapp.accounts.models import Account
from webapp.complaints.lifecycle import ComplaintKind
from webapp.complaints.models import EmployerComplaint
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.turns import Turn, Waiting
from webapp.core.vocabulary import Kind
from webapp.matches import turns
from webapp.matches.lifecycle import ENDS_AT_INTEREST, SHOWN_TO_RESIDENT, MatchState
from webapp.matches.models import Match
from webapp.standing_services.lifecycle import AgreedHow, ServiceKind
from webapp.standing_services.models import StandingService
from webapp.tickets.lifecycle import TicketChannel
from webapp.tickets.services import filing
from webapp.trials.lifecycle import AgreementKind, Heard, InjuryCover, Party, TrialState
from webapp.trials.models import TrialDay

S = MatchState
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=clock.LOCAL)
TODAY = NOW.date()


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> Any:
    with clock.frozen(NOW):
        found = make_world(db, write, sign_in)
        with write() as session:
            _fill(session, found)
        yield found


def _fill(session: Session, world: World) -> None:
    def match(state: S, **more: Any) -> Match:
        opening = factories.make_opening(session, employer_id=world.employer_id, title=state.value)
        return factories.make_match(
            session, resident_id=world.resident_id, opening_id=opening.id, state=state, **more
        )

    match(S.OFFERED, offered_until=TODAY + timedelta(days=5))
    match(S.APPLIED, asked_at=NOW)
    match(S.INTERVIEW, interview_at=NOW + timedelta(days=2), interview_place="前台")
    match(S.DECLINED)
    match(S.HIRED, start_date=TODAY - timedelta(days=3))
    tried = match(S.SEEN, asked_at=NOW)
    session.add(
        TrialDay(
            match_id=tried.id, resident_id=world.resident_id, employer_id=world.employer_id,
            state=TrialState.PROPOSED, proposed_by=Party.STAFF,
            first_day=TODAY + timedelta(days=3), starts_at="08:30", ends_at="17:00",
            address="1号楼", contact="周店长", duties="打扫", pay_day_fen=12000,
            cover=InjuryCover.WORK_INJURY, agreement=AgreementKind.LABOUR,
            employer_agreed_at=NOW, employer_agreed_how=Heard.ONLINE, since=NOW, created_at=NOW,
        )
    )  # fmt: skip
    staff = world.accounts["staff"]
    colleague = factories.make_account(session, role=Role.STAFF, branch_id=staff.branch_id)
    session.add(
        StandingService(
            branch_id=staff.branch_id, kind=ServiceKind.PAIRING, owner_id=staff.id,
            backup_id=colleague.id, resident_id=world.resident_id, every_days=7,
            due_on=TODAY + timedelta(days=1), next_on=TODAY + timedelta(days=1),
            agreed_how=AgreedHow.PAPER, agreed_on=TODAY, idempotency_key="0" * 32,
            created_by_id=staff.id, created_at=NOW,
        )
    )  # fmt: skip
    session.add(
        EmployerComplaint(
            employer_id=world.employer_id, resident_id=world.resident_id,
            kind=next(iter(ComplaintKind)), words="拖工钱", created_at=NOW,
        )
    )  # fmt: skip
    for words, private in (("路灯坏了", False), ("家里有人动手", True)):
        filed = filing.file_ticket(
            session, world.actor("resident"), words=words, channel=TicketChannel.WEB,
            is_private=private,
        )  # fmt: skip
        assert filed


def lines(html: str) -> list[tuple[str, str]]:
    """Return (title, whose turn) of each line, in order; of an offer the card's title."""
    found = []
    for part in html.split('<li class="wait')[1:]:
        title = re.search(r"<h3[^>]*>(.*?)</h3>", part, re.DOTALL)
        turn = re.findall(r'class="tag tag-\w+">([^<]+)<', part)
        assert title
        assert 'class="btn' in part  # a next step
        words = visible_words(title[1]).strip()
        found.append(
            (words, next(one for one in turn if "，" in one or one in WHOSE or "月" in one))
        )
    return found


WHOSE = {one.label for one in Turn}


def test_what_needs_an_answer_first_then_by_date(world: World) -> None:
    found = [(one.split(" · ")[0], turn) for one, turn in lines(world.see("resident", "/me/"))]
    assert found == [
        ("试岗", "轮到您，12月4日（周五）前"),
        ("offered", "轮到您，12月6日（周日）前"),
        ("民情", "等社区，12月1日（周二）前"),
        ("上门", "12月2日（周三）"),
        ("面试", "12月3日（周四）"),
        ("单位的问题", "等社区，12月4日（周五）前"),
        ("民情", "等社区，12月10日（周四）前"),
        ("招聘岗位", "等用工方，12月15日（周二）前"),
        ("招聘岗位", "等用工方，12月15日（周二）前"),
    ]


def test_a_private_ticket_says_no_more_than_that(world: World) -> None:
    page = world.see("resident", "/me/")
    assert "路灯坏了" in page
    assert "家里有人动手" not in page


def test_the_number_of_queries_does_not_grow_with_what_waits(world: World, db: Database) -> None:
    def count() -> int:
        asked: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            asked.append(statement)

        event.listen(db.read_engine, "before_cursor_execute", note)
        try:
            world.see("resident", "/me/")
        finally:
            event.remove(db.read_engine, "before_cursor_execute", note)
        return len(asked)

    world.see("resident", "/me/")
    before = count()
    with world.write() as session:
        for _ in range(8):
            opening = factories.make_opening(session, employer_id=world.employer_id)
            factories.make_match(
                session, resident_id=world.resident_id, opening_id=opening.id,
                state=S.OFFERED, offered_until=TODAY,
            )  # fmt: skip
    assert count() == before
    assert before <= 35


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("state", sorted(SHOWN_TO_RESIDENT))
def test_whose_turn_it_is_is_said_of_all_that_is_under_way(state: S, kind: Kind, app: Any) -> None:
    match = Match(
        resident_id=1, opening_id=1, state=state, origin="staff", since=NOW, asked_at=NOW,
        offered_until=TODAY, interview_at=NOW + timedelta(days=1), start_date=TODAY,
    )  # fmt: skip
    with clock.frozen(NOW), app.test_request_context():
        found = turns.waiting_of(match, kind, unproven=False, wish_open=False)
        waits = {
            S.OFFERED, S.NO_REPLY, S.INTERESTED, S.SHARED, S.APPLIED, S.SEEN, S.INTERVIEW,
            S.JOB_OFFER,
        }  # fmt: skip
        assert (found is not None) == (state in waits)
        if state is S.INTERESTED:
            turn = Turn.BRANCH if kind in ENDS_AT_INTEREST else Turn.YOU
            assert found == Waiting(turn)
        if state is S.INTERVIEW:
            asked = turns.waiting_of(match, kind, unproven=False, wish_open=True)
            assert found == Waiting(Turn.DAY, TODAY + timedelta(days=1))
            assert asked == Waiting(Turn.EMPLOYER, TODAY + timedelta(days=1))
