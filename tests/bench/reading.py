"""What is read out of pasted texts and office spreadsheets, by the scorers beside the data."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet

from tests.bench import datasets

# (spreadsheet, file of what it holds)
SHEETS = (
    ("ledger.xlsx", "ledger"),
    ("by_building.xlsx", "by_building"),
    ("side_by_side.xlsx", "side_by_side"),
    ("export.xlsx", "export"),
    ("export_gbk.csv", "export"),
    ("households.xlsx", "households"),
)


def pasted(*, large: bool = False) -> None:
    """Print precision, recall and F1 of what is read out of messages and of what people say."""
    folder = datasets.folder("pasted")
    if folder is None:
        return
    with tempfile.TemporaryDirectory() as place:
        for kind in ("vacancies", "residents"):
            print(f"\nPasted texts: {kind} (aims: F1 .90 on average; pay, phone, illegal .95)")
            given, got = Path(place) / "in.jsonl", Path(place) / "out.jsonl"
            lines = (folder / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()
            texts = [{"text": json.loads(line)["text"]} for line in lines if line]
            given.write_text("".join(json.dumps(one) + "\n" for one in texts), encoding="utf-8")
            _run("-m", "matching", "extract", kind, str(given), "--output", str(got))
            print(_run(str(folder / "score.py"), kind, str(got)), end="")


def sheets(*, large: bool = False) -> None:
    """Print who of each workbook went in, who was put before a person, and F1 of the cells."""
    folder = datasets.folder("office_sheets")
    if folder is None:
        return
    print("\nOffice spreadsheets (aims: 98 in 100 of those who may, all others refused, F1 .93)")
    with tempfile.TemporaryDirectory() as place:
        # A database of its own: a dry run writes nothing, but reads what is known already.
        settings = {
            "FUMIN_DATA_DIR": place,
            "FUMIN_DATABASE_URL": f"sqlite:///{place}/fumin.sqlite3",
            "FUMIN_TRUSTED_HOSTS": "localhost",
            "FUMIN_SECRET_KEY": secrets.token_urlsafe(48),
            "FUMIN_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        }
        _run("-m", "webapp.cli", "db", "upgrade", settings=settings)
        for file, expected in SHEETS:
            read = ["import", "residents", str(folder / file), "--dry-run", "--json"]
            got = Path(place) / f"{file}.jsonl"
            got.write_text(_run("-m", "webapp.cli", *read, settings=settings), encoding="utf-8")
            score = [str(folder / "score.py"), str(folder / f"{expected}.expected.json"), str(got)]
            print(f"  {file}: {_run(*score).splitlines()[-1]}")


def _run(*arguments: str, settings: dict[str, str] | None = None) -> str:
    """Run Python on arguments; return what it printed."""
    environment = {**os.environ, **(settings or {})}
    command = [sys.executable, *arguments]
    found = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, encoding="utf-8", env=environment
    )
    return found.stdout
