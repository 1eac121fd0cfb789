"""What a run of ``suggest`` leaves beside its output, so that a later one need not repeat it."""

import hashlib
from array import array
from functools import lru_cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import orjson

from matching.features.catalogue import Catalogue
from matching.ranking.ranker import Ranker, content_key
from matching.records import Seeker
from matching.skills.version import tables_version
from matching.utils import jsonl
from matching.utils.array_types import Float32Array, Int32Array, IntArray
from matching.utils.content_store import files_digest

SUFFIX: Final = ".since"
_FORMAT: Final = 1
_PROGRAM: Final = "program"
_LIBRARIES: Final = ("numpy", "scipy", "scikit-learn")
_DIGEST_BYTES: Final = 16


class FormerRunError(ValueError):
    """A former output that can't be gone on from; the message says why."""


class Kept(NamedTuple):
    """A seeker's line of output, and what it was made from.

    Attributes
    ----------
    line : bytes
    columns : bytes
        The openings that were scored, in canonical order, as int32.
    least : float
        Least quick score with which an opening would have been scored too; minus infinity where
        every eligible one was.
    """

    line: bytes
    columns: bytes
    least: float


class FormerRun(NamedTuple):
    """A run of ``suggest`` over some seekers and openings.

    Attributes
    ----------
    made_by : dict of str to str
        What must be the same for its lines to be used: program, model and options.
    background : str
        Digest of what the whole catalogue tells; see :meth:`Catalogue.background_digest`.
    output : str
        Digest of all lines.
    openings : list of str
        Key of each opening, in canonical order.
    seekers : ndarray of bytes, shape (n_seekers,)
        Digest of each seeker, in the order of the lines.
    ends : ndarray of shape (n_seekers,)
        Where the columns of each seeker end.
    columns : ndarray of int32
    least : ndarray of shape (n_seekers,)
    """

    made_by: dict[str, str]
    background: str
    output: str
    openings: list[str]
    seekers: Any
    ends: IntArray
    columns: Int32Array
    least: Float32Array

    def save(self, path: Path) -> None:
        told = ("made_by", "background", "output", "openings")
        head = {"format": _FORMAT} | {name: getattr(self, name) for name in told}
        arrays = {name: getattr(self, name) for name in self._fields if name not in told}
        with jsonl.atomic_write(path) as out:
            np.savez(out, head=np.frombuffer(orjson.dumps(head), dtype=np.uint8), **arrays)

    @classmethod
    def load(cls, path: Path) -> "FormerRun":
        """Return what was saved; raises :class:`FormerRunError` for a file that is none."""
        try:
            with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as file:
                arrays = dict(file)
            head = orjson.loads(arrays.pop("head").tobytes())
            if head.pop("format") != _FORMAT:
                raise FormerRunError(f"{path} is of another format: run without --since")
            return cls(**head, **arrays)
        except FileNotFoundError as error:
            told = f"{path} is missing: 'suggest' writes it beside its output"
            raise FormerRunError(told) from error
        except FormerRunError:
            raise
        except Exception as error:  # zip, JSON or arrays: whatever is wrong with it
            raise FormerRunError(f"{path} can't be read: {error}") from error


class Recorder:
    """Notes a run while it goes on.

    Parameters
    ----------
    how : dict of str to str
        As :func:`made_by`.
    """

    def __init__(self, how: dict[str, str]) -> None:
        self._how, self._lines = how, hashlib.sha256()
        self._seekers, self._columns = bytearray(), bytearray()
        self._sizes, self._least = array("q"), array("f")

    def add(self, seeker: bytes, kept: Kept) -> bytes:
        """Note what was kept of the next seeker, given by their digest; return the line."""
        self._lines.update(kept.line)
        self._seekers += seeker
        self._columns += kept.columns
        self._sizes.append(len(kept.columns) // 4)
        self._least.append(kept.least)
        return kept.line

    def run(self, catalogue: Catalogue) -> FormerRun:
        """Return the run to save; the openings of ``catalogue`` are in canonical order."""
        return FormerRun(
            self._how,
            catalogue.background_digest(),
            self._lines.hexdigest(),
            [content_key(one) for one in catalogue.openings],
            np.frombuffer(self._seekers, dtype=f"V{_DIGEST_BYTES}"),
            np.cumsum(np.frombuffer(self._sizes, dtype=np.int64), dtype=np.int64),
            np.frombuffer(self._columns, dtype=np.int32),
            np.frombuffer(self._least, dtype=np.float32),
        )


@lru_cache(maxsize=1)
def program_digest() -> str:
    """Return what changes when the library may suggest something else."""
    folder = Path(__file__).parents[1]
    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    return f"{files_digest(folder.rglob('*.py'))} {tables_version()} {libraries}"


def made_by(ranker: Ranker, top: int) -> dict[str, str]:
    """Return what lines depend on besides the records."""
    return {_PROGRAM: program_digest(), "model": ranker.version, "--top": str(top)}


def seeker_digest(seeker: Seeker) -> bytes:
    """Return a digest of all that is known of a seeker, with the id."""
    content = seeker.model_dump_json().encode()
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest()


def path_beside(output: Path) -> Path:
    """Return where a run is kept: beside its output."""
    return output.with_name(output.name + SUFFIX)


class FormerOutput:
    """A former output with its run.

    Parameters
    ----------
    path : Path
        The output. Raises :class:`FormerRunError` unless it and its run are as they were written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.run = FormerRun.load(path_beside(path))
        digest = hashlib.sha256()
        self.lines: list[bytes] = []
        for _number, line in jsonl.raw_lines(path):
            digest.update(line)
            self.lines.append(line)
        if digest.hexdigest() != self.run.output:
            raise FormerRunError(f"{path} has been changed since it was written")

    def check_made_by(self, how: dict[str, str]) -> None:
        """Raise :class:`FormerRunError` if the output was made in another way than ``how``."""
        for name, now in how.items():
            before = self.run.made_by.get(name)
            if before == now:
                continue
            told = (
                "another version of the program or its tables"
                if name == _PROGRAM
                else f"{name} {before}, not {now}"
            )
            raise FormerRunError(f"{self._path} was made with {told}: run without --since")
