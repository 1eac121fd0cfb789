"""Cooccurrence of seekers' terms and openings' terms in choices, observed and expected.

Terms are words, employers and places. One row a choice: that of a task, and one for each positive
interaction of the seeker's past.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from matching.eligibility.places import split_path
from matching.features.text_features import NEGATIVE_ACTIONS
from matching.records import Opening, Seeker, Task
from matching.text.normalise import squeeze
from matching.text.tfidf import terms
from matching.utils.array_types import IntArray

# Earlier choices of one seeker that are learned from, the latest ones.
MAX_EARLIER_CHOICES = 6

SeekerTerms = Callable[[Seeker], Iterable[str]]
OpeningTerms = Callable[[Opening], Iterable[str]]


def _place_prefixes(path: str | None) -> list[str]:
    parts = split_path(path)
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]


def _name_terms(value: str | None) -> list[str]:
    # A missing name is no term: whether one was entered says nothing about the choice.
    return [squeeze(value)] if value and squeeze(value) else []


def _positive(seeker: Seeker) -> list[Opening]:
    return [one for one in seeker.past if one.action not in NEGATIVE_ACTIONS]


def _past_words(seeker: Seeker) -> list[str]:
    return [term for one in _positive(seeker) for term in terms(one.title)]


def _wanted_words(seeker: Seeker) -> list[str]:
    return [term for wish in seeker.wanted for term in terms(wish)]


def _experience_words(seeker: Seeker) -> list[str]:
    phrases = [*(job.title for job in seeker.experience), *seeker.skills]
    return [term for phrase in phrases for term in terms(phrase)]


def _past_places(seeker: Seeker) -> list[str]:
    return [place for one in _positive(seeker) for place in _place_prefixes(one.place)]


def _known_places(seeker: Seeker) -> list[str]:
    known = [seeker.home, *(job.place for job in seeker.experience)]
    return [place for path in known for place in _place_prefixes(path)]


def _past_employers(seeker: Seeker) -> list[str]:
    return [name for one in _positive(seeker) for name in _name_terms(one.employer)]


def _title(opening: Opening) -> Iterable[str]:
    return terms(opening.title)


def _employer(opening: Opening) -> Iterable[str]:
    return _name_terms(opening.employer)


def _place(opening: Opening) -> Iterable[str]:
    return _place_prefixes(opening.place)


TERM_PAIRS: Mapping[str, tuple[SeekerTerms, OpeningTerms]] = {
    f"{source}_{target}_affinity": (of_seeker, of_opening)
    for source, of_seeker in (
        ("past", _past_words),
        ("wanted", _wanted_words),
        ("experience", _experience_words),
    )
    for target, of_opening in (("title", _title), ("employer", _employer))
} | {
    "past_place_affinity": (_past_places, _place),
    "known_place_affinity": (_known_places, _place),
    "past_same_employer_affinity": (_past_employers, _employer),
}


def term_rows(groups: Iterable[Iterable[str]], columns: dict[str, int]) -> sparse.csr_array:
    """Return one row a group: 1 / sqrt(number of distinct terms) for each term with a column."""
    indptr, indices, values = [0], list[int](), list[float]()
    for group in groups:
        distinct = set(group)
        known = sorted(columns[term] for term in distinct if term in columns)
        indices += known
        values += [max(len(distinct), 1) ** -0.5] * len(known)
        indptr.append(len(indices))
    return sparse.csr_array(
        (np.array(values), np.array(indices, dtype=np.int64), np.array(indptr, dtype=np.int64)),
        shape=(len(indptr) - 1, len(columns)),
    )


def _columns(groups: Iterable[Iterable[str]]) -> dict[str, int]:
    return {term: i for i, term in enumerate(sorted({t for group in groups for t in group}))}


class Cooccurrence(NamedTuple):
    """Choices as sparse rows of terms.

    Attributes
    ----------
    seeker_columns, opening_columns : dict of str to int
        Column of each term of seekers and of openings.
    seekers : csr_array of shape (n_choices, n_seeker_terms)
        1 for each term of the seeker's record before the choice.
    observed, expected : csr_array of shape (n_choices, n_opening_terms)
        Share of the chosen openings with a term, and of all openings offered: what a random
        choice would give.
    task : ndarray of shape (n_choices,)
        The task of each choice.
    """

    seeker_columns: dict[str, int]
    opening_columns: dict[str, int]
    seekers: sparse.csr_array
    observed: sparse.csr_array
    expected: sparse.csr_array
    task: IntArray


def _earlier_choices(seeker: Seeker) -> list[tuple[Seeker, Opening]]:
    """Return earlier choices, each with the seeker's record as it was before."""
    past = seeker.past
    chosen = [i for i, one in enumerate(past) if i and one.action not in NEGATIVE_ACTIONS]
    return [
        (seeker.model_copy(update={"past": past[:i]}), past[i])
        for i in chosen[-MAX_EARLIER_CHOICES:]
    ]


def count_cooccurrence(
    name: str, tasks: Sequence[Task], labels: Sequence[Sequence[int]]
) -> Cooccurrence:
    """Count the cooccurrence of the terms of ``TERM_PAIRS[name]``.

    What was offered for an earlier choice is not known; the openings of the task that were not
    chosen stand in for it. Rows of one task use nothing of another task, so that tasks can be left
    out for cross-validation.

    Parameters
    ----------
    name : str
        A key of ``TERM_PAIRS``.
    tasks : sequence of Task
    labels : sequence of sequences of 0 and 1
        One label for each opening of each task.
    """
    of_seeker, of_opening = TERM_PAIRS[name]
    seeker_terms: list[list[str]] = []
    opening_terms: list[list[str]] = []
    observed: list[list[int]] = []
    shown: list[list[int]] = []
    owner: list[int] = []
    for i, (task, chosen) in enumerate(zip(tasks, labels, strict=True)):
        every = range(len(opening_terms), len(opening_terms) + len(chosen))
        opening_terms.extend(list(of_opening(opening)) for opening in task.openings)
        seeker_terms.append(list(of_seeker(task.seeker)))
        observed.append([j for j, label in zip(every, chosen, strict=True) if label])
        shown.append(list(every))
        left = [j for j, label in zip(every, chosen, strict=True) if not label]
        earlier = _earlier_choices(task.seeker)
        for seeker, opening in earlier:
            seeker_terms.append(list(of_seeker(seeker)))
            observed.append([len(opening_terms)])
            shown.append([*left, len(opening_terms)])
            opening_terms.append(list(of_opening(opening)))
        owner.extend([i] * (1 + len(earlier)))
    seeker_columns, opening_columns = _columns(seeker_terms), _columns(opening_terms)
    seekers = term_rows(seeker_terms, seeker_columns)
    openings = term_rows(opening_terms, opening_columns)
    seekers.data[:] = 1
    openings.data[:] = 1
    return Cooccurrence(
        seeker_columns,
        opening_columns,
        seekers,
        _mean_rows(observed, len(opening_terms)) @ openings,
        _mean_rows(shown, len(opening_terms)) @ openings,
        np.array(owner, dtype=np.int64),
    )


def _mean_rows(groups: Sequence[Sequence[int]], width: int) -> sparse.csr_array:
    """Return one row a group: 1 / its size in each of its columns."""
    sizes = np.array([len(group) for group in groups], dtype=np.int64)
    values = np.repeat(1 / np.maximum(sizes, 1), sizes)
    indices = np.array([j for group in groups for j in group], dtype=np.int64)
    return sparse.csr_array(
        (values, indices, np.concatenate([[0], np.cumsum(sizes)])), shape=(len(groups), width)
    )
