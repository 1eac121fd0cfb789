"""Every page in every role, on a phone and on a desk: accessible, and it fits the screen."""

import os
import re
from collections import defaultdict, deque
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from tests.browser.conftest import DESK_SIZE, PHONE_SIZE
from tests.browser.measured import faults_of_both_sizes
from webapp.core import receipt_codes
from webapp.core.access import PERMISSIONS, Role

pytestmark = pytest.mark.browser

PEOPLE = {
    "public": None,
    "resident": "13800000001",
    "employer": "13800000002",
    "staff": "13800000003",
    "admin": "13800000004",
    "maker": "13800000006",  # an employer too, whose piecework families make
    "neighbour": "13800000005",  # a resident too: asked to try the work, and preparing a stall
}
# Of whom only some parts or views are looked at, which another of that role lacks.
PARTS_OF = {"maker": {"piecework"}, "neighbour": {"trials", "ventures.my_plan"}}
# Addresses that are no pages: data, files, and what is asked by a machine.
NO_PAGES = {
    "draws.list_file", "health.healthz", "oversight.file", "oversight.script", "posts.json_feed",
    "public_keys.keys", "public_keys.pem", "static",
}  # fmt: skip
CHOOSING = "kind", "section", "field"  # parts of an address that choose another form
ADDRESSES_EACH = 4  # as many pages of one view are fetched to find links; the fullest is looked at
AXE = Axe().axe_script
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What is wrong is told by its HTML, and no page has frames or films. Contrast is half of the work:
# on a desk it is looked at where something is seen that the phone did not show.
AXE_RUN = """async rules => {
  const sees = one => one.checkVisibility();
  const all = [...document.body.querySelectorAll('*')];
  const options = {resultTypes: ['violations'], selectors: false, iframes: false, preload: false};
  const runs = [[document, {runOnly: rules}]];
  if (window.shownBefore) {
    runs[0][1].rules = {'color-contrast': {enabled: false}};
    const fresh = all.filter(one => sees(one) && !window.shownBefore.has(one));
    if (fresh.length) runs.push([fresh, {runOnly: ['color-contrast']}]);
  }
  window.shownBefore = new Set(all.filter(sees));
  const found = [];
  for (const [where, rest] of runs)
    found.push(...(await axe.run(where, {...options, ...rest})).violations);
  return found.map(one => one.id + ': ' + one.nodes[0].html.slice(0, 160));
}"""
# Where links lead to a page too late, lists to begin from: the last of its links to a view.
LEADS = {
    "staff": {
        "/staff/residents/?show=assisted": "caseload.resident",
        "/staff/residents/?q=陈桂芳": "caseload.resident",  # who signs in
        "/staff/employers/?q=暖邻": "caseload.employer",  # it has two people who sign in
        "/staff/piecework/?group=prepare": "piecework.staff_order",  # a draft
        "/staff/training/?show=over": "training.staff_run",  # with certificates
        "/staff/matches/under-way?state=applied": "matches.show",  # from which one proposes a trial
        "/staff/posts/?show=published": "posts.staff_post",  # that may be corrected
    },
    "resident": {"/openings/?kind=piecework&q=布老虎挂件": "openings.show"},  # one to claim
    "admin": {"/admin/accounts?role=staff": "admin.account"},  # whose hours an admin may write
}
# Views that no link of the demo leads to, each for a reason that lies in the demo.
UNSEEN = {
    "branches.activity_photo",  # pictures, and nothing of the demo has one
    "branches.promise_photo",
    "matches.evidence_for",  # after a resident asked for it
    "jobs.show",  # it leads on as soon as the job is done
    "matches.employer_contract",  # pictures, and no hire of the demo has one
    "matches.my_contract",
    "matches.apply",  # stands between a wish and what it lacks; the demo's people lack nothing
    "official_facts.end",  # nobody of the demo has an office's record
    "official_facts.ground",
    "official_facts.withdraw",
    "piecework.staff_payee_drop",  # of one who has an account; most files that are opened have none
    "piecework.claim_as",  # after a household was asked
    "piecework.employer_edit",  # its companies have no draft
    "piecework.photo",  # a picture, and no family of the demo has one
    "home.next_question",  # as below
    "home.pictures",  # begun by a button; test_pictures.py walks there
    "home.question",  # its people have told everything; test_newcomer.py walks there
    "residents.leave_household",  # its logins live alone or with those they register
    "accounts.card",  # its address stands on a card
    "residents.new_password",  # after a code was sent
    "residents.my_phone",  # its numbers are proven
    "statements.my_objection",  # nobody who signs in was paid by an employer of the demo
    "statements.my_request",  # its logins live alone
    "statements.staff_agree",  # as above
    "statements.wage",  # of an employer who hired somebody; of the second only piecework is seen
    "trials.trial_calendar",  # linked while a day that was agreed is ahead; the demo's may be over
    "tickets.staff_photo",  # a picture, and no ticket of the demo has one
    "training.lend_page",  # a code for another telephone, for a quarter of an hour
    "training.enter_result",  # its courses that are over have their certificates
    "training.withdraw_order",  # the promises are other employers' than those who sign in
    "openings.code",  # a picture, as below
    "openings.preview_picture",
    "piecework.sample",  # a picture, on the pages of its order
    "posts.photo",  # pictures stand on their pages, no link leads to them
    "posts.preview_picture",
    "posts.staff_photo",
    "ventures.my_photo",  # pictures stand on their pages, no link leads to them
    "ventures.photo",
    "ventures.visit_photo",
}
SHOTS = os.environ.get("FUMIN_SCREENSHOTS")
# Latin words a person may read: what stands on screens and papers here, names of formats, units.
KNOWN_WORDS = {
    "Excel", "xlsx", "csv", "PDF", "SQLite", "PostgreSQL", "prior",
    "CSV", "Python",  # of the figures, for who reckons them again
    "http", "https", "certificates", "statements", "feedback",  # addresses printed on papers
}  # fmt: skip
# One in forty has letters alone.
RECEIPT = re.compile(rf"\b[2-9A-Z]{{{receipt_codes.LENGTH}}}\b")
# Pages of addresses of gateways, and of what names columns of files.
TECHNICAL = {
    "admin.audit_log", "backups.index", "draws.show", "draws.staff_draw", "messages.admin_channels",
    "public_keys.index",
}  # fmt: skip


@pytest.fixture(scope="session")
def site(built) -> Flask:
    """The application's map of addresses, to tell which view a link leads to."""
    return built


class Links(HTMLParser):
    """The addresses a page links to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def view_of(adapter: MapAdapter, address: str) -> tuple[str, ...] | None:
    """Return the view of an address, with the words that choose its form."""
    try:
        endpoint, values = adapter.match(urlsplit(address).path, method="GET")
    except HTTPException:
        return None
    return (endpoint, *(values[name] for name in CHOOSING if name in values))


def hand_in_a_list(page: Page) -> None:
    """Have a list of vacancies imported, one wait with a row that is refused, and one be read."""
    for name in ("招工.csv", "导完的.csv", "还没导入的.csv"):
        page.goto("/staff/imports/")
        page.get_by_label("招聘信息表").check()
        title = "夜市帮厨" if name == "导完的.csv" else ""
        rows = f"招聘岗位,工作地址,薪资\n{title},{name},面议\n"
        page.set_input_files(
            "[name=file]", {"name": name, "mimeType": "text/csv", "buffer": rows.encode()}
        )
        page.locator("main form button").click()
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text("看看每一列认得对不对", timeout=60_000)
        if name != "还没导入的.csv":
            page.get_by_role("button", name="看看每一行").click()
            expect(heading).to_have_text("看看每一行会录成什么", timeout=60_000)
        if name == "导完的.csv":
            page.get_by_role("button", name="确认，导入 1 行").click()
            expect(heading).to_have_text("导入结果", timeout=60_000)


def paste_texts(page: Page, who: str) -> list[str]:
    """Have texts read that are pasted; return the pages of what was read, and of one file."""
    jobs = "招面点师傅1名，4000元/月，限男性，押金200元\n招传菜员2名，包吃住"
    found = []
    for base, text in {
        "employer": {"/employer/openings/paste": jobs},
        "staff": {
            "/staff/openings/paste": jobs,
            "/staff/residents/paste": "秦素芳，住16栋2单元1203，想做保洁，三级残疾，吃低保",
        },
    }.get(who, {}).items():
        for _ in range(2 if "residents" in base else 1):  # one stays a text, one becomes a file
            page.goto(base)
            page.fill("#text", text)
            page.locator("main form button[type=submit]").click()
            found.append(page.url)
    if who == "staff":
        page.check("#consent")
        page.check("#channel-0")
        page.locator("main form .btn-main").click()
        assert page.url.endswith("/openings")
        found[-1] = page.url
    return found


def leads(page: Page, site: Flask, lists: dict[str, str]) -> list[str]:
    """Return the last link to the view wanted of each list."""
    adapter = site.url_map.bind("127.0.0.1")
    return [
        [
            link
            for link in Links(page.context.request.get(address).text()).found
            if view_of(adapter, link) == (view,)
        ][-1]
        for address, view in lists.items()
    ]


def walk(
    page: Page, site: Flask, *, skip: set[str], first: list[str]
) -> tuple[dict[tuple[str, ...], str], set[str]]:
    """Follow the links from the front page, then from ``first``.

    Returns one address a page view, that of the page that holds most, and the views of files.
    """
    adapter = site.url_map.bind("127.0.0.1")
    fetched: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    queue = deque(["/", *first])
    files: set[tuple[str, ...]] = set()
    while queue:
        address = queue.popleft()
        view = view_of(adapter, address)
        if view is None or view[0] in skip or view in files or address in fetched[view]:
            continue
        if len(fetched[view]) == ADDRESSES_EACH:
            continue
        answer = page.context.request.get(address)
        assert answer.status < 400, (address, answer.status)
        if "text/html" not in answer.headers.get("content-type", ""):
            files.add(view)
            continue
        html = answer.text()
        fetched[view][address] = len(html)
        host = urlsplit(answer.url).netloc
        links = [urljoin(answer.url, link).partition("#")[0] for link in Links(html).found]
        queue.extend(link for link in links if urlsplit(link).netloc == host)
    best = {view: max(pages, key=pages.__getitem__) for view, pages in fetched.items() if pages}
    return best, {view[0] for view in files}


def faults_of(page: Page, address: str, view: tuple[str, ...], who: str) -> list[str]:
    """Return what is wrong with a page on a phone and on a desk."""
    page.set_viewport_size(PHONE_SIZE)
    page.goto(address)
    faults = []
    text = RECEIPT.sub("", page.locator("body").inner_text())
    words = set(re.findall(r"\b[A-Za-z_]{3,}\b", text)) - KNOWN_WORDS
    if words and view[0] not in TECHNICAL:
        faults.append(f"words that nobody here reads: {sorted(words)}")
    if page.locator("h1").count() != 1:
        faults.append(f"{page.locator('h1').count()} h1")
    if page.locator("body.phone-first").count():  # what residents and the public meet
        faults += faults_of_both_sizes(page)
    if not page.evaluate("'axe' in window"):  # the walk compiles it once for all its pages
        page.evaluate(AXE)
    for name, size in (("phone", PHONE_SIZE), ("desk", DESK_SIZE)):
        page.set_viewport_size(size)
        if SHOTS:
            page.screenshot(
                path=Path(SHOTS) / "-".join((who, *view, name + ".png")), full_page=True
            )
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            faults.append(f"{name}: {wide} px wider than the screen")
        faults += [f"{name}: {fault}" for fault in page.evaluate(AXE_RUN, AXE_RULES)]
    return [f"{address} {fault}" for fault in faults]


@pytest.mark.parametrize(
    "who", [pytest.param(who, marks=pytest.mark.slow) if who == "staff" else who for who in PEOPLE]
)
def test_every_page(open_page, site, who):
    """What everybody may see is looked at as nobody and as a resident, the rest as its role."""
    page = open_page(PEOPLE[who])
    first = [page.url, *leads(page, site, LEADS.get(who, {}))]
    if who == "staff":
        hand_in_a_list(page)
    first += paste_texts(page, who)
    shared = {name for name, view in site.view_functions.items() if view.access is None}
    pages, files = walk(
        page,
        site,
        skip=NO_PAGES | (shared if who not in {"public", "resident"} else set()),
        first=first,
    )
    if who in PARTS_OF:
        pages = {view: address for view, address in pages.items() if looks_at(who, view[0])}
    page.context.add_init_script(AXE)  # compiled once: sent to each page it is compiled each time
    faults = []
    for view, address in sorted(pages.items()):
        faults += faults_of(page, address, view, who)
    assert not faults, "\n".join(faults)
    missed = views_for(site, who) - {view[0] for view in pages} - files - UNSEEN
    assert not missed, f"no link of the demo leads a {who} to {sorted(missed)}"


ROLES = {"public": None, "maker": Role.EMPLOYER, "neighbour": Role.RESIDENT}


def views_for(site: Flask, who: str) -> set[str]:
    """Return the views a role's links should lead to."""
    role = ROLES.get(who, who)
    may = PERMISSIONS[Role(role)] if role else frozenset()
    return {
        rule.endpoint
        for rule in site.url_map.iter_rules()
        if "GET" in rule.methods
        and site.view_functions[rule.endpoint].access in may
        and looks_at(who, rule.endpoint)
    }


def looks_at(who: str, view: str) -> bool:
    """Return whether a page is looked at as this person, rather than as another of their role."""
    names = {view, view.split(".")[0]}
    if who in PARTS_OF:
        return bool(names & PARTS_OF[who])
    role = ROLES.get(who, who)
    return not any(names & parts for one, parts in PARTS_OF.items() if ROLES[one] == role)


@pytest.mark.parametrize("who", ["public", "resident"])
def test_the_large_print_is_large(open_page, who):
    """LOOK.md: 24 px base; what somebody looks for begins within the first screen, in both sizes.

    How large targets are, :mod:`tests.browser.measured` says for every page.
    """
    page = open_page(PEOPLE[who])
    for least, header in ((18, 60), (24, 62)):
        page.goto("/openings/")
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= least
        bar = page.locator(".places").bounding_box()["y"]
        for part in (".opening-title", ".pay"):
            box = page.locator(f".opening-card {part}").first.bounding_box()
            assert box["y"] + box["height"] <= bar, (part, least)
        assert page.locator(".site-header-inner").bounding_box()["height"] <= header
        page.get_by_role("button", name="大字版").or_(page.get_by_text("标准版")).click()
    page.goto("/")
    assert page.locator("html.large").count() == 0
