"""Which words, employers and places of seekers met which of openings in choices people made.

One row a choice: a task's own, and for each opening of the seeker's past the choice it once was.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from matching.eligibility.places import split
from matching.features.text_features import SHUNNED
from matching.records import Opening, Seeker, Task
from matching.text.normalise import squeeze
from matching.text.tfidf import terms
from matching.utils.array_types import IntArray

# The most earlier choices of one seeker that are learned from.
MOST_EARLIER = 6

Terms = Callable[[Seeker], Iterable[str]]
OpeningTerms = Callable[[Opening], Iterable[str]]


def _places(path: str | None) -> list[str]:
    parts = split(path)
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]


def _named(value: str | None) -> list[str]:
    # Nothing is learned from a missing name: that is an accident of who keyed the record in.
    return [squeeze(value)] if value and squeeze(value) else []


def _drawn(seeker: Seeker) -> list[Opening]:
    return [one for one in seeker.past if one.action not in SHUNNED]


def _past_words(seeker: Seeker) -> list[str]:
    return [term for one in _drawn(seeker) for term in terms(one.title)]


def _wanted_words(seeker: Seeker) -> list[str]:
    return [term for wish in seeker.wanted for term in terms(wish)]


def _experience_words(seeker: Seeker) -> list[str]:
    said = [*(job.title for job in seeker.experience), *seeker.skills]
    return [term for phrase in said for term in terms(phrase)]


def _past_places(seeker: Seeker) -> list[str]:
    return [place for one in _drawn(seeker) for place in _places(one.place)]


def _known_places(seeker: Seeker) -> list[str]:
    known = [seeker.home, *(job.place for job in seeker.experience)]
    return [place for path in known for place in _places(path)]


def _past_employers(seeker: Seeker) -> list[str]:
    return [name for one in _drawn(seeker) for name in _named(one.employer)]


def _title(opening: Opening) -> Iterable[str]:
    return terms(opening.title)


def _employer(opening: Opening) -> Iterable[str]:
    return _named(opening.employer)


def _place(opening: Opening) -> Iterable[str]:
    return _places(opening.place)


PAIRS: Mapping[str, tuple[Terms, OpeningTerms]] = {
    f"{ours}_{theirs}_affinity": (of_seeker, of_opening)
    for ours, of_seeker in (
        ("past", _past_words),
        ("wanted", _wanted_words),
        ("experience", _experience_words),
    )
    for theirs, of_opening in (("title", _title), ("employer", _employer))
} | {
    "past_place_affinity": (_past_places, _place),
    "known_place_affinity": (_known_places, _place),
    "past_same_employer_affinity": (_past_employers, _employer),
}


def term_rows(groups: Iterable[Iterable[str]], columns: dict[str, int]) -> sparse.csr_array:
    """One row a group, each distinct term 1 / sqrt(their number); unknown terms left out."""
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


def _numbered(groups: Iterable[Iterable[str]]) -> dict[str, int]:
    return {term: i for i, term in enumerate(sorted({t for group in groups for t in group}))}


class Meetings(NamedTuple):
    """Choices as sparse rows over terms.

    Attributes
    ----------
    ours, theirs : dict of str to int
        Column of each term of seekers and of openings.
    people : csr_array of shape (n_choices, n_ours)
        1 for each term of the seeker as they were before the choice.
    picked, blind : csr_array of shape (n_choices, n_theirs)
        Share of the chosen openings that hold a term, and of all that were to be chosen from.
    task : ndarray of shape (n_choices,)
        Which task each choice is from.
    """

    ours: dict[str, int]
    theirs: dict[str, int]
    people: sparse.csr_array
    picked: sparse.csr_array
    blind: sparse.csr_array
    task: IntArray


def _earlier(seeker: Seeker) -> list[tuple[Seeker, Opening]]:
    """Return what the seeker chose before, each beside the seeker as they were until then."""
    past = seeker.past
    chosen = [i for i, one in enumerate(past) if i and one.action not in SHUNNED]
    return [(seeker.model_copy(update={"past": past[:i]}), past[i]) for i in chosen[-MOST_EARLIER:]]


def meetings(name: str, tasks: Sequence[Task], labels: Sequence[Sequence[int]]) -> Meetings:
    """Return the choices of all tasks in the terms of ``PAIRS[name]``.

    An earlier choice counts as made among the openings of the task that were not chosen, since
    nobody kept what was shown then. Rows of one task hold nothing of another.
    """
    of_seeker, of_opening = PAIRS[name]
    said: list[list[str]] = []
    told: list[list[str]] = []
    picked: list[list[int]] = []
    shown: list[list[int]] = []
    owner: list[int] = []
    for i, (task, chosen) in enumerate(zip(tasks, labels, strict=True)):
        every = range(len(told), len(told) + len(chosen))
        told.extend(list(of_opening(opening)) for opening in task.openings)
        said.append(list(of_seeker(task.seeker)))
        picked.append([j for j, label in zip(every, chosen, strict=True) if label])
        shown.append(list(every))
        left = [j for j, label in zip(every, chosen, strict=True) if not label]
        earlier = _earlier(task.seeker)
        for seeker, opening in earlier:
            said.append(list(of_seeker(seeker)))
            picked.append([len(told)])
            shown.append([*left, len(told)])
            told.append(list(of_opening(opening)))
        owner.extend([i] * (1 + len(earlier)))
    ours, theirs = _numbered(said), _numbered(told)
    people, openings = term_rows(said, ours), term_rows(told, theirs)
    people.data[:] = 1
    openings.data[:] = 1
    return Meetings(
        ours,
        theirs,
        people,
        _shares(picked, len(told)) @ openings,
        _shares(shown, len(told)) @ openings,
        np.array(owner, dtype=np.int64),
    )


def _shares(groups: Sequence[Sequence[int]], width: int) -> sparse.csr_array:
    """One row a group, 1 / its size in each of its columns."""
    sizes = np.array([len(group) for group in groups], dtype=np.int64)
    values = np.repeat(1 / np.maximum(sizes, 1), sizes)
    indices = np.array([j for group in groups for j in group], dtype=np.int64)
    return sparse.csr_array(
        (values, indices, np.concatenate([[0], np.cumsum(sizes)])), shape=(len(groups), width)
    )
