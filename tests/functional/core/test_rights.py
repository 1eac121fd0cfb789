"""A walk over every address with every role: who gets in is what the view says, and nobody else."""

import itertools

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.factories import make_account, make_employer, make_resident
from webapp.core.access import PERMISSIONS, Permission, Role
from webapp.core.converters import IdConverter, MonthConverter

NOBODY_HAS_THIS_ID = 2**31 - 2


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address(app: Flask, rule: Rule) -> str:
    """Return an address of the rule whose ids belong to nothing."""
    values = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        values[name] = (
            NOBODY_HAS_THIS_ID
            if isinstance(converter, IdConverter)
            else "2026-10"
            if isinstance(converter, MonthConverter)
            else next(iter(getattr(converter, "items", ["x"])))
        )
    with app.test_request_context():
        return app.url_map.bind("localhost").build(
            rule.endpoint, values, method=next(iter(rule.methods - {"HEAD", "OPTIONS"}))
        )


@pytest.fixture
def browsers(app, write, sign_in):
    """A browser of each role, and one of nobody's."""
    with write() as session:
        accounts = {role: make_account(session, role=role) for role in Role}
        make_resident(session, account_id=accounts[Role.RESIDENT].id)
        make_employer(session, member=accounts[Role.EMPLOYER])
    return {role: sign_in(account) for role, account in accounts.items()} | {
        None: app.test_client()
    }


def test_every_view_says_who_may_enter(app):
    for rule in rules(app):
        assert hasattr(app.view_functions[rule.endpoint], "access"), rule


def test_every_permission_is_used_and_held(app):
    used = {getattr(app.view_functions[rule.endpoint], "access", None) for rule in rules(app)}
    held = frozenset(itertools.chain.from_iterable(PERMISSIONS.values()))
    assert set(Permission) <= used | {None}
    assert set(Permission) == held
    assert list(Permission) == sorted(Permission)


@pytest.mark.slow
def test_every_address_with_every_role(app, db, browsers):
    """Who is refused gets no further than their session: on one of the databases is enough."""
    for rule in rules(app):
        access, url = app.view_functions[rule.endpoint].access, address(app, rule)
        for method in rule.methods & {"GET", "POST"}:
            for role, browser in browsers.items():
                if rule.endpoint == "accounts.logout":
                    continue  # it would end the walk; tested with the accounts
                allowed = access is None or (role is not None and access in PERMISSIONS[role])
                if not allowed and not db.is_sqlite:
                    continue
                response = browser.open(url, method=method)
                said = f"{method} {url} as {role}: {response.status_code}"
                if role is None and not allowed:
                    assert response.status_code in {302, 303, 400}, said
                    assert (
                        response.status_code == 400 or "/login" in response.headers["Location"]
                    ), said
                elif not allowed:
                    assert (
                        response.status_code == (403 if method == "GET" else 400)
                        or response.status_code == 403
                    ), said
                elif method == "POST":
                    assert response.status_code == 400, said  # no token
                else:
                    # 410: shown once, as a receipt is, and over.
                    assert response.status_code in {200, 302, 303, 404, 410}, said
                if rule.arguments and allowed and method == "GET":
                    assert response.status_code in {200, 404, 410}, said


STRANGE_IDS = (
    "0", "-1", "2147483648", "9223372036854775808", "9" * 40, "1.5", "x", "%00", "１"
)  # fmt: skip
STRANGE_QUERIES = (
    "page=-1&kind=%27&pay=1e999&show=x&member=-1",
    f"page={'9' * 30}&id={'9' * 20}&q={'长' * 3000}",
    "page=x&id=-1&state=x&opening=1.5",
    "q=%00",
)


@pytest.mark.slow
def test_strange_ids_are_not_found(app, browsers):
    """Each id at each address, by the roles in turn: its shape is refused before the role is."""
    turns = itertools.cycle(browsers.values())
    with_ids = [
        address(app, rule) for rule in rules(app) if rule.arguments and "GET" in rule.methods
    ]
    with_ids = [url for url in with_ids if str(NOBODY_HAS_THIS_ID) in url]
    assert len(with_ids) > 20
    for url, number in itertools.product(with_ids, STRANGE_IDS):
        response = next(turns).get(url.replace(str(NOBODY_HAS_THIS_ID), number))
        # 405: another address of that shape, which only takes forms.
        assert response.status_code in {400, 404, 405}, (url, number, response.status_code)


@pytest.mark.slow
def test_strange_queries_never_break_a_page(app, browsers):
    """Each query on each page, by those who may open it."""
    for rule in rules(app):
        if "GET" not in rule.methods or rule.arguments:
            continue
        access, url = app.view_functions[rule.endpoint].access, address(app, rule)
        for role, browser in browsers.items():
            if (role is None) if access else (role is not None):
                continue  # a public page once, by nobody in particular
            if access and access not in PERMISSIONS[role]:
                continue
            for query in STRANGE_QUERIES:
                status = browser.get(f"{url}?{query}").status_code
                assert status < 500, (rule, role, query)
