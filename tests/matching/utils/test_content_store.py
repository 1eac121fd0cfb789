"""What is remembered between runs: right or nothing, sealed, of a fixed size, never in the way."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.utils import content_store
from matching.utils.content_store import ContentStore, files_digest, store_path
from matching.utils.stored_cache import Stored, StoredCache

TEXTS = st.text(max_size=20)


def store(folder: Path, version: str = "1", max_rows: int = 1000) -> ContentStore:
    return ContentStore(folder / "made" / "store.sqlite3", version, max_rows)


@settings(max_examples=40)
@given(values=st.dictionaries(TEXTS, st.binary(max_size=40), max_size=30), other=TEXTS)
def test_what_was_saved_is_found_again(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, bytes], other: str
) -> None:
    folder = tmp_path_factory.mktemp("store")
    store(folder).save("a", values)
    assert store(folder).load("a", list(values)) == values
    assert store(folder).load("b", list(values)) == {}
    assert store(folder, version="2").load("a", list(values)) == {}
    assert (store(folder).load("a", [other]) != {}) is (other in values)


def test_the_file_tells_nothing_of_the_texts(tmp_path: Path) -> None:
    store(tmp_path).save("a", {"腰不好，会踩缝纫机": "会踩缝纫机".encode() * 9})
    whole = b"".join(path.read_bytes() for path in (tmp_path / "made").iterdir())
    assert len(whole) > 100
    assert "缝纫机".encode() not in whole
    assert [oct(path.stat().st_mode & 0o777) for path in (tmp_path / "made").glob("*.sqlite3")] == [
        "0o600"
    ]


def test_the_oldest_are_dropped(tmp_path: Path) -> None:
    texts = [f"{number}" for number in range(50)]
    one = store(tmp_path, max_rows=20)
    for text in texts:
        one.save("a", {text: b"x"})
    assert set(one.load("a", texts)) == set(texts[-20:])
    one.save("a", {texts[-20]: b"y"})  # written again, it is the newest
    one.save("a", dict.fromkeys(texts[:19], b"x"))
    assert set(one.load("a", texts)) == {texts[-20], *texts[:19]}


def test_a_damaged_value_is_not_believed(tmp_path: Path) -> None:
    store(tmp_path).save("a", {"x": b"value", "y": b"value"})
    with sqlite3.connect(tmp_path / "made" / "store.sqlite3") as connection:
        connection.execute(
            "UPDATE remembered SET value = CAST(x'00' || substr(value, 2) AS BLOB) WHERE id = 1"
        )
    assert store(tmp_path).load("a", ["x", "y"]) == {"y": b"value"}


@pytest.mark.parametrize("content", [b"no database at all, but long enough" * 40, b""])
def test_a_file_that_is_no_database_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "store.sqlite3").write_bytes(content)
    store(tmp_path).save("a", {"x": b"1"})
    store(tmp_path).save("a", {"x": b"1"})
    assert store(tmp_path).load("a", ["x"]) == {"x": b"1"}


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "made").write_bytes(b"a file where the folder should be")
    one = store(tmp_path)
    one.save("a", {"x": b"1"})
    assert one.load("a", ["x"]) == {}


def test_a_fork_has_a_connection_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    connect = sqlite3.connect

    def counted(*args: Any, **options: Any) -> sqlite3.Connection:
        opened.append(os.getpid())
        return connect(*args, **options)

    monkeypatch.setattr(sqlite3, "connect", counted)
    one = store(tmp_path)
    one.save("a", {"x": b"1"})
    child = os.fork()
    if child == 0:
        one.save("a", {"child": b"2"})
        right = one.load("a", ["x", "child"]) == {"x": b"1", "child": b"2"}
        os._exit(0 if right and opened[1:] == [os.getpid()] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert one.load("a", ["x", "child"]) == {"x": b"1", "child": b"2"}


WRITER = """
import sys
from pathlib import Path
from matching.utils.content_store import ContentStore
one = ContentStore(Path(sys.argv[1]), "1", 5000)
number = 0
while True:
    some = [f"{(number + i) % 4000}" for i in range(40)]
    one.save("a", {text: text.encode() * 50 for text in some})
    found = one.load("a", some)
    assert all(value == text.encode() * 50 for text, value in found.items()), found
    number += 40
    print(number, flush=True)
"""


def test_writers_may_be_killed_at_any_time(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for one in writers:
        assert one.stdout is not None
        assert one.stdout.readline()
    time.sleep(0.3)
    for one in writers:
        assert one.poll() is None, one.stderr
        one.send_signal(signal.SIGKILL)
        one.communicate()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    texts = [f"{number}" for number in range(4000)]
    found = ContentStore(path, "1").load("a", texts)
    assert len(found) >= 40
    assert all(value == text.encode() * 50 for text, value in found.items())


def test_only_new_texts_are_worked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(content_store.SETTING, str(tmp_path / "store.sqlite3"))
    asked: list[str] = []

    def double(texts: Sequence[str]) -> list[str]:
        asked.extend(texts)
        return [text * 2 for text in texts]

    def cache(version: str = "1") -> StoredCache[str]:
        return StoredCache(9, double, Stored("double", lambda: version, str.encode, bytes.decode))

    assert cache().get(["a", "b", "a"]) == ["aa", "bb", "aa"]
    assert cache().get(["b", "c"]) == ["bb", "cc"]
    assert asked == ["a", "b", "c"]
    assert cache("2").get(["b"]) == ["bb"]
    monkeypatch.setenv(content_store.SETTING, "off")
    assert cache().get(["a"]) == ["aa"]
    assert asked == ["a", "b", "c", "b", "a"]


def test_where_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (content_store.SETTING, "FUMIN_DATA_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert store_path() == tmp_path / ".cache/fumin/meaning.sqlite3"
    monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
    assert store_path() == Path("/caches/fumin/meaning.sqlite3")
    monkeypatch.setenv("FUMIN_DATA_DIR", "/data")
    assert store_path() == Path("/data/meaning.sqlite3")
    monkeypatch.setenv(content_store.SETTING, "/here")
    assert store_path() == Path("/here")
    monkeypatch.setenv(content_store.SETTING, "off")
    assert store_path() is None


def test_a_digest_of_files_tells_content_and_names(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("1")
    other.write_text("2")
    before = files_digest([one, other])
    assert before == files_digest([other, one]) != files_digest([one])
    other.write_text("3")
    assert files_digest([one, other]) != before
