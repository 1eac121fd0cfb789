"""Lighthouse on the pages most people see first; skipped, loudly, where it is not installed."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import demo
from tests.browser.conftest import chromium

AT_LEAST = {"accessibility": 0.95, "best-practices": 0.9, "performance": 0.8}


def _lighthouse() -> str | None:
    return shutil.which("lighthouse") or shutil.which(
        "lighthouse", path=demo.ROOT / ".venv" / "lighthouse" / "node_modules" / ".bin"
    )


def test_first_pages_score_well(copied_demo: Path, tmp_path: Path) -> None:
    program, browser = _lighthouse(), chromium()
    if program is None or browser is None:
        pytest.skip("Lighthouse is missing")
    with demo.served(copied_demo) as address:
        for path in ("/", "/openings/", "/login"):
            report = tmp_path / "report.json"
            subprocess.run(
                [
                    program, address + path, "--quiet", "--output=json", f"--output-path={report}",
                    f"--only-categories={','.join(AT_LEAST)}",
                    "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
                ],
                env={**os.environ, "CHROME_PATH": browser}, check=True, timeout=180,
                capture_output=True,
            )  # fmt: skip
            found = json.loads(report.read_text())["categories"]
            scores = {name: found[name]["score"] for name in AT_LEAST}
            print(path, scores)
            assert all(scores[name] >= least for name, least in AT_LEAST.items()), (path, scores)
