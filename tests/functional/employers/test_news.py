"""What is new for an employer: counted on its first page and in the navigation, listed behind."""

import re
from datetime import timedelta

import pytest

from tests.factories import (
    give_consent,
    make_account,
    make_employer,
    make_match,
    make_opening,
    make_resident,
)
from tests.functional.pages import see, text
from webapp.core import clock
from webapp.core.access import Role
from webapp.matches.lifecycle import MatchState, WishState
from webapp.matches.models import InterviewWish
from webapp.messages.models import MessageThread
from webapp.openings.lifecycle import OpeningState

CELL = re.compile(
    r'class="cell"><a href="([^"]+)".*?cell-title">([^<]+)<.*?<span class="count">(\d+)</span>',
    re.DOTALL,
)


def applicant(session, employer, opening, name, state, **fields):
    """Return the match of somebody who agreed to be seen by the employer."""
    resident = make_resident(session, name=name)
    give_consent(session, resident.id, employer.id)
    return make_match(
        session, resident_id=resident.id, opening_id=opening.id, state=state, **fields
    )


@pytest.fixture
def busy(write, house):
    """An employer for whom one thing of each kind waits, beside things that do not."""
    employer, account, opening, _staff = house
    now = clock.now()
    with write() as session:
        applicant(session, employer, opening, "新来一", MatchState.APPLIED)
        applicant(session, employer, opening, "新来二", MatchState.APPLIED, chases=1)
        applicant(session, employer, opening, "看过了", MatchState.SEEN)
        ahead, before = now + timedelta(days=2), now - timedelta(days=1)
        wishing = applicant(
            session, employer, opening, "改时间", MatchState.INTERVIEW, interview_at=ahead
        )
        applicant(session, employer, opening, "还没到", MatchState.INTERVIEW, interview_at=ahead)
        applicant(session, employer, opening, "面过了", MatchState.INTERVIEW, interview_at=before)
        session.add(
            InterviewWish(
                match_id=wishing.id,
                interview_at=ahead,
                halves=[],
                wants_call=True,
                state=WishState.OPEN,
                asked_at=now,
            )
        )
        session.add(MessageThread(match_id=wishing.id, last_at=now, unread_employer=True))
        soon = clock.today() + timedelta(days=3)
        make_opening(session, employer_id=employer.id, title="快到期", valid_until=soon)
        make_opening(
            session, employer_id=employer.id, title="招满了", valid_until=soon,
            headcount=1, hired_count=1,
        )  # fmt: skip
        make_opening(
            session, employer_id=employer.id, title="要改的", state=OpeningState.RETURNED,
            state_reason="写清工钱",
        )  # fmt: skip
        # Nobody agreed to this one, and another employer's things are not counted.
        hidden = make_resident(session, name="没同意")
        make_match(session, resident_id=hidden.id, opening_id=opening.id, state=MatchState.APPLIED)
        stranger = make_account(session, role=Role.EMPLOYER)
        other = make_employer(session, member=stranger)
        elsewhere = make_opening(session, employer_id=other.id, valid_until=soon)
        applicant(session, other, elsewhere, "别家的", MatchState.APPLIED)
    return account, stranger


def test_each_figure_leads_to_exactly_what_it_counts(busy, sign_in):
    account, stranger = busy
    browser = sign_in(account)
    cells = {words: (href, int(n)) for href, words, n in CELL.findall(see(browser, "/employer/"))}
    assert {words: n for words, (_href, n) in cells.items()} == {
        "新来应聘，还没看的": 2,
        "想改面试时间，等您定的": 1,
        "面试过了，等您说要不要的": 1,
        "等您回话好几天的": 1,
        "没看过的消息": 1,
        "退回来要改的": 1,
        "一周内到期、还没招满的": 1,
    }
    shown = {
        "新来应聘，还没看的": {"新来一", "新来二"},
        "想改面试时间，等您定的": {"改时间"},
        "面试过了，等您说要不要的": {"面过了"},
        "等您回话好几天的": {"新来二"},
        "没看过的消息": {"改时间"},
        "退回来要改的": {"要改的"},
        "一周内到期、还没招满的": {"快到期"},
    }
    every = set().union(*shown.values()) | {"看过了", "还没到", "招满了", "没同意", "别家的"}
    for words, names in shown.items():
        page = see(browser, cells[words][0])
        titles = re.findall(r'cell-title">([^<]+)<', page)
        assert {name for name in every if any(name in one for one in titles)} == names, words
        assert page.count('class="cell"') == cells[words][1]
    other = {words: int(n) for _h, words, n in CELL.findall(see(sign_in(stranger), "/employer/"))}
    assert other == {"新来应聘，还没看的": 1, "一周内到期、还没招满的": 1}


def test_the_navigation_says_how_much_is_new(busy, sign_in):
    browser = sign_in(busy[0])
    page = see(browser, "/employer/organisation")
    badges = re.findall(r'href="(/employer/[a-z/]*)"[^>]*>(?:(?!</a>).)*?class="count">(\d+)', page)
    # Who waits too long is among those counted already.
    assert dict(badges) == {
        "/employer/applicants": "4",
        "/employer/messages/": "1",
        "/employer/openings/": "2",
    }


def test_nothing_new_is_said_so_and_an_odd_address_shows_all(house, sign_in):
    browser = sign_in(house[1])
    page = see(browser, "/employer/")
    assert "现在没有等您办的" in page
    assert 'class="count"' not in page
    assert "现在没有" in see(browser, "/employer/applicants?show=new")
    assert house[2].title in see(browser, "/employer/openings/?show=nonsense")
    assert text(browser.get("/employer/messages/?show=%00")) is not None
