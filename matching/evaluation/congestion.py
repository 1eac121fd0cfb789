"""Congestion: how evenly rankings spread people over openings, compared with baselines.

If rankings send everybody to the same few openings, most people apply in vain and other openings
stay empty. The baselines are random order, first come first served, and popularity.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from matching.eligibility.index import EligibilityIndex
from matching.evaluation.metrics import coverage, exposure, gini, largest_share
from matching.ranking.batch import suggest
from matching.ranking.ranker import Ranker
from matching.records import Opening, Seeker
from matching.utils.array_types import IntArray

# Seekers handled at once: memory grows with this times the openings.
BLOCK_SIZE = 512


class Congestion(NamedTuple):
    """How evenly rankings are spread over a catalogue.

    Attributes
    ----------
    gini : float
        Of how many rankings each opening is in: 0 = all in as many, near 1 = all on one.
    largest_share : float
        Share of all entries that the most shown opening takes, in 0–1.
    coverage : float
        Share of the openings that are in any ranking, in 0–1.
    served : float
        Share of the seekers who are shown anything, in 0–1.
    most_per_place : float
        Seekers sent to the most crowded opening, for each place it has.
    """

    gini: float
    largest_share: float
    coverage: float
    served: float
    most_per_place: float


def congestion(rankings: Iterable[Sequence[str]], openings: Sequence[Opening]) -> Congestion:
    """Return the congestion of rankings.

    Parameters
    ----------
    rankings : iterable of sequences of str
        Opening ids, one list a seeker; without any list the measures are NaN.
    openings : sequence of Opening

    Raises
    ------
    ValueError
        Without openings.
    """
    listed = list(rankings)
    names = [opening.id for opening in openings]
    share = coverage(listed, len(names))
    shown = exposure(listed, names)
    places = np.array([max(opening.capacity, 1) for opening in openings])
    return Congestion(
        gini=gini(shown),
        largest_share=largest_share(shown),
        coverage=share,
        served=float(np.mean([bool(one) for one in listed])) if listed else float("nan"),
        most_per_place=float((shown / places).max()),
    )


def _by_block(seekers: Sequence[Seeker], index: EligibilityIndex) -> Iterator[IntArray]:
    """Yield the columns each seeker may take, in the order listed."""
    for start in range(0, len(seekers), BLOCK_SIZE):
        for mask in index.eligible_block(seekers[start : start + BLOCK_SIZE]):
            yield np.flatnonzero(mask)


def random_rankings(
    seekers: Sequence[Seeker], openings: Sequence[Opening], *, top: int = 10, seed: int = 0
) -> list[list[str]]:
    """Return up to ``top`` eligible openings for each seeker, drawn uniformly."""
    rng = np.random.default_rng(seed)
    return [
        [openings[i].id for i in rng.permutation(fits)[:top].tolist()]
        for fits in _by_block(seekers, EligibilityIndex(openings))
    ]


def first_come_rankings(
    seekers: Sequence[Seeker], openings: Sequence[Opening], *, top: int = 10
) -> list[list[str]]:
    """Return rankings by first come, first served.

    Seekers come in the order given. Each is shown the first ``top`` eligible openings of the list
    that have a place left, and takes the first of them.
    """
    left = np.array([opening.capacity for opening in openings], dtype=np.int64)
    shown = []
    for fits in _by_block(seekers, EligibilityIndex(openings)):
        mine = fits[left[fits] > 0][:top]
        left[mine[:1]] -= 1
        shown.append([openings[i].id for i in mine.tolist()])
    return shown


def popularity_rankings(
    seekers: Sequence[Seeker],
    openings: Sequence[Opening],
    popularity: ArrayLike,
    *,
    top: int = 10,
) -> list[list[str]]:
    """Return the ``top`` most popular openings each seeker may take, ties as listed.

    ``popularity`` has shape (n_openings,), higher is more popular.
    """
    best = np.argsort(-np.asarray(popularity, dtype=np.float64), kind="stable").tolist()
    listed = [openings[i] for i in best]
    return [
        [listed[i].id for i in fits[:top].tolist()]
        for fits in _by_block(seekers, EligibilityIndex(listed))
    ]


def compare_congestion(
    seekers: Sequence[Seeker],
    openings: Sequence[Opening],
    *,
    top: int = 10,
    ranker: Ranker | None = None,
    popularity: ArrayLike | None = None,
    seed: int = 0,
) -> dict[str, Congestion]:
    """Return the congestion of ``ranking``, ``random``, ``first come`` and ``popularity``.

    Each way, every seeker is shown up to ``top`` eligible openings.

    Parameters
    ----------
    seekers : sequence of Seeker
        In the order they come.
    openings : sequence of Opening
        In the order they are listed; neither order changes the ranking.
    top : int, default=10
    ranker : Ranker, optional
        By default the prior.
    popularity : array-like of shape (n_openings,), optional
        Applications or views of each opening. By default how often the ranking puts it first.
    seed : int, default=0
        Of the random choice.
    """
    ranked = [
        [one.id for one in found] for _, found in suggest(seekers, openings, top=top, ranker=ranker)
    ]
    if popularity is None:
        popularity = exposure([one[:1] for one in ranked], [one.id for one in openings])
    ways = {
        "ranking": ranked,
        "random": random_rankings(seekers, openings, top=top, seed=seed),
        "first come": first_come_rankings(seekers, openings, top=top),
        "popularity": popularity_rankings(seekers, openings, popularity, top=top),
    }
    return {name: congestion(rankings, openings) for name, rankings in ways.items()}
