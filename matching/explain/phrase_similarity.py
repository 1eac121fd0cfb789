"""Whether two phrases speak of the same work, by shared words or a known skill.

The comparison runs as sparse products of many phrases with a catalogue's (:class:`PhraseIndex`);
a single pair is an index of one phrase, so that both always agree.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import sparse

from matching.skills import vectors as skill_vectors
from matching.skills.understanding import understand_many
from matching.text.normalise import squeeze
from matching.text.protected_groups import is_group_label
from matching.text.tfidf import terms
from matching.utils.array_types import IntArray, UInt8Array
from matching.utils.caches import RowCache

# Words that many kinds of work share do not tell which work is meant.
_GENERIC = re.compile(
    r"服务员?|人员|员工|师傅|兼职|全职|招聘|急招|学徒|熟练|普通|临时|小时工|钟点|一名|若干|包吃住|白班|夜班"
)
_GENERIC_TERMS = frozenset(
    terms("part time full job work worker the a an of and for in at to with needed hiring now")
    + terms("seasonal temporary position opportunity shift associate assistant")
)
# 普工 (factory hand) covers any factory work: sharing it proves no particular skill.
_UNSPECIFIC_NAMES = frozenset({"普工"})
# Share of the shorter phrase's terms that both phrases must contain.
_MIN_SHARED_TERMS = 0.5
# Score a link needs before the linked skill counts as shared.
_MIN_LINK_SCORE = 0.6
# What two phrases have in common, as bit flags.
SHARES_WORDS, SAME_SKILL, SAME_WORK = 1, 2, 4
_ALL_FLAGS = SHARES_WORDS | SAME_SKILL | SAME_WORK
_MAX_CELLS = 64 * 2**20
# A specific item adds this to a sum of shared items, any other adds 1: one product counts both.
_SPECIFIC = 2**20


@lru_cache(maxsize=65536)
def core_terms(phrase: str) -> frozenset[str]:
    """Return the terms of a phrase without generic words, or all terms if only those are left."""
    kept = frozenset(terms(_GENERIC.sub(" ", phrase))) - _GENERIC_TERMS
    return kept or frozenset(terms(phrase))


class PhraseFeatures(NamedTuple):
    """Core terms, the spelling without spaces or punctuation, and linked skills of a phrase."""

    terms: frozenset[str]
    squeezed: str
    linked_names: frozenset[str]


def phrase_features(phrases: Sequence[str]) -> list[PhraseFeatures]:
    """Return what is compared of phrases; nothing of one that only names a protected group."""
    linked = skill_vectors.linked_names(phrases, _MIN_LINK_SCORE)
    return [
        PhraseFeatures(frozenset(), "", frozenset())
        if is_group_label(meant.wanted)
        else PhraseFeatures(core_terms(meant.wanted), squeeze(meant.wanted), names)
        for meant, names in zip(understand_many(phrases), linked, strict=True)
    ]


class PhraseIndex:
    """A catalogue's phrases, prepared for comparing with any others.

    Two phrases share words if they have a specific term in common (a single Chinese character
    like 工 is chance) and half of the shorter one's terms; without any common specific term they
    must be spelt alike. They are of one skill if they share words or a specific linked skill, of
    the same work if they share words or any linked skill.

    Parameters
    ----------
    phrases : iterable of str

    Attributes
    ----------
    phrases : list of str
        The distinct phrases.
    codes : dict of str to int
        Column of each phrase.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self.codes = {phrase: i for i, phrase in enumerate(dict.fromkeys(phrases))}
        self.phrases = list(self.codes)
        features = phrase_features(self.phrases)
        self._terms = _columns(term for one in features for term in one.terms)
        self._names = _columns(name for one in features for name in one.linked_names)
        self._n_terms = np.array([len(one.terms) for one in features], dtype=np.int64)
        specific_terms = [_SPECIFIC if len(term) > 1 else 0 for term in self._terms]
        self._by_term = _indicators([one.terms for one in features], self._terms, specific_terms)
        specific_names = [0 if name in _UNSPECIFIC_NAMES else _SPECIFIC for name in self._names]
        names = [one.linked_names for one in features]
        self._by_name = _indicators(names, self._names, specific_names)
        self._by_spelling: dict[str, list[int]] = {}
        for column, one in enumerate(features):
            if one.squeezed:
                self._by_spelling.setdefault(one.squeezed, []).append(column)
        self._cache = RowCache(len(self.phrases), np.uint8, _MAX_CELLS, self._flags)

    @property
    def table(self) -> UInt8Array:
        """Flags of a row's phrase and a column's, shape (n_rows, n_phrases)."""
        return self._cache.table

    def rows(self, phrases: Sequence[str]) -> IntArray:
        """Return the row of each phrase in ``table``; rows are valid until the next call."""
        return self._cache.rows(phrases)

    def _flags(self, phrases: Sequence[str]) -> UInt8Array:
        features = phrase_features(phrases)
        flags = np.zeros((len(features), len(self.phrases)), dtype=np.uint8)
        for row, one in enumerate(features):
            flags[row, self._by_spelling.get(one.squeezed, [])] = _ALL_FLAGS
        # Where specific terms are shared, their number decides and not the spelling.
        sums = _indicators([one.terms for one in features], self._terms) @ self._by_term.T
        rows, columns = sums.nonzero()
        specific, shared = np.divmod(sums.data, _SPECIFIC)
        n_terms = np.array([len(one.terms) for one in features], dtype=np.int64)
        shorter = np.minimum(n_terms[rows], self._n_terms[columns])
        alike = np.where(shared >= _MIN_SHARED_TERMS * shorter, _ALL_FLAGS, 0).astype(np.uint8)
        decided = specific > 0
        flags[rows[decided], columns[decided]] = alike[decided]
        sums = _indicators([one.linked_names for one in features], self._names) @ self._by_name.T
        linked = SAME_WORK | np.where(sums.data >= _SPECIFIC, SAME_SKILL, 0)
        flags[sums.nonzero()] |= linked.astype(np.uint8)
        return flags


@lru_cache(maxsize=65536)
def _pair_flags(a: str, b: str) -> int:
    index = PhraseIndex([b])
    (row,) = index.rows([a])
    return int(index.table[row, 0])


def same_work(a: str, b: str) -> bool:
    """Return whether two phrases speak of the same work, by their words or a known skill.

    >>> same_work("会踩缝纫机", "缝纫工")
    True
    >>> same_work("超市收银", "超市理货员")
    False
    """
    return bool(_pair_flags(a, b) & SAME_WORK)


def same_skill(held: str, required: str) -> bool:
    """Return whether a skill held is the one required, or belongs to the same specific work."""
    return bool(_pair_flags(held, required) & SAME_SKILL)


def shares_words(a: str, b: str) -> bool:
    """Return whether two phrases name the same work in words they share.

    >>> shares_words("会踩缝纫机", "踩缝纫机"), shares_words("会踩缝纫机", "锁边工")
    (True, False)
    """
    return bool(_pair_flags(a, b) & SHARES_WORDS)


def _columns(words: Iterable[str]) -> dict[str, int]:
    return {word: column for column, word in enumerate(sorted(set(words)))}


def _indicators(
    groups: Sequence[frozenset[str]],
    columns: dict[str, int],
    extra: Sequence[int] | None = None,
) -> sparse.csr_array:
    """Return one row a group, 1 (plus the column's ``extra``) for each word with a column."""
    rows = [[columns[word] for word in group if word in columns] for group in groups]
    indices = np.array([column for row in rows for column in row], dtype=np.int64)
    values = np.ones(len(indices), dtype=np.int64)
    if extra is not None:
        values += np.array(extra, dtype=np.int64)[indices]
    offsets = np.cumsum([0, *map(len, rows)])
    return sparse.csr_array((values, indices, offsets), shape=(len(groups), len(columns)))
