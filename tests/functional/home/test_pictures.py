"""Pictures first: switched on by a button, kept with the browser or the account, two a screen."""

import re

import pytest

from tests.factories import make_account, make_opening, make_resident
from tests.forms import forms_on, press, submit
from tests.functional.pages import see
from webapp.core.vocabulary import Kind

GOOD = {"name": "唐桂英", "phone": "13711112222", "age": "adult", "service": "y"}
HOME_SEWING = {"kind": Kind.PIECEWORK, "at_home": True, "title": "布艺香包缝制"}


@pytest.fixture
def openings(write):
    """Five at home, five outside, of two kinds each."""
    with write() as session:
        for number in range(5):
            more = HOME_SEWING if number < 3 else {**HOME_SEWING, "title": "串珠手链"}
            make_opening(session, **more)
            make_opening(session, title="保洁员" if number < 3 else "门卫")


def ways(page: str) -> list[str]:
    return re.findall(r'class="choice-link" href="([^"]+)"', page)


def test_a_visitor_begins_with_a_picture_and_comes_to_an_opening(client, openings):
    first = see(client, "/")
    assert 'class="pictures"' not in first
    sent = press(client, "/", "/account/picture-mode", next="/pictures/?way=h")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/pictures/?way=h")
    assert client.get("/").headers["Location"] == "/pictures/"
    page = see(client, "/pictures/?way=h")
    assert 'class=" pictures"' in page
    assert ways(page) == ["/pictures/?way=hs", "/pictures/?way=hm"]
    page = see(client, "/pictures/?way=hs")
    assert len(ways(page)) == 2
    assert "看下两个" in page
    assert "一共 3 个" in page
    onward = ways(page)[0]
    assert re.fullmatch(r"/openings/\d+", onward)
    shown = see(client, onward)
    assert "draw-sewing" in shown
    assert "draw-own-time" in shown
    assert "draw-phone" in see(client, f"{onward}/apply")


def test_all_can_be_seen_at_once_and_one_kind_alone(client, openings):
    page = see(client, "/pictures/?way=o&all=1")
    assert "一共 5 个" in page
    only = re.findall(r'class="kind-link" href="([^"]+)"', page)
    assert len(only) == 2
    assert "一共 3 个" in see(
        client, next(one for one in only if "clean" in one).replace("&amp;", "&")
    )


def test_where_nothing_is_open_one_is_led_on(client):
    page = see(client, "/pictures/")
    assert "打电话问社区" in page
    assert "退回去" in page


@pytest.mark.parametrize(
    "query", ["way=" + "h" * 500, "way=%00", "way=zz&page=-1&only=x", "all=1&page=999"]
)
def test_a_strange_address_is_no_error(client, openings, query):
    assert client.get(f"/pictures/?{query}").status_code in {200, 400}


def test_the_way_to_see_is_kept_with_the_account(sign_in, write, openings):
    with write() as session:
        account = make_account(session)
        make_resident(session, account_id=account.id)
    browser = sign_in(account)
    assert "换成看图的" in see(browser, "/me/")
    for address, name in (("/account/picture-mode", "pictures"), ("/account/large-print", "large")):
        submit(browser, address, {"on": "1", "next": "/me/"}, page="/me/")
        assert re.search(rf'<html[^>]*class="[^"]*{name}', see(browser, "/me/"))
    browser = sign_in(account)  # on another telephone
    assert re.search(r'<html[^>]*class="large pictures"', see(browser, "/me/"))
    submit(browser, "/account/picture-mode", {"next": "/me/"}, page="/me/")
    assert 'class="large"' in see(browser, "/me/")


def test_what_a_visitor_switched_on_stays_on_in_a_new_account(client, openings, branch):
    press(client, "/", "/account/picture-mode", next="/")
    opening = ways(see(client, "/pictures/?way=o&all=1"))[0]
    form = next(one for one in forms_on(client.get(f"{opening}/apply")) if "phone" in one.data)
    sent = client.post(f"{opening}/apply", data={**form.data, **GOOD})
    assert sent.status_code == 303
    assert " pictures" in see(client, sent.headers["Location"])


def test_questions_are_answered_by_pictures(sign_in, write):
    with write() as session:
        account = make_account(session)
        make_resident(session, account_id=account.id, wanted=[])
    browser = sign_in(account)
    assert "draw-clean" not in see(browser, "/me/questions/wanted")
    submit(browser, "/account/picture-mode", {"on": "1", "next": "/me/"}, page="/me/")
    assert "draw-clean" in see(browser, "/me/questions/wanted")
    assert "draw-moon" in see(browser, "/me/questions/hours")
    assert "draw-bus" in see(browser, "/me/questions/reach")
    sent = submit(browser, "/me/questions/wanted", {"chosen": ["打扫保洁"], "other": ""})
    assert sent.status_code == 303
