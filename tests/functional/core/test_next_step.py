"""No dead end: on an empty database every page of every role leads on to something to do."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule

from tests.factories import make_account, make_employer, make_resident
from webapp.core.access import PERMISSIONS, Role

VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "path", "wbr"})
# Ways back, to another order of the same nothing, or seen by few: none of them leads on.
NO_STEP = frozenset({"back", "filters", "key-hints"})
LEAST_PAGES = 15  # of each role


class Steps(HTMLParser):
    """What leads on from a page: links and buttons of its main part."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[str] = []
        # Each element with whether it may hold a step, and whether it is an empty list.
        self._open: list[tuple[str, bool, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        may = self._open[-1][1] if self._open else False
        if tag == "main":
            may = True
        elif (
            "hidden" in given
            or tag == "nav"
            or given.get("role") == "search"
            or NO_STEP & set((given.get("class") or "").split())
        ):
            may = False
        if may and tag == "a" and given.get("href"):
            target = urljoin(self.address, given["href"]).partition("#")[0]
            # Another order of this list is no step; what an empty list itself names is.
            same = target if self._in_empty() else target.partition("?")[0]
            if same != self.address:
                self.found.append(target)
        if may and tag == "button":
            self.found.append("button")
        if tag not in VOID:
            self._open.append((tag, may, "empty" in (given.get("class") or "").split()))

    def _in_empty(self) -> bool:
        return any(empty for _tag, _may, empty in self._open)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What closes itself holds nothing."""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass


def addresses(app: Flask, rule: Rule) -> list[str]:
    """Return the addresses of a rule that need no row: one for each of its words."""
    words = [
        (name, sorted(converter.items))
        for name, converter in rule._converters.items()
        if isinstance(converter, AnyConverter)
    ]
    if len(words) != len(rule.arguments):
        return []
    adapter = app.url_map.bind("localhost")
    if not words:
        return [adapter.build(rule.endpoint)]
    ((name, values),) = words
    return [adapter.build(rule.endpoint, {name: value}) for value in values]


def dead_ends(app: Flask, browser: FlaskClient, role: Role | None) -> tuple[list[str], int]:
    """Return the pages from which nothing leads on, and how many were looked at."""
    own = PERMISSIONS[role] if role else frozenset()
    may = own | ({None} if role in {None, Role.RESIDENT} else set())  # public pages by these two
    seen, ends = 0, []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or app.view_functions[rule.endpoint].access not in may:
            continue
        for address in addresses(app, rule):
            answer = browser.get(address)
            assert answer.status_code < 500, address
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            html = answer.get_data(as_text=True)
            if 'class="site-header"' not in html:  # a sheet to print
                continue
            seen += 1
            if not Steps(html, address).found:
                ends.append(address)
    return ends, seen


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_leads_on_where_nothing_is_there_yet(app, write, sign_in):
    """First as nobody, before anybody is there; then as the first of each role."""
    found = {"nobody": dead_ends(app, app.test_client(), None)}
    with write() as session:
        people = {role: make_account(session, role=role) for role in Role}
        make_resident(session, account_id=people[Role.RESIDENT].id)
        make_employer(session, member=people[Role.EMPLOYER])
    for role, account in people.items():
        found[role.value] = dead_ends(app, sign_in(account), role)
    stuck = [f"{who} at {end}" for who, (ends, _seen) in found.items() for end in ends]
    assert not stuck, "\n".join(stuck)
    assert min(seen for _ends, seen in found.values()) >= LEAST_PAGES, found


def test_what_leads_on_is_told_from_what_does_not():
    page = (
        '<main><p class="back"><a href="/staff/">回</a></p>'
        '<form role="search"><button>查找</button></form>'
        '<nav class="chips"><a href="/staff/x?show=all">全部</a></nav>'
        '<button data-print hidden>打印</button><a href="?page=2">下一页</a>{}</main>'
        '<a href="/help">求助</a>'
    )
    assert Steps(page.format(""), "/staff/x").found == []
    again = '<div class="empty"><p><a href="/staff/x{}">看全部</a></p></div>'
    assert Steps(page.format(again.format("")), "/staff/x").found == []
    assert Steps(page.format(again.format("?every=1")), "/staff/x").found == ["/staff/x?every=1"]
    assert Steps(page.format('<br><a href="/staff/new">写一份</a>'), "/staff/x").found == [
        "/staff/new"
    ]
