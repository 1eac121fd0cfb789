"""The demo as a person meets it: served by `fumin demo`, looked at in a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import PASSWORD, require

PHONE_SIZE = {"width": 360, "height": 740}
DESK_SIZE = {"width": 1280, "height": 900}
LOADING_SECONDS = 400


def chromium() -> str | None:
    """Return the system's Chromium, or ``None``."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`fumin demo` on its own data and a free port, or the one at ``FUMIN_AT``; its address."""
    require("Chromium", chromium() is not None)
    if running := os.environ.get("FUMIN_AT"):  # saves the loading while a test is written
        yield running
        return
    folder = tmp_path_factory.mktemp("demo")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FUMIN_")},
        "FUMIN_DATA_DIR": str(folder),
    }
    log = (folder / "log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", "demo", "--port", str(port)],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=Path(__file__).parents[2],
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server, folder / "log")
        yield address
    finally:
        server.terminate()
        code = server.wait(timeout=30)
        log.close()
        assert code == 0, (folder / "log").read_text()


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + LOADING_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the demo stopped:\n{log.read_text()}")
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
        else:
            return
    pytest.fail(f"the demo did not start in {LOADING_SECONDS} s:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    require("Chromium", chromium() is not None)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
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
            page.goto("/login")
            page.fill("#phone", phone)
            page.fill("#password", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_load_state()
            assert "/login" not in page.url
        return page

    yield _open
    for context in contexts:
        context.close()
    assert not errors
