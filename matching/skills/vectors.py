"""Phrases and openings as sparse vectors of linked skills and occupations."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from scipy import sparse

from matching.records import Opening
from matching.skills.linker import Link
from matching.skills.remembered_links import link_remembered
from matching.skills.taxonomy import read_entries
from matching.skills.understanding import understand_many
from matching.text.normalise import squeeze
from matching.text.tfidf import is_chinese
from matching.utils.ragged import MISSING, RaggedArray, as_ragged

# Least score of a link that counts.
MIN_SCORE = 0.3
# Weight of sharing only the occupation (4-07-05-01) or its minor group (4-07-05), where sharing the
# skill itself is 1: a watchman and a guard are one occupation with two names.
OCCUPATION_WEIGHT = 0.8
GROUP_WEIGHT = 0.4


# Known to the linker, but not to be used by any ranking.
UNRANKED_NAMES = frozenset({"残疾证"})


@lru_cache(maxsize=1)
def _latin_forms() -> frozenset[str]:
    """Return the ways of writing a skill that have no Chinese character, such as "cnc"."""
    forms = (form for entry in read_entries() for form in entry.forms)
    return frozenset(squeeze(form) for form in forms if not is_chinese(form))


def link_many(phrases: Iterable[str]) -> dict[str, tuple[Link, ...]]:
    """Return the links of every phrase, understood first; none of one that is neither Chinese
    nor one of the tables' own names in Latin letters."""
    distinct = list(dict.fromkeys(phrases))
    meant = [one.wanted for one in understand_many(distinct)]
    known = [text for text in meant if is_chinese(text) or squeeze(text) in _latin_forms()]
    links = dict(zip(known, link_remembered(known), strict=True))
    return {
        phrase: tuple(link for link in links.get(text, ()) if link.name not in UNRANKED_NAMES)
        for phrase, text in zip(distinct, meant, strict=True)
    }


def _keys(link: Link) -> list[tuple[str, float]]:
    keys = [(link.name, 1.0)]
    if link.code:
        keys += [(link.code, OCCUPATION_WEIGHT), (link.code.rpartition("-")[0], GROUP_WEIGHT)]
    return keys


@lru_cache(maxsize=1)
def _columns() -> dict[str, int]:
    keys = (key for entry in read_entries() for key, _ in _keys(Link(entry.name, entry.code, 1.0)))
    return {key: column for column, key in enumerate(dict.fromkeys(keys))}


def linked_names(phrases: Sequence[str], least: float) -> list[frozenset[str]]:
    """Return the skills each phrase (Chinese or pinyin) is linked to, scored ``least`` or more."""
    links = link_many(phrases)
    return [
        frozenset(link.name for link in links[phrase] if link.score >= least) for phrase in phrases
    ]


def _weighted_columns(links: Iterable[Link]) -> list[tuple[int, float]]:
    """Return the columns and weights of a phrase's links."""
    columns = _columns()
    return [
        (columns[key], weight * link.score**2)
        for link in links
        if link.score >= MIN_SCORE
        for key, weight in _keys(link)
    ]


def _rows(groups: Sequence[Sequence[str]]) -> sparse.csr_array:
    """Return one unit vector a group of phrases, of the best squared score of each skill."""
    number: dict[str, int] = {}
    members = as_ragged(
        [[number.setdefault(one, len(number)) for one in group] for group in groups]
    )
    each = [_weighted_columns(links) for links in link_many(number).values()]
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
