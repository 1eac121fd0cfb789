"""/feedback/<code>: what the code opens and what the PIN, and what its reporter may say to it."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.factories import make_resident
from tests.forms import forms_on, press, submit
from tests.functional.matches_world import visible_words
from tests.functional.pages import see, text
from tests.functional.tickets.test_filing_pages import LAMP, SCRIPT, file, picture, tickets
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.models import RateLimit
from webapp.tickets.lifecycle import Outcome, Rating, TicketState
from webapp.tickets.models.steps import TicketPhoto
from webapp.tickets.services import sorting

S = TicketState
NOBODYS = "23456789ABCD"


@pytest.fixture
def filed(db, client):
    """A public ticket that somebody filed in this browser."""
    file(client)
    return tickets(db)[-1]


@pytest.fixture
def private(db, client):
    """A private ticket, its PIN, and a browser that has never seen either."""
    answer = file(client, visibility="private")
    page = see(client, answer.location)
    pin = page.split('class="ticket-code">')[2][:6]
    return tickets(db)[-1], pin, client.application.test_client()


def at(ticket) -> str:
    return f"/feedback/{ticket.code}"


def test_the_code_opens_a_public_one_however_it_is_typed(client, filed):
    for typed in (filed.code.lower(), f"{filed.code[:4]} {filed.code[4:8]}-{filed.code[8:]}"):
        answer = press(client, "/feedback/", code=typed)
        assert answer.location == at(filed)
    page = see(client, at(filed))
    assert "社区收到了" in page
    assert "前答复您" in page
    for wrong in ("", "12", "长" * 3000, SCRIPT):
        answer = press(client, "/feedback/", code=wrong)
        assert answer.status_code == 400
        assert SCRIPT not in text(answer)


def test_a_private_one_opens_by_its_pin_and_locks_again(private):
    ticket, pin, browser = private
    assert LAMP["words"] not in see(browser, at(ticket))
    for closed in ("/slip", "/photos/1"):
        assert browser.get(at(ticket) + closed).status_code == 404
    assert press(browser, at(ticket), pin=pin).status_code == 303
    assert LAMP["words"] in see(browser, at(ticket))
    assert browser.get(at(ticket)).headers["Cache-Control"] == "no-store"
    press(browser, at(ticket), "/lock")
    assert LAMP["words"] not in see(browser, at(ticket))
    press(browser, at(ticket), pin=pin)
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert LAMP["words"] not in see(browser, at(ticket))


def test_a_wrong_pin_and_an_unknown_code_are_one_answer(private):
    ticket, pin, browser = private
    wrong = f"{(int(pin) + 1) % 10**6:06d}"
    known = press(browser, at(ticket), pin=wrong)
    unknown = press(browser, f"/feedback/{NOBODYS}", pin=wrong)
    assert known.status_code == unknown.status_code == 400

    def bare(answer, code):
        page = text(answer)
        for part in (code, *(code[n : n + 4] for n in (0, 4, 8))):
            page = page.replace(part, "")
        token = forms_on(answer)
        return "".join(page.split()).replace(str([one.data["csrf_token"] for one in token]), "")

    tokens = {form.data["csrf_token"] for one in (known, unknown) for form in forms_on(one)}
    first, second = bare(known, ticket.code), bare(unknown, NOBODYS)
    for token in tokens:
        first, second = first.replace(token, ""), second.replace(token, "")
    assert first == second


def test_guesses_are_counted_and_looking_counts_nothing(db, private):
    ticket, pin, browser = private
    with db.reader() as session:
        before = session.exec(select(RateLimit)).all()
    for _look in range(3):
        browser.get(at(ticket))
        browser.get(f"/feedback/{NOBODYS}")
    with db.reader() as session:
        assert session.exec(select(RateLimit)).all() == before
    answers = [
        press(browser, at(ticket), pin=f"{(int(pin) + n) % 10**6:06d}").status_code
        for n in range(1, 12)
    ]
    assert answers[0] == 400
    assert answers[-1] == 429
    stopped = press(browser, at(ticket), pin=pin)
    assert stopped.status_code == 429  # the right one too, until the hour is over
    assert "过 " in text(stopped)


def test_staff_say_nothing_in_its_reporters_name(desk, private, filed):
    ticket, pin, _browser = private
    for one in (ticket, filed):
        assert desk.get(at(one)).status_code in {302, 404}
        for verb in ("answer", "outcome", "reopen"):
            sent = submit(desk, f"{at(one)}/{verb}", {"words": "x"}, page="/staff/tickets/new")
            assert sent.status_code == 404
        sent = submit(desk, at(one), {"pin": pin}, page="/staff/tickets/new")
        assert sent.status_code in {302, 404}


def test_an_answer_starts_the_clock_again(db, client, filed, office):
    office.ask(filed)
    page = see(client, at(filed))
    assert "是哪一盏灯？" in page
    assert "天数先停着" in page
    assert press(client, at(filed), "/answer", words=" ").status_code == 400
    assert press(client, at(filed), "/answer", words="长" * 1001).status_code == 400
    broken = press(client, at(filed), "/answer", words="二楼", photos=(picture(), "x.gif"))
    assert broken.status_code == 303
    [ticket] = tickets(db)
    assert (ticket.state, ticket.paused_at) == (S.IN_PROGRESS, None)
    with db.reader() as session:
        [photo] = session.exec(select(TicketPhoto))
    assert client.get(f"{at(filed)}/photos/{photo.id}").status_code == 200
    assert client.get(f"{at(filed)}/photos/{photo.id + 1}").status_code == 404
    assert "二楼" in see(client, at(filed))
    assert press(client, at(filed), "/answer", words="一共两盏").status_code == 303  # a word more


def test_its_road_says_whose_turn_it_is(client, filed, office):
    """What was done, where it stands, what comes: from the first step to its end."""

    def road():
        [drawn] = re.findall(
            r'<ol class="timeline road">(.*?)</ol>', client.get(at(filed)).text, re.DOTALL
        )
        parts = re.findall(r'<li class="road-(done|now|ahead)"[^>]*>(.*?)</li>', drawn, re.DOTALL)
        return [(kind, visible_words(words)) for kind, words in parts]

    begun = road()
    assert [kind for kind, _words in begun] == ["done", "now", "ahead", "ahead", "ahead"]
    assert "社区收到了" in begun[0][1]
    assert re.search(r"正在看.*等社区，.*前", begun[1][1], re.DOTALL)
    office.ask(filed)
    now = next(words for kind, words in road() if kind == "now")
    assert "轮到您" in now
    assert "您回了话，接着办" in next(words for kind, words in road() if kind == "ahead")
    press(client, at(filed), "/answer", words="二楼")
    office.answer(filed)
    assert "您说解决了" in next(words for kind, words in road() if kind == "ahead")
    press(client, at(filed), "/outcome", outcome="resolved", rating="satisfied")
    ended = road()
    assert [kind for kind, _words in ended if kind != "done"] == ["now"]  # nothing comes any more
    assert "等社区" not in ended[-1][1]
    assert "社区收到了" in ended[0][1]  # oldest first


def test_who_says_it_is_solved_closes_it(db, client, filed, office):
    office.reply(filed)
    assert "灯换好了，请看看。" in see(client, at(filed))
    assert press(client, at(filed), "/outcome").status_code == 400
    assert press(client, at(filed), "/outcome", outcome="unreachable").status_code == 400
    assert press(client, at(filed), "/outcome", outcome="unresolved").status_code == 400
    done = press(client, at(filed), "/outcome", outcome="resolved", rating="satisfied")
    assert done.status_code == 303
    [ticket] = tickets(db)
    assert (ticket.state, ticket.outcome) == (S.CLOSED, Outcome.RESOLVED)
    assert ticket.rating is Rating.SATISFIED
    assert "您说解决了" in see(client, at(filed))


@pytest.mark.parametrize("end", ["reply", "close"])
def test_not_solved_opens_again(db, client, filed, office, end):
    getattr(office, end)(filed)
    if end == "reply":
        said = press(client, at(filed), "/outcome", outcome="unresolved", words="又不亮了")
    else:
        assert press(client, at(filed), "/reopen", words="").status_code == 400
        said = press(client, at(filed), "/reopen", words="又不亮了")
    assert said.status_code == 303
    [ticket] = tickets(db)
    assert (ticket.state, ticket.reopened) == (S.IN_PROGRESS, 1)
    assert "又不亮了" in see(client, at(filed))
    again = submit(client, f"{at(filed)}/reopen", {"words": "x"}, page="/feedback/")
    assert again.status_code == 409


def test_a_twin_shows_what_comes_of_the_first(db, client, filed, office):
    file(client, words="路灯还是黑的")
    twin = tickets(db)[1]
    office.reply(filed)
    office.do(office.secretary, sorting.merge, ticket_id=twin.id, first_id=filed.id)
    page = see(client, at(twin))
    assert "灯换好了，请看看。" in page
    assert LAMP["words"] not in page  # the first one's words are not this reporter's
    assert press(client, at(twin), "/reopen", words="不是一盏灯").status_code == 303


def test_scripts_in_every_field(client, filed, office):
    office.ask(filed)
    press(client, at(filed), "/answer", words=SCRIPT)
    assert SCRIPT not in see(client, at(filed))
    assert SCRIPT not in text(press(client, at(filed), "/answer", words=SCRIPT * 100))


def test_anothers_is_not_ones_own(db, write, sign_in, client):
    with write() as session:
        one, other = (make_resident(session, with_account=True) for _each in range(2))
        accounts = [session.get_one(Account, who.account_id) for who in (one, other)]
    mine, theirs = (sign_in(account) for account in accounts)
    file(mine, visibility="private")
    [ticket] = tickets(db)
    assert LAMP["words"] in see(mine, at(ticket))
    assert LAMP["words"] not in see(theirs, at(ticket))
    assert LAMP["words"] not in see(theirs, "/me/feedback")
    sent = submit(theirs, f"{at(ticket)}/answer", {"words": "x"}, page="/feedback/")
    assert sent.status_code == 404
