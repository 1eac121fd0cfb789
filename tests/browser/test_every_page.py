"""Every page in every role, on a phone and on a desk: accessible, and it fits the screen."""

import os
from collections import deque
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

from tests.browser.conftest import DESK_SIZE, PHONE_SIZE
from webapp import create_app
from webapp.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PEOPLE = {
    "public": None,
    "resident": "13800000001",
    "employer": "13800000002",
    "staff": "13800000003",
    "admin": "13800000004",
}
# Addresses that are no pages: data, files, and what is asked by a machine.
NO_PAGES = {"accounts.login", "health.healthz", "static"}
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SHOTS = os.environ.get("FUMIN_SCREENSHOTS")


@pytest.fixture(scope="module")
def adapter(tmp_path_factory):
    """The map of addresses, to tell which view a link leads to."""
    from tests.conftest import KEY

    folder = tmp_path_factory.mktemp("map")
    app = create_app(
        Settings(
            folder, f"sqlite:///{folder}/x", "only-for-the-map-0123456789-abcdef", (KEY,), True
        )
    )
    return app.url_map.bind("127.0.0.1")


def endpoint_of(adapter, path: str) -> str | None:
    try:
        return adapter.match(path, method="GET")[0]
    except HTTPException:
        return None


def walk(page: Page, adapter) -> dict[str, str]:
    """Follow the links from the front page and the role's own; return one address a view."""
    found: dict[str, str] = {}
    queue = deque(["/", page.url])
    seen = set(NO_PAGES)
    while queue:
        path = queue.popleft()
        endpoint = endpoint_of(adapter, urlsplit(path).path)
        if endpoint is None or endpoint in found or endpoint in seen:
            continue
        fetched = page.context.request.get(path)  # a download would stop the page
        assert fetched.status < 400, (path, fetched.status)
        if "text/html" not in fetched.headers.get("content-type", ""):
            seen.add(endpoint)
            continue
        page.goto(path)
        found[endpoint] = path
        links = page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)")
        origin = urlsplit(page.url).netloc
        queue.extend(link for link in links if urlsplit(link).netloc == origin)
    return found


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page(open_page, adapter, who):
    page = open_page(PEOPLE[who])
    pages = walk(page, adapter)
    assert len(pages) >= 4
    axe = Axe()
    faults = []
    for endpoint, path in sorted(pages.items()):
        for name, size in (("phone", PHONE_SIZE), ("desk", DESK_SIZE)):
            page.set_viewport_size(size)
            page.goto(path)
            if SHOTS:
                target = Path(SHOTS) / f"{who}-{endpoint}-{name}.png"
                page.screenshot(path=target, full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wide > 0:
                faults.append(f"{path} ({name}) is {wide} px wider than the screen")
            if page.locator("h1").count() != 1:
                faults.append(f"{path} has {page.locator('h1').count()} h1")
            results = axe.run(page, options=AXE)
            faults += [
                f"{path} ({name}): {violation['id']}: {violation['nodes'][0]['html'][:160]}"
                for violation in results.response["violations"]
            ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("who", ["public", "resident"])
def test_the_large_print_is_large(open_page, adapter, who):
    """LOOK.md's figures: 24 px base, targets of 60 px, and nothing falls off the screen."""
    page = open_page(PEOPLE[who])
    page.goto("/")
    page.get_by_role("button", name="大字版").first.click()
    for path in ("/", "/openings/"):
        page.goto(path)
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 24
        heights = page.eval_on_selector_all(
            "main button, main select, main input:is([type=text], [type=search], [type=number])",
            "all => all.filter(e => e.offsetParent).map(e => e.getBoundingClientRect().height)",
        )
        assert heights
        assert min(heights) >= 60
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
