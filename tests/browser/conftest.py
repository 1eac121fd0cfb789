"""The demo as a person meets it: served by `fumin demo`, looked at in a real Chromium."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests import demo
from tests.conftest import PASSWORD, require
from tests.forms import TOKEN
from webapp import create_app
from webapp.core import clock
from webapp.core.settings import Settings
from webapp.ops import scheduled_jobs

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


class Opened:
    """Pages at one address, each in a browser of its own; what they log as errors fails."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self._contexts: list[BrowserContext] = []
        self._errors: list[str] = []

    def __call__(self, phone: str | None = None, *, size: dict[str, int] | None = None) -> Page:
        """Return a fresh page, signed in with ``phone`` if given."""
        context = self.browser.new_context(
            base_url=self.address, viewport=size or PHONE_SIZE, locale="zh-CN"
        )
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self._errors.append(str(error)))
        if phone:
            # As the form does; that it can be filled in is seen where there is no JavaScript.
            token = TOKEN.search(context.request.get("/login").text())
            assert token is not None
            typed = {"csrf_token": token[1], "phone": phone, "password": PASSWORD}
            answer = context.request.post("/login", form=typed, max_redirects=0)
            assert answer.status == 303
            page.goto(answer.headers["location"])
        return page

    def close(self) -> None:
        """Close them all."""
        for context in self._contexts:
            context.close()
        assert not self._errors


@pytest.fixture
def open_page(browser: Browser, demo_server: str) -> Iterator[Opened]:
    """Pages of the demo as `fumin demo` serves it."""
    opened = Opened(browser, demo_server)
    yield opened
    opened.close()


class TimeMachine(Opened):
    """Pages of the demo served within this process, whose clock can be moved on."""

    def __init__(self, browser: Browser, address: str, app: Flask, ahead: list[timedelta]) -> None:
        super().__init__(browser, address)
        self.app, self._ahead = app, ahead

    def travel(self, **ahead: int) -> None:
        """Let days or hours go by, to noon of the day that is reached."""
        here = clock.local(clock.now() + timedelta(**ahead))
        self._ahead[0] += here.replace(hour=12, minute=0, second=0) - clock.local(clock.now())

    def run_job(self, name: str) -> None:
        """Do what the scheduler would have done by now."""
        job = next(one for one in scheduled_jobs.JOBS if one.name == name)
        with self.app.app_context(), self.app.test_request_context():
            job.work(self.app.extensions["database"])


@pytest.fixture
def time_machine(
    browser: Browser, loaded_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TimeMachine]:
    """The loaded demo on a copy of its own, without its scheduler, with a clock to move on."""
    folder = tmp_path / "demo"
    shutil.copytree(loaded_demo, folder)
    keys = json.loads((folder / "keys.json").read_text())
    app = create_app(
        Settings(
            data_dir=folder,
            database_url=f"sqlite:///{folder / 'fumin.sqlite3'}",
            secret_key=keys["secret_key"],
            encryption_keys=(keys["encryption_key"],),
            demo=True,
        )
    )
    ahead, real = [timedelta()], clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + ahead[0])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = Thread(target=server.serve_forever)
    serving.start()
    opened = TimeMachine(browser, f"http://127.0.0.1:{server.port}", app, ahead)
    try:
        yield opened
    finally:
        opened.close()
        server.shutdown()
        serving.join()
        app.extensions["database"].dispose()
