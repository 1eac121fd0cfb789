"""Which tests run on PostgreSQL too: enough of them to show it whatever SQLite was asked.

Most tests of the portal exist twice, once for each database. With ``--doubles=needed`` those of
SQLite run first and are listened to. Of the others then run those that cannot be left out: between
them they ask PostgreSQL everything that all of SQLite's were heard to ask, and what a test asked
is said by

- each statement's text, whatever its values;
- each refusal, with the constraint or trigger that refused, and what was asked right after it;
- each statement with a value that PostgreSQL takes differently: a zero byte, an integer of more
  than 32 bits, a text longer than its column.

A test of several threads or processes, one that makes or changes tables, one of Hypothesis, one
marked ``database`` and one whose twin was not heard to pass always run on both. The rest are
skipped; at the end it is counted whether anything that they would have asked was asked by nobody,
and the run fails if so.
"""

import hashlib
import json
import math
import re
import resource
import threading
import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import is_hypothesis_test
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, ExceptionContext

from tests import postgres

_LARGE = 2**31
_OF_TABLES = ("CREATE", "ALTER", "DROP")
_UPDATE = re.compile(r"(UPDATE \S+) SET ((?:\S+=\?(?:, )?)+) (WHERE .*)", re.DOTALL)
_INSERT = re.compile(r"(INSERT INTO \S+) \(([^()]+)\) VALUES \([?, ]+\)(.*)", re.DOTALL)
# Of a test on PostgreSQL beside its statements, in seconds: emptying the database.
_OVERHEAD = 0.02


def is_double(item: pytest.Item) -> bool:
    """Return whether ``item`` is the PostgreSQL half of a pair that may be left out."""
    return (
        _database_of(item) == "postgres"
        and item.get_closest_marker("database") is None
        and item.get_closest_marker("deep") is None
        and not is_hypothesis_test(item.obj)
    )


def _database_of(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("database_url") if callspec else None


def _pair(item: pytest.Item) -> str:
    """Return what a test on SQLite and its double are both called."""
    name, bracket, parameters = item.nodeid.partition("[")
    return name + bracket + parameters.replace(str(_database_of(item)), "*", 1)


@dataclass
class Heard:
    """What one test on SQLite asked: ``asked`` are digests, ``alone`` says it has to run twice."""

    pair: str
    seconds: float = 0.0
    asked: set[str] = field(default_factory=set)
    alone: bool = False


class Listener:
    """Hears what SQLite is asked while a test runs."""

    def __init__(self) -> None:
        self._test: Heard | None = None
        self._threads: set[int] = set()
        self._digests: dict[tuple[str, ...], str] = {}
        self._parts: dict[str, list[str]] = {}
        self._lengths: dict[str, dict[str, int]] = {}
        self._hears: dict[str, Any] = {
            "before_cursor_execute": self._statement,
            "handle_error": self._refusal,
            **dict.fromkeys(("rollback", "commit", "rollback_savepoint"), self._end),
        }
        for name, hears in self._hears.items():
            event.listen(Engine, name, hears)

    def close(self) -> None:
        """Listen no longer."""
        for name, hears in self._hears.items():
            event.remove(Engine, name, hears)

    def begin(self, pair: str) -> None:
        """Listen to a test."""
        self._test, self._threads = Heard(pair, seconds=time.perf_counter()), set()
        self._children = _children()

    def end(self) -> Heard:
        """Return what it asked."""
        heard, self._test = self._test, None
        assert heard is not None
        heard.seconds = time.perf_counter() - heard.seconds
        heard.alone |= len(self._threads) > 1 or _children() != self._children
        return heard

    def _statement(
        self,
        connection: Connection,
        _cursor: Any,
        statement: str,
        parameters: Any,
        context: Any,
        _executemany: bool,
    ) -> None:
        if self._test is None or connection.dialect.name != "sqlite":
            return
        self._threads.add(threading.get_ident())
        # As compiled: a list of values has not been unfolded yet.
        text = _text(context) or statement
        if text.lstrip().startswith(_OF_TABLES):
            self._test.alone = True
            return
        if text not in self._parts:
            self._parts[text] = parts(text)
        for part in self._parts[text]:
            self._add(part)
        if refused := connection.info.pop("refused", None):
            self._add(*refused, text)
        for one in parameters if isinstance(parameters, list) else (parameters,):
            for value in one.values() if isinstance(one, dict) else one:
                if kind := _unusual(value):
                    self._add(text, kind)
        if getattr(context, "compiled", None) is not None:
            self._too_long(text, context)

    def _too_long(self, text: str, context: Any) -> None:
        """Add texts longer than their column, which SQLite takes and PostgreSQL refuses."""
        if text not in self._lengths:
            self._lengths[text] = {
                name: length
                for name, bound in context.compiled.binds.items()
                if (length := getattr(bound.type, "length", None)) is not None
            }
        for name, length in self._lengths[text].items():
            for row in context.compiled_parameters:
                if isinstance(value := row.get(name), str) and len(value) > length:
                    self._add(text, name, "too long")

    def _refusal(self, context: ExceptionContext) -> None:
        connection = context.connection
        if self._test is None or connection is None or connection.dialect.name != "sqlite":
            return
        refused = (
            _text(context.execution_context) or context.statement or "",
            str(context.original_exception),
        )
        self._add(*refused)
        connection.info["refused"] = refused

    def _end(self, connection: Connection, *_savepoint: Any) -> None:
        if not connection.invalidated:  # a broken one has nothing to tell
            connection.info.pop("refused", None)

    def _add(self, *words: str) -> None:
        assert self._test is not None
        if words not in self._digests:
            self._digests[words] = hashlib.blake2b(
                "\0".join(words).encode(), digest_size=8
            ).hexdigest()
        self._test.asked.add(self._digests[words])


def parts(statement: str) -> list[str]:
    """Return what there is to a statement: of what writes plain values, each column and the rest.

    >>> parts("UPDATE post SET title=?, at=? WHERE post.id = ?")
    ['UPDATE post WHERE post.id = ?', 'UPDATE post title=?', 'UPDATE post at=?']
    >>> parts("INSERT INTO post (title, at) VALUES (?, ?) RETURNING id")
    ['INSERT INTO post  RETURNING id', 'INSERT INTO post title', 'INSERT INTO post at']
    >>> parts("UPDATE post SET title=upper(title)")
    ['UPDATE post SET title=upper(title)']
    """
    for form in (_UPDATE, _INSERT):
        if found := form.fullmatch(statement):
            into, columns, rest = found.groups()
            return [f"{into} {rest}", *(f"{into} {column}" for column in columns.split(", "))]
    return [statement]


def _text(context: Any) -> str | None:
    compiled = getattr(context, "compiled", None)
    return compiled.string if compiled is not None else None


def _unusual(value: Any) -> str:
    """Return in which way PostgreSQL takes a value differently, empty for most."""
    if isinstance(value, str):
        return "zero byte" if "\0" in value else ""
    return "large" if isinstance(value, int) and not -_LARGE <= value < _LARGE else ""


def _children() -> int:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt


class Needed:
    """The plugin: listens on SQLite, chooses, skips on PostgreSQL, and counts at the end."""

    def __init__(self, folder: Path, worker: str) -> None:
        self._folder = folder
        self._file = folder / f"heard-{worker}.jsonl"
        self._listener = Listener()
        self._passed = True
        self._pairs: frozenset[str] = frozenset()
        self._chosen: dict[str, bool] | None = None
        self._covered: set[str] = set()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note which tests have a double."""
        self._pairs = frozenset(_pair(item) for item in session.items if is_double(item))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip what would ask nothing new."""
        if is_double(item) and not self._needs(_pair(item)):
            pytest.skip("what it asks PostgreSQL is asked by others")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Listen to a test on SQLite; note that one on PostgreSQL has run."""
        if _database_of(item) is None or _pair(item) not in self._pairs:
            return (yield)
        self._passed = True
        on_sqlite = _database_of(item) == "sqlite"
        if on_sqlite:
            self._listener.begin(_pair(item))
        result = yield
        if on_sqlite:
            heard = self._listener.end()
            if self._passed:
                self._note(
                    pair=heard.pair,
                    seconds=round(heard.seconds, 4),
                    asked=sorted(heard.asked),
                    alone=heard.alone,
                )
        elif self._passed:
            self._note(ran=_pair(item))
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note whether the test that runs has passed so far."""
        self._passed = self._passed and report.passed

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how many ran on PostgreSQL too, and what none of them asked."""
        pairs, ran, missed = count(self._folder)
        terminalreporter.write_line(f"{ran} of {pairs} tests on SQLite ran on PostgreSQL too")
        for pair in missed:
            terminalreporter.write_line(f"PostgreSQL was not asked all of {pair}", red=True)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run when something was asked of SQLite alone."""
        if hasattr(session.config, "workerinput") or postgres.programs() is None:
            return
        if count(self._folder)[2]:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _note(self, **line: Any) -> None:
        with self._file.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def _needs(self, pair: str) -> bool:
        if self._chosen is None:
            self._choose()
        assert self._chosen is not None
        if pair in self._chosen:
            return self._chosen[pair]
        # Its twin ran in another worker when the choice was made.
        heard = next((one for one in read(self._folder)[0] if one.pair == pair), None)
        return heard is None or heard.alone or not heard.asked <= self._covered

    def _choose(self) -> None:
        """Take the choice of whichever worker came first."""
        file = self._folder / "chosen.json"
        with FileLock(self._folder / "chosen.lock"):
            heard = read(self._folder)[0]
            if not file.exists():
                file.write_text(json.dumps(choose(heard)))
            self._chosen = json.loads(file.read_text())
        for one in heard:
            if self._chosen.get(one.pair):
                self._covered |= one.asked


def read(folder: Path) -> tuple[list[Heard], set[str]]:
    """Return what all workers heard so far, and the pairs that ran on PostgreSQL."""
    heard, ran = [], set()
    for file in sorted(folder.glob("heard-*.jsonl")):
        text = file.read_text()
        # The last line may be half written.
        for line in text[: text.rfind("\n") + 1].splitlines():
            fields = json.loads(line)
            if "ran" in fields:
                ran.add(fields["ran"])
            else:
                heard.append(Heard(**{**fields, "asked": set(fields["asked"])}))
    return heard, ran


def choose(heard: Iterable[Heard]) -> dict[str, bool]:
    """Return for each pair whether its double runs: a cheap cover of all that was asked.

    Greedy weighted set cover (Chvátal, 1979), within ln n of the cheapest: the most news for a
    second first. What has to run twice anyway counts from the beginning.
    """
    chosen: dict[str, bool] = {}
    covered: set[str] = set()
    queue: list[tuple[float, str, Heard]] = []
    for one in heard:
        chosen[one.pair] = one.alone
        if one.alone:
            covered |= one.asked
        else:
            queue.append((-math.inf, one.pair, one))
    heapify(queue)
    while queue:
        promised, _, one = heappop(queue)
        news = len(one.asked - covered) / (one.seconds + _OVERHEAD)
        if not news:
            continue
        if promised != -news:  # not looked at since others were chosen
            heappush(queue, (-news, one.pair, one))
        else:
            chosen[one.pair] = True
            covered |= one.asked
    return chosen


def count(folder: Path) -> tuple[int, int, list[str]]:
    """Return how many pairs ran on SQLite, how many on PostgreSQL, and which missed something.

    A pair has missed something if it asked SQLite what no test on PostgreSQL asked.
    """
    heard, ran = read(folder)
    asked = set().union(*(one.asked for one in heard if one.pair in ran))
    return (
        len(heard),
        len(ran),
        [one.pair for one in heard if one.pair not in ran and not one.asked <= asked],
    )
