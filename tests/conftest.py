"""Fixtures shared by all tests: an application on a real SQLite file and on PostgreSQL.

What needs Chromium or PostgreSQL is skipped with one loud line when it is missing; with
``FUMIN_REQUIRE_ALL=1`` a skip is a failure.
"""

import gc
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from filelock import FileLock
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from matching.utils import content_store
from tests import audit_words, demo, depth, doubles, engines_kept, postgres
from tests.forms import csrf_token
from webapp import create_app
from webapp.accounts.models import Account
from webapp.core import access, audit, crypto, passwords, signing
from webapp.core.db import Database
from webapp.core.settings import Settings
from webapp.ops import schema

PASSWORD = "fumin-demo-1"
KEY = Fernet.generate_key().decode()
REQUIRE_ALL = os.environ.get("FUMIN_REQUIRE_ALL") == "1"
MISSING = re.compile(r"Skipped: (.+) is missing")
# Run by one worker, one after the other: what they share takes longer to make than they run.
ONE_WORKER = (
    "tests/test_notebooks.py",
    "tests/functional/demo/test_offered_acts.py",
    "tests/test_architecture.py",
    "tests/test_consistency.py",
    "tests/test_unused.py",
)

depth.load()
audit_words.watch()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make test` leave out what would tell nothing new."""
    parser.addoption(
        "--doubles",
        choices=("all", "needed"),
        default="all",
        help="which tests of the database run on PostgreSQL too (tests/doubles.py)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Have all workers remember what texts mean in one file of this run, and what they heard.

    Garbage is looked for a thirtieth as often: what thousands of tests and their modules hold is
    gone through each time, and next to nothing of it is garbage.
    """
    gc.set_threshold(20_000, 20, 50)
    if not hasattr(config, "workerinput"):
        folder = tempfile.TemporaryDirectory(prefix="fumin-tests-")
        config.add_cleanup(folder.cleanup)
        os.environ[content_store.SETTING] = str(Path(folder.name) / "meaning.sqlite3")
    if config.getoption("doubles") == "needed":
        worker = getattr(config, "workerinput", {}).get("workerid", "alone")
        folder_of_run = Path(os.environ[content_store.SETTING]).parent
        config.pluginmanager.register(doubles.Needed(folder_of_run, worker))


def require(thing: str, present: bool) -> None:
    """Skip when ``thing`` is missing here, or fail when everything is required."""
    if present:
        return
    if REQUIRE_ALL:
        pytest.fail(f"{thing} is missing and FUMIN_REQUIRE_ALL=1")
    pytest.skip(f"{thing} is missing")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what could not be tested here, in whichever worker it was found out."""
    reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())]
    for thing in sorted({found[1] for why in reasons if (found := MISSING.search(why))}):
        terminalreporter.write_line(f"SKIPPED: {thing} IS MISSING, ITS TESTS DID NOT RUN", red=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin what takes long before what does not, or at the end one worker waits for the other.

    One test of the browser goes first and has the demo loaded, the others follow when it is. What
    is chosen by what others did goes last.
    """
    items.sort(key=_turn)
    if config.getoption("doubles") == "needed":
        items.sort(key=doubles.is_double)
    browsers = [item for item in items if item.get_closest_marker("browser")]
    if browsers:
        items.remove(browsers[0])
        items.insert(0, browsers[0])


def pytest_collection_finish() -> None:
    """Leave what stands until the end out of every search for garbage."""
    gc.freeze()


def _turn(item: pytest.Item) -> int:
    long = item.get_closest_marker("slow") is not None
    if item.get_closest_marker("browser"):
        return 1 if long else 2
    return 0 if long else 3


class _InGroups(LoadScopeScheduling):
    """Give each test to the next free worker, but those that share a costly server to one.

    xdist's own ``loadgroup`` renames the tests for it, which pytest 9.2 does not let it do.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((group for group in ONE_WORKER if nodeid.startswith(group)), nodeid)

    def mark_test_complete(
        self,
        node: WorkerController,
        item_index: int,
        duration: float = 0,  # noqa: ARG002 - as xdist calls it
    ) -> None:
        """Forget a unit that is done: at each event xdist counts through all it remembers."""
        nodeid = self.registered_collections[node][item_index]
        units = self.assigned_work[node]
        unit = units[self._split_scope(nodeid)]
        unit[nodeid] = True
        if all(unit.values()):
            del units[self._split_scope(nodeid)]
        self._reschedule(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Schedule by :data:`ONE_WORKER`."""
    config.option.loadscopereorder = False  # the order of collection is the one wanted
    return _InGroups(config, log)


@pytest.fixture(scope="session", autouse=True)
def encryption_keys() -> None:
    """Load keys for the encrypted columns, whether or not an application is built."""
    crypto.load_keys((KEY,))


@pytest.fixture(scope="session", autouse=True)
def quick_hashing() -> Iterator[None]:
    """Hash with the cheapest parameters: the real ones take 50 ms a time, by design."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(1, 64, parallelism=1))
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The folder of this run in which all workers find what one of them has made."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


@pytest.fixture(scope="session")
def sqlite_template(shared_folder: Path) -> Path:
    """A migrated, empty SQLite file to copy; migrated once for all workers."""
    folder = shared_folder / "migrated"
    with FileLock(shared_folder / "migrated.lock"):
        if not folder.exists():
            part = shared_folder / "migrating"
            shutil.rmtree(part, ignore_errors=True)  # of a worker that failed
            part.mkdir()
            _migrate(f"sqlite:///{part / 'empty.sqlite3'}")
            part.rename(folder)
    return folder / "empty.sqlite3"


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[postgres.Reused]:
    """A migrated database on a throw-away server, emptied after each test."""
    require("PostgreSQL", postgres.programs() is not None)
    with postgres.server() as address:
        reused = postgres.Reused(address, _migrate)
        yield reused
        reused.dispose()


def _migrate(url: str) -> None:
    database = Database(url, before_commit=audit.write_pending)
    schema.upgrade(database)
    database.dispose()


@pytest.fixture(scope="session")
def loaded_demo(shared_folder: Path) -> Path:
    """The data directory of a loaded demo, made once for all workers; to copy, not to write to."""
    return demo.load_once(shared_folder)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        copy = tmp_path / "fumin.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), copy)
        yield f"sqlite:///{copy}"
        return
    reused: postgres.Reused = request.getfixturevalue("postgres_database")
    yield reused.url
    reused.empty()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings as in the demo, on the fresh database."""
    return Settings(
        data_dir=tmp_path,
        database_url=database_url,
        secret_key="only-for-tests-0123456789-abcdefghijk",
        encryption_keys=(KEY,),
        demo=True,
        notice_addresses=("json://127.0.0.1",),
    )


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application, put together once: 800 addresses take a tenth of a second to compile."""
    folder = tmp_path_factory.mktemp("built")
    return create_app(
        Settings(
            data_dir=folder,
            database_url=f"sqlite:///{folder / 'unused.sqlite3'}",
            secret_key="only-for-tests-0123456789-abcdefghijk",
            encryption_keys=(KEY,),
            demo=True,
        )
    )


@pytest.fixture(scope="session")
def engines() -> Iterator[engines_kept.Kept]:
    """The engines of both databases, which compile each statement once a worker."""
    kept = engines_kept.Kept()
    yield kept
    kept.dispose()


@pytest.fixture
def app(
    settings: Settings,
    built: Flask,
    engines: engines_kept.Kept,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Flask]:
    """The application, on both databases; what it keeps between requests is new each time."""
    with engines.at(settings.database_url) as database:
        fresh = {**built.extensions, "settings": settings, "database": database}
        monkeypatch.setattr(built, "extensions", fresh)
        signing.use(settings.signing_keys)
        yield built


@pytest.fixture
def db(app: Flask) -> Database:
    """The application's database."""
    return app.extensions["database"]


@pytest.fixture
def write(db: Database) -> Callable[[], AbstractContextManager[Session]]:
    """``with write() as session:`` writes as the system, in one transaction."""
    return lambda: db.transaction(access.SYSTEM)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is not signed in."""
    return app.test_client()


@pytest.fixture(scope="session")
def doorstep() -> dict[str, str]:
    """What a browser has from the page where one signs in, its cookie and token; first empty."""
    return {}


@pytest.fixture
def sign_in(app: Flask, doorstep: dict[str, str]) -> Callable[[Account], FlaskClient]:
    """Return a browser signed in to ``account`` through the real form.

    The page with the form is asked for once: who has not signed in yet is nobody in particular,
    and what it gives is signed by the key of all tests.
    """
    name = app.config["SESSION_COOKIE_NAME"]

    def _sign_in(account: Account) -> FlaskClient:
        browser = app.test_client()
        if doorstep:
            browser.set_cookie(name, doorstep["cookie"])
        else:
            doorstep["token"] = csrf_token(browser, "/login")
            doorstep["cookie"] = browser.get_cookie(name).value
        data = {"phone": account.phone, "password": PASSWORD, "csrf_token": doorstep["token"]}
        response = browser.post("/login", data=data)
        assert response.status_code == 303, response.get_data(as_text=True)
        return browser

    return _sign_in
