"""Phrases and openings as sparse vectors of linked skills and occupations."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from scipy import sparse

from matching.records import Opening
from matching.skills.linker import Link, SkillLinker
from matching.skills.understanding import understand
from matching.text.tfidf import is_chinese
from matching.utils.ragged import MISSING, RaggedArray, as_ragged

# Links kept of each phrase, and their minimum score.
TOP = 4
MIN_SCORE = 0.3
# Weight of sharing only the occupation (4-07-05-01) or its minor group (4-07-05), where sharing the
# skill itself is 1: a watchman and a guard are one occupation with two names.
OCCUPATION_WEIGHT = 0.8
GROUP_WEIGHT = 0.4


# Known to the linker, but not to be used by any ranking.
UNRANKED_NAMES = frozenset({"残疾证"})

# Phrases whose links are cached.
_MAX_PHRASES = 131072
_links_by_phrase: dict[str, tuple[Link, ...]] = {}


def cache_links(phrases: Iterable[str]) -> None:
    """Link all phrases that are not cached in one batch, which is several times faster."""
    new = [phrase for phrase in dict.fromkeys(phrases) if phrase not in _links_by_phrase]
    if len(_links_by_phrase) + len(new) > _MAX_PHRASES:
        _links_by_phrase.clear()
    meant = {phrase: understand(phrase).wanted for phrase in new}
    chinese = [phrase for phrase in new if is_chinese(meant[phrase])]
    _links_by_phrase.update(dict.fromkeys(new, ()))
    if chinese:
        links = _linker().link_many([meant[phrase] for phrase in chinese], TOP)
        for phrase, found in zip(chinese, links, strict=True):
            _links_by_phrase[phrase] = tuple(
                link for link in found if link.name not in UNRANKED_NAMES
            )


def link_many(phrases: Iterable[str]) -> dict[str, tuple[Link, ...]]:
    """Return the links of every phrase, understood first; none of one that is not Chinese."""
    distinct = list(dict.fromkeys(phrases))
    cache_links(distinct)
    return {phrase: _links_of(phrase) for phrase in distinct}


def _links_of(phrase: str) -> tuple[Link, ...]:
    links = _links_by_phrase.get(phrase)
    if links is None:
        cache_links([phrase])
        links = _links_by_phrase[phrase]
    return links


@lru_cache(maxsize=1)
def _linker() -> SkillLinker:
    return SkillLinker.default()


def _keys(link: Link) -> list[tuple[str, float]]:
    keys = [(link.name, 1.0)]
    if link.code:
        keys += [(link.code, OCCUPATION_WEIGHT), (link.code.rpartition("-")[0], GROUP_WEIGHT)]
    return keys


@lru_cache(maxsize=1)
def _columns() -> dict[str, int]:
    entries = _linker().entries
    keys = (key for entry in entries for key, _ in _keys(Link(entry.name, entry.code, 1.0)))
    return {key: column for column, key in enumerate(dict.fromkeys(keys))}


@lru_cache(maxsize=65536)
def linked_names(phrase: str, least: float) -> frozenset[str]:
    """Return the skills a phrase (Chinese or pinyin) is linked to, scored ``least`` or more."""
    return frozenset(link.name for link in _links_of(phrase) if link.score >= least)


@lru_cache(maxsize=65536)
def _weighted_columns(phrase: str) -> tuple[tuple[int, float], ...]:
    """Return the columns and weights of a phrase's links."""
    columns = _columns()
    return tuple(
        (columns[key], weight * link.score**2)
        for link in _links_of(phrase)
        if link.score >= MIN_SCORE
        for key, weight in _keys(link)
    )


def _rows(groups: Sequence[Sequence[str]]) -> sparse.csr_array:
    """Return one unit vector a group of phrases, of the best squared score of each skill."""
    number: dict[str, int] = {}
    members = as_ragged(
        [[number.setdefault(one, len(number)) for one in group] for group in groups]
    )
    cache_links(number)
    each = [_weighted_columns(phrase) for phrase in number]
    linked = as_ragged([[column for column, _ in found] for found in each])
    weights = np.array([weight for found in each for _, weight in found])
    group, phrase = members.gather(np.arange(len(groups)))
    at, place = RaggedArray(linked.offsets, np.arange(len(weights))).gather(phrase)
    shape = len(groups), len(_columns())
    keys = group[at] * shape[1] + linked.values[place]
    order = np.argsort(keys, kind="stable")
    begins = np.flatnonzero(np.diff(keys[order], prepend=MISSING))
    row, column = np.divmod(keys[order][begins], shape[1])
    best = np.maximum.reduceat(weights[place][order], begins) if len(begins) else np.zeros(0)
    size = np.sqrt(np.bincount(row, best**2, minlength=len(groups)))
    values = (best / size[row]).astype(np.float32)
    starts = np.searchsorted(row, np.arange(len(groups) + 1))
    return sparse.csr_array((values, column.astype(np.int32), starts), shape=shape)


def opening_vectors(openings: Sequence[Opening]) -> sparse.csr_array | None:
    """Return one row an opening from its title and skills, ``None`` if no phrase is Chinese."""
    groups = [[o.title, *o.skills, *o.teaches, *o.certificates] for o in openings]
    if not any(is_chinese(phrase) for group in groups for phrase in group):
        return None
    return _rows(groups)


def vectors(texts: Sequence[str]) -> sparse.csr_array:
    """Return one row a phrase; phrases neither Chinese nor pinyin give empty rows."""
    return _rows([[text] for text in texts])
