"""Reading and writing JSON Lines: errors name the line, and files are written atomically."""

import gzip
import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from matching.records import Task

Model = TypeVar("Model", bound=BaseModel)
Item = TypeVar("Item")


class LineError(ValueError):
    """A line that can't be read; the message names file, line and error."""

    def __init__(self, path: str | Path, number: int, fault: str) -> None:
        super().__init__(f"{path}, line {number}: {fault}")


class SplitTask(Task):
    """A ranking task with its split, "train" or "valid"."""

    split: str = "train"


class Labels(BaseModel):
    """Labels of a task: 1 for each chosen opening, else 0, in the order of its openings."""

    qid: str
    labels: list[int]


def raw_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of each line, unpacked."""
    number = 0
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        try:
            for number, line in enumerate(stream, 1):
                yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise LineError(path, number + 1, f"not a whole gzip file ({error})") from error


def _fault(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]


def read_lines(path: str | Path, model: type[Model]) -> Iterator[tuple[int, Model]]:
    """Yield line number and record of each line that is not blank.

    Raises :class:`LineError` at the first line that is not JSON or not such a record, and
    ``OSError`` when the file can't be read.
    """
    for number, line in raw_lines(Path(path)):
        if not line.strip():
            continue
        try:
            record = model.model_validate(orjson.loads(line))
        except orjson.JSONDecodeError as error:
            raise LineError(path, number, f"not JSON: {error}") from error
        except ValidationError as error:
            raise LineError(path, number, _fault(error)) from error
        yield number, record


def read_distinct(path: str | Path, model: type[Model], key: str) -> Iterator[Model]:
    """Yield the records of a file; a second record with the same ``key`` is an error."""
    seen: dict[str, int] = {}
    for number, record in read_lines(path, model):
        name = getattr(record, key)
        if name in seen:
            raise LineError(path, number, f"{key} {name!r} is on line {seen[name]} already")
        seen[name] = number
        yield record


def read_tasks(path: str | Path) -> Iterator[SplitTask]:
    """Yield ranking tasks.

    Raises :class:`LineError` for a repeated ``qid``, or repeated opening ids in a task.
    """
    seen: dict[str, int] = {}
    for number, task in read_lines(path, SplitTask):
        if task.qid in seen:
            raise LineError(path, number, f"qid {task.qid!r} is on line {seen[task.qid]} already")
        seen[task.qid] = number
        if len({opening.id for opening in task.openings}) < len(task.openings):
            raise LineError(path, number, "two openings of the task have the same id")
        yield task


def read_labelled_tasks(
    queries: str | Path, labels: str | Path
) -> tuple[list[SplitTask], list[list[int]]]:
    """Return tasks and, for each, the labels of its openings.

    Raises :class:`LineError` unless every task has labels, one for each opening.
    """
    tasks = {task.qid: task for task in read_tasks(queries)}
    found: dict[str, list[int]] = {}
    for number, row in read_lines(labels, Labels):
        task = tasks.get(row.qid)
        if task is None or row.qid in found:
            fault = "is not among the queries" if task is None else "is labelled twice"
            raise LineError(labels, number, f"qid {row.qid!r} {fault}")
        if len(row.labels) != len(task.openings) or not set(row.labels) <= {0, 1}:
            fault = f"expected {len(task.openings)} labels of 0 or 1"
            raise LineError(labels, number, fault)
        found[row.qid] = row.labels
    missing = next((qid for qid in tasks if qid not in found), None)
    if missing is not None:
        raise LineError(labels, len(found) + 1, f"no labels for qid {missing!r}")
    return list(tasks.values()), [found[qid] for qid in tasks]


@contextmanager
def atomic_write(path: str | Path) -> Iterator[IO[bytes]]:
    """Open a file for writing that replaces ``path`` only if the block ends without an error.

    A name ending in .gz is compressed, reproducibly.
    """
    target = Path(path)
    special = target.exists() and not target.is_file()
    folder = None if special else target.parent
    handle, name = tempfile.mkstemp(prefix=".writing-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as raw:
            if target.suffix == ".gz":
                with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
                    yield packed  # type: ignore[misc]
            else:
                yield raw
        if special:
            # A pipe or /dev/stdout can't be replaced.
            with Path(name).open("rb") as done, target.open("wb") as out:
                shutil.copyfileobj(done, out)
        else:
            _default_permissions(name)
            Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


def _default_permissions(name: str) -> None:
    """Give a temporary file, private by default, the permissions of any new file."""
    mask = os.umask(0)
    os.umask(mask)
    Path(name).chmod(0o666 & ~mask)


def write_lines(path: str | Path, rows: Iterable[Any]) -> int:
    """Write one JSON object a line, atomically; return the number of lines."""
    return write_encoded(
        path, (orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
    )


def write_encoded(path: str | Path, ready: Iterable[bytes]) -> int:
    """Write lines that are already JSON, atomically; return the number of lines."""
    count = 0
    with atomic_write(path) as out:
        for line in ready:
            out.write(line)
            count += 1
    return count


def progress(items: Iterable[Item], what: str, every: int = 50) -> Iterator[Item]:
    """Yield the items; on a terminal, count them on standard error."""
    shown: Callable[[str], object] | None = sys.stderr.write if sys.stderr.isatty() else None
    count = 0
    for count, item in enumerate(items, 1):
        yield item
        if shown and count % every == 0:
            shown(f"\r{count} {what}")
    if shown:
        shown(f"\r{count} {what}\n")
