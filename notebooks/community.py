"""What the notebooks look at: the demo community, or real records when there are any.

``FUMIN_RANKING_DATA`` may name a folder with ``seekers.jsonl`` and ``openings.jsonl`` (the records
of README), ``groups.json`` ({attribute: [one label a seeker]}), ``queries.jsonl`` and
``labels.jsonl``; each may end in ``.gz``. What is missing there is taken from the demo.
``FUMIN_NOTEBOOK_HOUSEHOLDS`` makes the demo community smaller, for a quick look.
"""

import datetime
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from matching.eligibility.index import EligibilityIndex
from matching.eligibility.places import shared_depth
from matching.explain.phrase_similarity import SAME_WORK, PhraseIndex
from matching.pay.parser import monthly, parse_pay
from matching.records import Kind, Opening, Seeker, Task
from matching.utils.jsonl import read_distinct, read_labelled_tasks
from webapp.demo.records import HOUSEHOLDS, group_records, opening_records, seeker_records

# The demo is drawn for a day; any day gives another community of the same kind.
DAY = datetime.date(2026, 11, 22)
SHOWN, CHOSEN = 15, 2


class Community(NamedTuple):
    """Everybody who seeks, everything that is open, and groups for looking back only."""

    seekers: list[Seeker]
    openings: list[Opening]
    groups: dict[str, list[str | None]]
    real: bool


def _file(name: str) -> Path | None:
    folder = os.environ.get("FUMIN_RANKING_DATA")
    if not folder:
        return None
    found = (Path(folder) / name, Path(folder) / f"{name}.gz")
    return next((path for path in found if path.exists()), None)


def households() -> int:
    """Return how many households the demo community has here."""
    return int(os.environ.get("FUMIN_NOTEBOOK_HOUSEHOLDS", HOUSEHOLDS))


def load() -> Community:
    """Return the community to look at."""
    seekers, openings, groups = (
        _file("seekers.jsonl"),
        _file("openings.jsonl"),
        _file("groups.json"),
    )
    if seekers and openings:
        told = json.loads(groups.read_text(encoding="utf-8")) if groups else {}
        return Community(
            list(read_distinct(seekers, Seeker, "id")),
            list(read_distinct(openings, Opening, "id")),
            told,
            real=True,
        )
    size = households()
    return Community(
        [Seeker.model_validate(one) for one in seeker_records(DAY, size)],
        [Opening.model_validate(one) for one in opening_records(DAY, size)],
        group_records(DAY, size),
        real=False,
    )


def labelled(
    community: Community, n: int, seed: int = 0
) -> tuple[list[Task], list[list[int]], bool]:
    """Return ranking tasks, what was chosen in each, and whether people really chose."""
    queries, labels = _file("queries.jsonl"), _file("labels.jsonl")
    if queries and labels:
        tasks, chosen = read_labelled_tasks(queries, labels)
        return list(tasks[:n]), chosen[:n], True
    index = EligibilityIndex(community.openings)
    titles = PhraseIndex(one.title for one in community.openings)
    rng = np.random.default_rng(seed)
    found: list[Task] = []
    labels_found: list[list[int]] = []
    for i in rng.permutation(len(community.seekers)):
        seeker = community.seekers[i]
        fits = np.flatnonzero(index.eligible(seeker))
        if len(found) == n:
            break
        if len(fits) < SHOWN:
            continue
        shown = [community.openings[j] for j in rng.choice(fits, SHOWN, replace=False)]
        own = _own_work(seeker, shown, titles)
        liking = np.array([_liking(*one, seeker) for one in zip(shown, own, strict=True)])
        liking += rng.gumbel(size=SHOWN)
        best = set(np.argsort(-liking)[:CHOSEN].tolist())
        found.append(Task(qid=seeker.id, seeker=seeker, openings=shown))
        labels_found.append([int(i in best) for i in range(SHOWN)])
    return found, labels_found, False


def _own_work(seeker: Seeker, shown: Sequence[Opening], titles: PhraseIndex) -> list[bool]:
    """Return which openings are of a kind of work that the seeker has named."""
    said = [*seeker.wanted, *seeker.skills, *(job.title for job in seeker.experience)]
    rows = titles.rows(said)
    own = (titles.table[rows] & SAME_WORK).any(axis=0)
    return [bool(own[titles.codes[one.title]]) for one in shown]


def _liking(opening: Opening, own: bool, seeker: Seeker) -> float:
    """Invented: what our invented people go by, which no ranking is told.

    Their own kind of work counts most; beside it the way there and the pay, and three habits that
    no word of theirs betrays: work with children draws them, they keep away from the night, and
    they would rather earn now than learn first.
    """
    near = opening.at_home or shared_depth(seeker.home, opening.place) >= 3
    pay = monthly(parse_pay(opening.pay.text or "")) if opening.pay else None
    good_pay = bool(pay and seeker.min_pay and (pay[0] or 0) >= seeker.min_pay)
    children = any(word in opening.title for word in ("婴", "保育", "托", "育儿", "母"))
    night = "night" in opening.demands
    earns = opening.kind in (Kind.VACANCY, Kind.PIECEWORK)
    return 4 * own + 1.5 * near + good_pay + 3 * children - 3 * night + 3 * earns


def shares(labels: Sequence[str | None]) -> dict[str, int]:
    """Return how many there are of each label, the most common first."""
    counts = {name: labels.count(name) for name in dict.fromkeys(labels) if name}
    return dict(sorted(counts.items(), key=lambda pair: -pair[1]))
