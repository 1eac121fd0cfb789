"""What was worked out of texts, remembered between runs in one SQLite file of a fixed size.

Keys are digests of the text, and of the code and tables that worked on it: what another version
wrote is not found. Values are sealed with a key stream made of the text itself, so that the file
tells nobody what residents said, and carry a check. Processes share the file; one that is killed
leaves it whole. A file that can't be used is like an empty one: nothing but time depends on it.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Final

SETTING: Final = "FUMIN_MEANING_CACHE"
_OFF: Final = "off"
_FILE: Final = "meaning.sqlite3"
# About 400 MB if all were sentence vectors; half of that in practice.
_MAX_ROWS: Final = 400_000
_WAIT_SECONDS: Final = 5.0
_KEYS_AT_ONCE: Final = 500
_CHECK_BYTES: Final = 4


class ContentStore:
    """Values by the kind and content of texts.

    Parameters
    ----------
    path : Path
        Made when something is first saved.
    version : str
        Of the code and tables that values depend on.
    max_rows : int
        The oldest values beyond are dropped.
    """

    def __init__(self, path: Path, version: str, max_rows: int = _MAX_ROWS) -> None:
        self._path, self._version, self._max_rows = path, version.encode(), max_rows
        self._lock = RLock()
        self._opened: tuple[int, sqlite3.Connection] | None = None
        self._usable = True

    def load(self, kind: str, texts: Sequence[str]) -> dict[str, bytes]:
        """Return what is remembered of some texts."""
        by_key = {self._key(kind, text): text for text in texts}
        keys, found = list(by_key), dict[str, bytes]()
        with self._connected(create=False) as connection:
            if connection is None:
                return {}
            for start in range(0, len(keys), _KEYS_AT_ONCE):
                some = keys[start : start + _KEYS_AT_ONCE]
                marks = ",".join("?" * len(some))
                query = f"SELECT key, value FROM remembered WHERE key IN ({marks})"  # noqa: S608 (marks alone)
                for key, sealed in connection.execute(query, some):
                    value = _unseal(kind, by_key[key], sealed)
                    if value is not None:
                        found[by_key[key]] = value
        return found

    def save(self, kind: str, values: Mapping[str, bytes]) -> None:
        """Remember values by their texts."""
        rows = [(self._key(kind, text), _seal(kind, text, value)) for text, value in values.items()]
        with self._connected(create=True) as connection:
            if connection is None:
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                connection.executemany(
                    "INSERT OR REPLACE INTO remembered (key, value) VALUES (?, ?)", rows
                )
                connection.execute(
                    "DELETE FROM remembered WHERE id <= (SELECT max(id) FROM remembered) - ?",
                    (self._max_rows,),
                )
                connection.execute("COMMIT")
            except sqlite3.Error:
                connection.execute("ROLLBACK")
                raise

    def _key(self, kind: str, text: str) -> bytes:
        content = hashlib.blake2b(kind.encode(), digest_size=16, key=self._version[:64])
        content.update(b"\0" + text.encode(errors="surrogatepass"))
        return content.digest()

    @contextmanager
    def _connected(self, *, create: bool) -> Iterator[sqlite3.Connection | None]:
        """Yield the connection of this process, ``None`` if the file can't be used."""
        with self._lock:
            connection = self._connection(create=create) if self._usable else None
            try:
                yield connection
            except sqlite3.OperationalError:
                # Locked for long, or the disk is full: this once nothing is remembered.
                pass
            except sqlite3.Error:
                self._usable = False

    def _connection(self, *, create: bool) -> sqlite3.Connection | None:
        try:
            return self._open(create=create)
        except (sqlite3.Error, OSError):
            self._usable = False
            return None

    def _open(self, *, create: bool) -> sqlite3.Connection | None:
        # A connection must not be carried over a fork.
        if self._opened is not None and self._opened[0] == os.getpid():
            return self._opened[1]
        if not self._path.exists():
            if not create:
                return None
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(
            self._path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection)
        except sqlite3.OperationalError:
            connection.close()
            raise
        except sqlite3.DatabaseError:
            # Not a database any more: begun anew, nobody misses what was in it.
            connection.close()
            self._path.unlink(missing_ok=True)
            raise
        self._opened = os.getpid(), connection
        return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    # A crash of the machine may lose the last values, never the file.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS remembered"
        " (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, value BLOB NOT NULL)"
    )


def _stream(kind: str, text: str, size: int) -> bytes:
    return hashlib.shake_256(f"{kind}\0{text}".encode(errors="surrogatepass")).digest(size)


def _xor(one: bytes, other: bytes) -> bytes:
    mixed = int.from_bytes(one, "little") ^ int.from_bytes(other, "little")
    return mixed.to_bytes(len(one), "little")


def _check(value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=_CHECK_BYTES).digest()


def _seal(kind: str, text: str, value: bytes) -> bytes:
    plain = _check(value) + value
    return _xor(plain, _stream(kind, text, len(plain)))


def _unseal(kind: str, text: str, sealed: bytes) -> bytes | None:
    plain = _xor(sealed, _stream(kind, text, len(sealed)))
    value = plain[_CHECK_BYTES:]
    return value if plain[:_CHECK_BYTES] == _check(value) else None


def files_digest(paths: Iterable[Path]) -> str:
    """Return a digest of the names and contents of files, in any order."""
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def store_path() -> Path | None:
    """Return where values are remembered: ``FUMIN_MEANING_CACHE``, a file or ``off``.

    By default in ``FUMIN_DATA_DIR``, or in the user's folder of caches.
    """
    named = os.environ.get(SETTING)
    if named:
        return None if named == _OFF else Path(named)
    if folder := os.environ.get("FUMIN_DATA_DIR"):
        return Path(folder) / _FILE
    try:
        caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:
        return None
    return Path(caches) / "fumin" / _FILE


@lru_cache(maxsize=4)
def open_store(path: Path | None, version: str) -> ContentStore | None:
    """Return the store of a file, one for all of a process."""
    return None if path is None else ContentStore(path, version)
