"""Place paths and reach: which places a seeker can go to, and how deep two paths agree.

A place is a path from broad to narrow, ``重庆市/九龙坡区/华岩镇/华龙家园``.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from matching.records import Reach
from matching.text.normalise import normalise
from matching.utils.array_types import IntArray

# Leading parts of two paths that must be equal for each reach.
REACH_DEPTHS = {Reach.ESTATE: 4, Reach.STREET: 3, Reach.DISTRICT: 2, Reach.CITY: 1}

_SLASHES = re.compile(r"[/\\⁄∕>]")
# Without any slash a dash parts a path (安徽省 - 合肥市), but never inside an English name.
_DASHES = re.compile(r"\s+[-–—]+\s+|(?<=[^\x00-\x7f])\s*[-–—]+\s*(?=[^\x00-\x7f])")
_SPACE_BESIDE_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
# 重庆 and 重庆市 are one place; 街道 and 镇 stay, since 南坪街道 and 南坪镇 are two.
_LEVEL_WORD = re.compile(r"(?<=..)(?:社区|小区|省|市|(?<!园)区|县)$")
_ALIASES = {"华岩街道": "华岩镇", "华岩": "华岩镇"}


def _part(name: str) -> str:
    name = _SPACE_BESIDE_CHINESE.sub("", name.strip())
    name = _LEVEL_WORD.sub("", name)
    return _ALIASES.get(name, name)


@lru_cache(maxsize=65536)
def split_path(path: str | None) -> tuple[str, ...]:
    """Return the parts of a place path from broad to narrow, each in one spelling.

    An empty tuple means an unknown place.

    >>> split_path("重庆 / 九龙坡区／华岩街道/华龙家园/")
    ('重庆', '九龙坡', '华岩镇', '华龙家园')
    >>> split_path("CA/Palo Alto")
    ('ca', 'palo alto')
    """
    text = normalise(path or "")
    pieces = (_SLASHES if _SLASHES.search(text) else _DASHES).split(text)
    return tuple(part for part in map(_part, pieces) if part)


def shared_depth(a: str | None, b: str | None) -> int:
    """Return the length of the common prefix of two paths, 0 when either is unknown.

    >>> shared_depth("重庆市/九龙坡区/华岩镇", "重庆市/九龙坡区/杨家坪街道")
    2
    """
    depth = 0
    for one, other in zip(split_path(a), split_path(b), strict=False):
        if one != other:
            break
        depth += 1
    return depth


class PathIndex:
    """Place paths as codes of their prefixes, to compare many of them at once.

    Parameters
    ----------
    paths : sequence of paths, as :func:`split` returns them
    max_depth : int
        Parts of a path that are compared.

    Attributes
    ----------
    table : ndarray of shape (n_paths, deepest)
        A code for each prefix of each path, ``PADDING`` after its end.
    depths : ndarray of shape (n_paths,)
        Length of each path, at most ``max_depth``.
    """

    PADDING = -2

    def __init__(self, paths: Sequence[tuple[str, ...]], max_depth: int) -> None:
        self.max_depth = max_depth
        self._known: dict[tuple[str, ...], int] = {}
        self.depths = np.array([min(len(path), max_depth) for path in paths], dtype=np.int64)
        self.table = np.full((len(paths), max_depth), self.PADDING, dtype=np.int64)
        for row, path in zip(self.table, paths, strict=True):
            starts = (path[:depth] for depth in range(1, min(len(path), max_depth) + 1))
            for at, start in enumerate(starts):
                row[at] = self._known.setdefault(start, len(self._known))

    def encode(self, path: tuple[str, ...]) -> list[int]:
        """Return the codes of the prefixes of any path, -1 for a prefix of none of the paths.

        The length of two paths' common prefix is the number of equal codes.
        """
        starts = (path[:depth] for depth in range(1, self.max_depth + 1))
        return [-1 if len(s) < at else self._known.get(s, -1) for at, s in enumerate(starts, 1)]

    def shared_depths(self, path: tuple[str, ...]) -> IntArray:
        """Return the length of each path's common prefix with ``path``, shape (n_paths,)."""
        found: IntArray = (self.table == self.encode(path)).sum(axis=1)
        return found


def prefixes_agree(home: tuple[str, ...], place: tuple[str, ...], parts: int) -> bool:
    """Return whether the first ``parts`` parts are equal, as far as both paths go."""
    named = min(len(home), len(place), parts)
    return home[:named] == place[:named]


def within_reach(home: str | None, reach: Reach | None, place: str | None) -> bool | None:
    """Return whether ``place`` is within reach of ``home``; ``None`` when it is not known.

    ``Reach.HOME`` reaches no place and ``Reach.ANYWHERE`` all. Work at home is within everybody's
    reach, which has to be checked before.

    >>> within_reach("重庆市/九龙坡区/华岩镇/华龙家园", Reach.DISTRICT, "重庆市/九龙坡区")
    True
    >>> within_reach("CA/Palo Alto", Reach.DISTRICT, "CA/San Jose")
    False
    """
    if reach is None:
        return None
    if reach is Reach.HOME:
        return False
    if reach is Reach.ANYWHERE:
        return True
    here, there = split_path(home), split_path(place)
    if not here or not there:
        return None
    return prefixes_agree(here, there, REACH_DEPTHS[reach])
