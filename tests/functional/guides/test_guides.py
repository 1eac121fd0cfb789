"""Guides to small trades: found by what people type, read, printed, and linked from stalls."""

import re

import pytest

from tests.factories import make_account, make_branch, make_employer, make_opening
from webapp.branches.models import MemberProfile
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.vocabulary import Kind
from webapp.guides.library import guides

# One database is enough where nothing is read from it.
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def found(client, query: str) -> list[str]:
    """Return the guides a search shows, in their order."""
    page = client.get("/guides/", query_string={"q": query})
    assert page.status_code == 200
    return re.findall(r'href="/guides/([a-z-]+)"', page.get_data(as_text=True))


@one_database
@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("卖鱼", "fish-stall"),
        ("mai yu", "fish-stall"),
        ("理发", "haircuts-at-home"),
        ("剃脑壳", "haircuts-at-home"),
        ("xiaomian", "noodle-stall"),
        ("修手及", "phone-repair"),
        ("补鞋子", "shoe-umbrella-repair"),
        ("带几个娃儿", "small-childcare"),
    ],
)
def test_a_guide_is_found_by_what_people_type(client, query, first):
    assert found(client, query)[0] == first


@one_database
def test_what_no_guide_is_about_leads_to_somebody_to_ask(client):
    page = client.get("/guides/", query_string={"q": "zzqx"}).get_data(as_text=True)
    assert "/help" in page.split("还没有写", 1)[1]
    everything = client.get("/guides/", query_string={"q": " "}).get_data(as_text=True)
    assert all(f"/guides/{slug}" in everything for slug in guides())


@one_database
@pytest.mark.parametrize("slug", guides())
def test_a_guide_says_that_its_figures_are_examples(client, slug):
    guide = guides()[slug]
    for address in (f"/guides/{slug}", f"/guides/{slug}/print"):
        response = client.get(address)
        page = response.get_data(as_text=True)
        assert response.status_code == 200, address
        assert "举例，不是行情（2026年11月写的）" in page
        for words in (guide.title, guide.to_begin.words, *guide.steps, *guide.first_week):
            assert words in page, address


@one_database
def test_there_is_no_guide_under_another_name(client):
    assert client.get("/guides/gold-mine").status_code == 404
    assert client.get("/guides/gold-mine/print").status_code == 404


def test_who_knows_about_it_is_named(write, client):
    with write() as session:
        branch = make_branch(session)
        for name, trades in (("谭世平", ["摆摊"]), ("邓国平", ["水电"])):
            account = make_account(session, role=Role.STAFF, branch_id=branch.id, name=name)
            session.add(MemberProfile(account_id=account.id, trades=trades, updated_at=clock.now()))
    page = client.get("/guides/fish-stall").get_data(as_text=True)
    assert "谭世平" in page
    assert "邓国平" not in page


def test_a_stall_leads_to_its_guide(write, client):
    with write() as session:
        employer = make_employer(session)
        fish, taxi = (
            make_opening(session, kind=Kind.VENTURE, title=title, employer_id=employer.id).id
            for title in ("社区菜市场鱼摊", "zzqx")
        )
    assert "/guides/fish-stall" in client.get(f"/openings/{fish}").get_data(as_text=True)
    assert 'href="/guides/"' in client.get(f"/openings/{taxi}").get_data(as_text=True)
    assert 'href="/guides/"' in client.get("/openings/?kind=venture").get_data(as_text=True)
    assert 'href="/guides/"' in client.get("/").get_data(as_text=True)
