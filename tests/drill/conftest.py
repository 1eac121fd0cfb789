"""A copy of the loaded demo for each drill."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import KEY
from webapp.core import crypto


@pytest.fixture
def copied_demo(loaded_demo: Path, tmp_path: Path) -> Iterator[Path]:
    """A data directory of the demo to do anything with; its keys are loaded."""
    folder = tmp_path / "demo"
    shutil.copytree(loaded_demo, folder)
    crypto.load_keys((json.loads((folder / "keys.json").read_text())["encryption_key"],))
    yield folder
    crypto.load_keys((KEY,))
