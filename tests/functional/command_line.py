"""The `fumin` command as an administrator types it."""

from pathlib import Path

from click.testing import CliRunner, Result

from tests.conftest import KEY
from webapp.cli import main

SECRET = "a-secret-of-the-tests-0123456789-abc"


def environment(database_url: str, folder: Path, **extra: str) -> dict[str, str]:
    """Return the settings of an installation outside the demo."""
    return {
        "FUMIN_DATABASE_URL": database_url,
        "FUMIN_DATA_DIR": str(folder),
        "FUMIN_SECRET_KEY": SECRET,
        "FUMIN_ENCRYPTION_KEYS": KEY,
        "FUMIN_TRUSTED_HOSTS": "localhost",
        **extra,
    }


def fumin(
    *arguments: str, database_url: str, folder: Path, stdin: str = "", **extra: str
) -> Result:
    """Run a command as the console script does."""
    return CliRunner().invoke(
        main, arguments, input=stdin, env=environment(database_url, folder, **extra)
    )
