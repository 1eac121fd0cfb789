"""/privacy: plain words, true figures, and a way to each of one's own pages."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.functional.pages import see
from webapp.accounts import sessions
from webapp.core import clock
from webapp.rulebook.figures import rule

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OWN = "/me/data", "/me/profile", "/me/consents", "/me/data/leave"
LONGEST_SENTENCE = 32  # characters a sentence may have for who hardly reads


def words_of(page: str) -> str:
    main = page.partition('id="privacy-words"')[2].partition("</main>")[0]
    return re.sub(r"<[^>]+>", "\n", main.partition(">")[2])


@one_database
def test_it_leads_to_ones_own_pages(client: FlaskClient, desk: FlaskClient) -> None:
    page = see(client, "/privacy")
    for address in OWN:
        assert f'href="{address}"' in page
        assert "/login" in client.get(address).headers["Location"]
    assert 'href="/me/data"' not in see(desk, "/privacy")  # staff have no file to be led to
    assert 'href="/privacy"' in see(client, "/")  # at the foot of every page


@one_database
def test_the_figures_are_those_that_hold(app: Flask, client: FlaskClient) -> None:
    page = see(client, "/privacy")
    with app.app_context():
        days = [
            rule(name, on=clock.today())
            for name in ("import_file_days", "search_alert_days", "service_record_days")
        ]
    for number in (*days, sessions.LIFETIME.days):
        assert f"{number} 天" in page


@one_database
def test_its_sentences_are_short(client: FlaskClient) -> None:
    sentences = re.split(r"[。！？：\n]", words_of(see(client, "/privacy")))
    long = [one for one in map(str.strip, sentences) if len(one) > LONGEST_SENTENCE]
    assert long == []
