"""Find openings by what people type: characters, pinyin, initials, with typing errors.

Each word of the query is looked for in every opening; the best way it fits counts, and an
opening is as good as its worst word. Guesses at typing errors are only shown when nothing
fits as typed.
"""

from collections.abc import Iterable

from rapidfuzz import fuzz

from webapp.engine import records
from webapp.openings.queries.catalogue import Entry

LONGEST = 40
# How well a word fits, best first; below _EXACT it is a guess.
_TITLE, _PINYIN, _NAME, _INITIALS, _SOUND, _TEXT = 100, 95, 90, 85, 80, 70
_EXACT = 70
# Least similarity (percent of the shorter text) for a guess, and least length to dare one.
_LIKE_SOUND, _LIKE_TEXT = 84.0, 74.0
_SOUND_LENGTH, _TEXT_LENGTH = 5, 3


def search(query: str, entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that fit ``query``, best first, equals in the order given."""
    words = _words(query)
    if not words:
        return list(entries)
    scored: list[tuple[float, Entry]] = [
        (min(_fit(word, entry) for word in words), entry) for entry in entries
    ]
    hits = [pair for pair in scored if pair[0] >= _EXACT]
    if not hits:
        hits = [(min(_guess(word, entry) for word in words), entry) for _, entry in scored]
        hits = [pair for pair in hits if pair[0] > 0]
    return [entry for _, entry in sorted(hits, key=lambda pair: -pair[0])]


def _words(query: str) -> list[records.SearchKeys]:
    plain = records.search_keys(query[:LONGEST]).plain
    # Pinyin is often typed with spaces between the syllables.
    parts = ["".join(plain.split())] if plain.isascii() else plain.split()
    return [records.search_keys(part) for part in parts if part]


def _fit(word: records.SearchKeys, entry: Entry) -> int:
    """Return how well ``word`` stands in the entry as typed or by its sound, 0 for not."""
    title, *others = entry.names
    if word.plain in title.plain:
        return _TITLE
    if any(word.plain in name.plain for name in others):
        return _NAME
    if word.plain.isascii():
        best = max(_sounds(word.plain, name) for name in entry.names)
    else:
        # The same sound in other characters: 保结 for 保洁.
        heard = len(word.plain) > 1 and any(word.pinyin in name.pinyin for name in entry.names)
        best = _SOUND if heard else 0
    return best or (_TEXT if word.plain in entry.text else 0)


def _sounds(letters: str, name: records.SearchKeys) -> int:
    if len(letters) > 1 and name.pinyin.startswith(letters):
        return _PINYIN
    if len(letters) > 1 and letters in name.initials:
        return _INITIALS
    return _SOUND if len(letters) > 2 and letters in name.pinyin else 0


def _guess(word: records.SearchKeys, entry: Entry) -> float:
    """Return how alike ``word`` is to a name of the entry, 0 for too little."""
    fit = _fit(word, entry)
    if fit:
        return fit
    best = 0.0
    for name in entry.names:
        if min(len(word.pinyin), len(name.pinyin)) >= _SOUND_LENGTH:
            alike = fuzz.partial_ratio(word.pinyin, name.pinyin, score_cutoff=_LIKE_SOUND)
            best = max(best, alike)
        if not word.plain.isascii() and min(len(word.plain), len(name.plain)) >= _TEXT_LENGTH:
            alike = fuzz.partial_ratio(word.plain, name.plain, score_cutoff=_LIKE_TEXT)
            best = max(best, alike)
    return best / 100 * _EXACT
