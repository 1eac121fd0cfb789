"""The demo as a person meets it: served by `fumin demo`, looked at in a real Chromium."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import demo
from tests.conftest import PASSWORD, require
from tests.forms import TOKEN

PHONE_SIZE = {"width": 360, "height": 740}
DESK_SIZE = {"width": 1280, "height": 900}


def chromium() -> str | None:
    """Return the system's Chromium, or ``None``."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def demo_server(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """`fumin demo` on a copy of the loaded demo, or the one at ``FUMIN_AT``; its address.

    Each worker has a server of its own, so that what one clicks changes nothing for the other.
    """
    require("Chromium", chromium() is not None)
    if running := os.environ.get("FUMIN_AT"):  # saves the loading while a test is written
        yield running
        return
    loaded: Path = request.getfixturevalue("loaded_demo")
    folder = tmp_path_factory.mktemp("served") / "demo"
    shutil.copytree(loaded, folder)
    with demo.served(folder) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    require("Chromium", chromium() is not None)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium(),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--js-flags=--no-opt",  # what runs for a moment gains nothing by it
            ],
        )
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser, demo_server: str) -> Iterator[Callable[..., Page]]:
    """Return a fresh page, signed in with ``phone`` if given; what it logs as errors fails."""
    contexts = []
    errors: list[str] = []

    def _open(phone: str | None = None, *, size: dict[str, int] | None = None) -> Page:
        context = browser.new_context(
            base_url=demo_server, viewport=size or PHONE_SIZE, locale="zh-CN"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        if phone:
            # As the form does; that it can be filled in is seen where there is no JavaScript.
            token = TOKEN.search(context.request.get("/login").text())
            assert token is not None
            typed = {"csrf_token": token[1], "phone": phone, "password": PASSWORD}
            answer = context.request.post("/login", form=typed, max_redirects=0)
            assert answer.status == 303
            page.goto(answer.headers["location"])
        return page

    yield _open
    for context in contexts:
        context.close()
    assert not errors
