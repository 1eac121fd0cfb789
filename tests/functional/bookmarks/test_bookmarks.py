"""Kept openings and searches: told once, for a time, and seen by nobody else."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlmodel import select

from tests.factories import make_account, make_employer, make_opening, make_resident
from tests.forms import press, submit
from tests.functional.matches_world import visible_words
from webapp.bookmarks import service
from webapp.bookmarks.models import Bookmark, SearchAlert
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.messages.models import NotificationOptIn
from webapp.notices.models import Audience, OutboxRow, OutsideChannel
from webapp.openings.lifecycle import OpeningState

SEARCH = "/openings/?q=" + quote("保洁") + "&kind=vacancy"


@pytest.fixture
def me(write):
    with write() as session:
        account = make_account(session, phone_verified_at=clock.now())
        resident = make_resident(session, account_id=account.id)
    return account, resident


@pytest.fixture
def cleaner(write):
    with write() as session:
        return make_opening(session, employer_id=make_employer(session).id, title="保洁员")


def rows(db, table):
    with db.reader() as session:
        return session.exec(select(table)).all()


def text(response):
    return visible_words(response.get_data(as_text=True))


def test_an_opening_is_kept_once_and_let_go(sign_in, db, me, cleaner):
    browser = sign_in(me[0])
    page = f"/openings/{cleaner.id}"
    assert press(browser, page, f"/me/kept/openings/{cleaner.id}").status_code == 303
    # Once more from a window that was open before; the page itself now offers to let it go.
    again = submit(browser, f"/me/kept/openings/{cleaner.id}", page=page)
    assert again.status_code == 303
    assert f'action="/me/kept/openings/{cleaner.id}/drop"' in browser.get(page).get_data(True)
    assert [row.opening_id for row in rows(db, Bookmark)] == [cleaner.id]
    assert "保洁员" in text(browser.get("/me/kept/"))
    assert press(browser, "/me/kept/", "/drop").status_code == 303
    assert rows(db, Bookmark) == []
    assert "还没有收藏" in text(browser.get("/me/kept/"))


def test_one_that_is_over_says_so(sign_in, write, me, cleaner):
    browser = sign_in(me[0])
    press(browser, f"/openings/{cleaner.id}", f"/me/kept/openings/{cleaner.id}")
    with write() as session:
        session.get_one(type(cleaner), cleaner.id).state = OpeningState.CLOSED
    assert "已经招满或者结束了" in text(browser.get("/me/kept/"))


def test_what_was_never_public_is_not_kept(sign_in, write, db, me):
    with write() as session:
        draft = make_opening(session, state=OpeningState.DRAFT, published_at=None)
    browser = sign_in(me[0])
    for opening_id in (draft.id, 999_999):
        sent = submit(browser, f"/me/kept/openings/{opening_id}", page="/me/kept/")
        assert sent.status_code == 404
    assert rows(db, Bookmark) == []


def test_no_more_than_can_be_looked_through(sign_in, write, db, me, monkeypatch):
    monkeypatch.setattr(service, "MOST_BOOKMARKS", 2)
    with write() as session:
        several = [make_opening(session).id for _n in range(3)]
    browser = sign_in(me[0])
    sent = [submit(browser, f"/me/kept/openings/{id_}", page="/me/kept/") for id_ in several]
    assert [one.status_code for one in sent] == [303, 303, 409]
    assert len(rows(db, Bookmark)) == 2


def keep_search(browser, address=SEARCH):
    return press(browser, address, "/me/kept/searches/")


@pytest.mark.job("search_alerts")
def test_a_search_tells_of_what_is_new_once(sign_in, app, write, db, me, cleaner):
    begun = clock.now()
    with write() as session:
        session.add(
            OutsideChannel(
                name="短信", url="json://127.0.0.1/x", audience=Audience.PEOPLE, created_at=begun
            )
        )
        session.add(NotificationOptIn(account_id=me[0].id, since=begun))
    browser = sign_in(me[0])
    assert keep_search(browser).status_code == 303
    assert keep_search(browser, SEARCH + "&page=1").status_code == 303  # the same search
    [alert] = rows(db, SearchAlert)
    assert "保洁" in alert.words
    assert "保洁员" in text(browser.get("/me/kept/"))
    with app.app_context():
        assert service.tell_of_new(db) == 0  # what stood there before is not new
        with clock.frozen(begun + timedelta(hours=3)):
            with write() as session:
                employer = make_employer(session)
                for title in ("焊工", "夜间保洁"):
                    make_opening(
                        session,
                        employer_id=employer.id,
                        title=title,
                        published_at=clock.now() - timedelta(minutes=5),
                    )
            assert service.tell_of_new(db) == 1
            assert service.tell_of_new(db) == 0  # a second scheduler, or the next day
    assert [row.account_id for row in rows(db, OutboxRow)] == [me[0].id]


def test_after_its_time_a_search_is_gone(sign_in, app, db, me, cleaner):
    keep_search(sign_in(me[0]))
    [alert] = rows(db, SearchAlert)
    assert alert.ends_on == clock.today() + timedelta(days=180)
    with app.app_context():
        with clock.frozen(clock.now() + timedelta(days=180)):
            service.tell_of_new(db)
            assert len(rows(db, SearchAlert)) == 1
        with clock.frozen(clock.now() + timedelta(days=182)):
            service.tell_of_new(db)
            assert rows(db, SearchAlert) == []


@pytest.mark.parametrize("query", ["", "page=2", "kind=nonsense", "q=%20", "x=1&y"])
def test_a_search_that_says_nothing_is_not_kept(sign_in, db, me, query):
    browser = sign_in(me[0])
    sent = submit(browser, "/me/kept/searches/", {"query": query}, page="/me/kept/")
    assert sent.status_code in {400, 409}
    assert rows(db, SearchAlert) == []


def test_only_a_proven_number_is_told(sign_in, write, db, cleaner):
    with write() as session:
        account = make_account(session, phone_verified_at=None)
        make_resident(session, account_id=account.id)
    assert keep_search(sign_in(account)).status_code == 403
    assert rows(db, SearchAlert) == []


def test_nobody_else_sees_or_drops_it(client, sign_in, write, db, desk, me, cleaner):
    keep_search(sign_in(me[0]))
    [alert] = rows(db, SearchAlert)
    with write() as session:
        other = make_account(session, phone_verified_at=clock.now())
        make_resident(session, account_id=other.id)
    theirs = sign_in(other)
    assert "保洁" not in text(theirs.get("/me/kept/"))
    sent = submit(theirs, f"/me/kept/searches/{alert.id}/drop", page="/me/kept/")
    assert sent.status_code == 404
    assert client.get("/me/kept/").status_code in {302, 303}
    assert desk.get("/me/kept/").status_code == 403
    assert len(rows(db, SearchAlert)) == 1


def test_it_goes_with_the_service(sign_in, db, me, cleaner):
    account, resident = me
    browser = sign_in(account)
    keep_search(browser)
    press(browser, f"/openings/{cleaner.id}", f"/me/kept/openings/{cleaner.id}")
    exported = browser.get("/me/data.json").get_json()
    assert len(exported["bookmarks"]) == len(exported["search_alerts"]) == 1
    with db.transaction(SYSTEM) as session:
        service.forget_of_resident(session, resident_id=resident.id)
    assert rows(db, Bookmark) == rows(db, SearchAlert) == []
