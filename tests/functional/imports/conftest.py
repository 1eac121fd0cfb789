"""A member of staff at the counter, with the spreadsheets that come in, and the command line."""

import pytest
from click.testing import CliRunner

from webapp.cli import main


@pytest.fixture
def browser(sign_in, staff):
    """A browser signed in to the account of :func:`staff`."""
    return sign_in(staff)


@pytest.fixture
def run(monkeypatch, settings, db, tmp_path):
    """Run ``fumin import …`` on the test's database; ``bytes`` become a file."""
    monkeypatch.setattr("webapp.core.settings.from_environment", lambda: settings)
    monkeypatch.setattr("webapp.from_environment", lambda: settings)

    def _run(kind, data, *options, name="表.xlsx"):
        path = tmp_path / name
        path.write_bytes(data)
        return CliRunner().invoke(main, ["import", kind, str(path), *options])

    return _run
