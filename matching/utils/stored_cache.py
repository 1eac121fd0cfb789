"""A cache of what was worked out of texts, in memory and, between runs, in a file."""

from collections.abc import Callable, Sequence
from typing import Final, Generic, NamedTuple

from matching.utils.caches import SharedCache, Value
from matching.utils.content_store import open_store, store_path

# What a run that is cut off loses at most.
_SAVED_AT_ONCE: Final = 512


class Stored(NamedTuple, Generic[Value]):
    """How values of one kind are kept in the file.

    Attributes
    ----------
    kind : str
    version : callable
        Returns what changes when the same text would give another value.
    encode, decode : callable
        A value as bytes, and back.
    """

    kind: str
    version: Callable[[], str]
    encode: Callable[[Value], bytes]
    decode: Callable[[bytes], Value]


class StoredCache(SharedCache[str, Value]):
    """Values by text; see :class:`matching.utils.caches.SharedCache`.

    Parameters
    ----------
    max_size : int
        Values kept in memory.
    compute : callable
        Returns the values of new texts, in order; a value must depend on its text alone.
    stored : Stored
    """

    def __init__(
        self,
        max_size: int,
        compute: Callable[[Sequence[str]], Sequence[Value]],
        stored: Stored[Value],
    ) -> None:
        super().__init__(max_size, self._recall)
        self._work_out, self._stored = compute, stored

    def _recall(self, texts: Sequence[str]) -> Sequence[Value]:
        """Return the values of texts: those in the file, and the others, which go into it."""
        kind, version, encode, decode = self._stored
        store = open_store(store_path(), version())
        if store is None:
            return self._work_out(texts)
        found = {text: decode(raw) for text, raw in store.load(kind, texts).items()}
        new = [text for text in texts if text not in found]
        for start in range(0, len(new), _SAVED_AT_ONCE):
            some = new[start : start + _SAVED_AT_ONCE]
            values = dict(zip(some, self._work_out(some), strict=True))
            store.save(kind, {text: encode(value) for text, value in values.items()})
            found |= values
        return [found[text] for text in texts]
