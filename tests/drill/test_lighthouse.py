"""Lighthouse on the pages most people see first; skipped, loudly, where it is not installed.

``npm install --prefix .venv/lighthouse lighthouse`` installs it.
"""

import http.cookiejar
import json
import os
import re
import shutil
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests import demo
from tests.browser.conftest import chromium
from tests.conftest import PASSWORD
from tests.forms import TOKEN

AT_LEAST = {"accessibility": 1.0, "best-practices": 0.95, "performance": 0.95}
RESIDENT = "13800000001"
TRIES = 2  # performance is measured on a clock: what else this machine does is not the page's


def _lighthouse() -> str | None:
    return shutil.which("lighthouse") or shutil.which(
        "lighthouse", path=demo.ROOT / ".venv" / "lighthouse" / "node_modules" / ".bin"
    )


def _signed_in(address: str) -> str:
    """Return the cookies of a resident who signed in through the form, as a header holds them."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    token = TOKEN.search(opener.open(f"{address}/login").read().decode())
    assert token is not None
    typed = {"csrf_token": token[1], "phone": RESIDENT, "password": PASSWORD}
    opener.open(f"{address}/login", urllib.parse.urlencode(typed).encode())
    return "; ".join(f"{one.name}={one.value}" for one in jar)


def _scores(program: str, browser: str, url: str, cookies: str, report: Path) -> dict[str, float]:
    headers = {"Cookie": cookies} if cookies else {}
    subprocess.run(
        [
            program, url, "--quiet", "--output=json", f"--output-path={report}",
            f"--only-categories={','.join(AT_LEAST)}",
            f"--extra-headers={json.dumps(headers)}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        ],
        env={**os.environ, "CHROME_PATH": browser}, check=True, timeout=180,
        capture_output=True,
    )  # fmt: skip
    read = json.loads(report.read_text())
    assert read["finalDisplayedUrl"] == url, "the page led elsewhere"
    return {name: read["categories"][name]["score"] for name in AT_LEAST}


def test_first_pages_score_well(copied_demo: Path, tmp_path: Path) -> None:
    program, browser = _lighthouse(), chromium()
    if program is None or browser is None:
        pytest.skip("Lighthouse is missing")
    with demo.served(copied_demo) as address:
        listed = urllib.request.urlopen(f"{address}/openings/?kind=vacancy").read().decode()
        opening = re.search(r'href="(/openings/\d+)"', listed)
        assert opening is not None
        cookies = _signed_in(address)
        pages = {"/": "", "/openings/": "", opening[1]: "", "/login": "", "/me/": cookies}
        for path, as_whom in pages.items():
            best = dict.fromkeys(AT_LEAST, 0.0)
            for _try in range(TRIES):
                scores = _scores(
                    program, browser, address + path, as_whom, tmp_path / "report.json"
                )
                print(path, scores)
                best = {name: max(best[name], scores[name]) for name in AT_LEAST}
                if all(best[name] >= least for name, least in AT_LEAST.items()):
                    break
            assert all(best[name] >= least for name, least in AT_LEAST.items()), (path, best)
