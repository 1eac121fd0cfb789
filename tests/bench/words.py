"""Residents' words against a catalogue: which opening comes first, by register and by part.

The phrases are invented by an author who knew none of our tables (folder ``zh``). A third of the
catalogue with its phrases is laid aside: nothing is tuned on it, it is measured when a change is
finished. TalentCLEF's Chinese titles (folder ``talentclef_zh``) nobody here wrote.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer

from matching.features.catalogue import Catalogue, opening_text
from matching.features.pair_features import FeatureBlock
from matching.ranking.ranker import PriorRanker, canonical_order, rank_order
from matching.records import Opening, Seeker
from matching.text.normalise import squeeze
from matching.utils.array_types import Float32Array
from matching.utils.reference_tables import data_path, read_table, split_cell
from tests.bench import datasets

# Places of the openings of a catalogue, best first, one row a seeker.
Orders = list[list[int]]
ALL_AIM, OTHER_AIM = (0.75, 0.90), (0.85, 0.95)
AIMS = {"all": ALL_AIM, "paraphrase": (0.50, 0.75), "negation": (0.75, None)}
NEAR = 0.5  # no row of a table is as near as this to a phrase of the benchmark
LONGEST_NAME = 8  # characters of a way of saying that is but a name with a word beside it
# Read one by one and kept, each with its reason.
EXCEPTIONS = {
    "手机叮一声，抢到单，导航去接": "shares four characters with a phrase of four",
    "想学刀功，开间小铺": "shares the wish for a shop of one's own, of another trade",
}


def is_aside(opening: str) -> bool:
    """Return whether an opening of ``zh`` is laid aside, by its id: 42 of 110."""
    return int(hashlib.sha256(opening.encode()).hexdigest(), 16) % 3 == 0


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def prior_orders(seekers: Sequence[Seeker], openings: Sequence[Opening]) -> Orders:
    """Return the order of the shipped prior, as ``python -m matching rank`` gives it."""
    listed = canonical_order(openings)
    place = {id(opening): at for at, opening in enumerate(openings)}
    catalogue, ranker, columns = Catalogue(listed), PriorRanker(), np.arange(len(listed))
    found: Orders = []
    for seeker in seekers:
        block = FeatureBlock([seeker], catalogue)
        order = rank_order(ranker.score(block, np.zeros_like(columns), columns))
        found.append([place[id(listed[at])] for at in order])
    return found


def character_orders(seekers: Sequence[Seeker], openings: Sequence[Opening]) -> Orders:
    """Return the order by the cosine of characters and their pairs: the yardstick."""
    words = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    theirs = words.fit_transform([squeeze(opening_text(one)) for one in openings])
    said = [squeeze("".join([*one.wanted, *one.skills])) for one in seekers]
    cosines: Float32Array = (words.transform(said) @ theirs.T).toarray()
    return np.argsort(-cosines, axis=1, kind="stable").tolist()


YARDSTICKS: dict[str, Callable[[Sequence[Seeker], Sequence[Opening]], Orders]] = {
    "prior": prior_orders,
    "characters": character_orders,
}


def phrases(*, large: bool = False) -> None:
    """Print the share of phrases whose right opening comes first, and among three."""
    folder = datasets.folder("zh")
    if folder is None:
        return
    openings = [Opening.model_validate(one) for one in read_lines(folder / "openings.jsonl")]
    number = {opening.id: at for at, opening in enumerate(openings)}
    tags = read_lines(folder / "phrases_tags.jsonl")
    seekers = [Seeker.model_validate(one["seeker"]) for one in read_lines(folder / "phrases.jsonl")]
    right = [{number[opening] for opening in one["relevant"]} for one in tags]
    parts = [any(map(is_aside, one["relevant"])) for one in tags]
    found = {name: orders(seekers, openings) for name, orders in YARDSTICKS.items()}
    for aside in (False, True):
        rows: dict[str, list[int]] = defaultdict(list)
        for at, (one, part) in enumerate(zip(tags, parts, strict=True)):
            if part == aside:
                rows["all"].append(at)
                rows[one["register"]].append(at)
        title = "laid aside" if aside else "tuned on"
        print(f"\n{f'Phrases against a catalogue of {len(openings)}: {title}':46}{'phrases':>9}")
        print(f"  {'right first / among three':44}{'':>9}{'prior':>13}{'characters':>13}  aim")
        for register in sorted(rows, key=lambda name: (name == "all", -len(rows[name]))):
            cells = "".join(
                f"{_share(orders, right, rows[register], 1):7.3f}/"
                f"{_share(orders, right, rows[register], 3):.3f}"
                for orders in found.values()
            )
            first, three = AIMS.get(register, OTHER_AIM)
            aim = f"{first:.2f}" + (f"/{three:.2f}" if three else "")
            print(f"  {register:44}{len(rows[register]):9d}{cells}  {aim}")


def _share(orders: Orders, right: Sequence[set[int]], rows: Sequence[int], among: int) -> float:
    return float(np.mean([bool(right[at] & set(orders[at][:among])) for at in rows]))


def titles(*, large: bool = False) -> None:
    """Print the mean average precision of TalentCLEF's Chinese titles."""
    folder = datasets.folder("talentclef_zh")
    if folder is None:
        return
    openings = [Opening.model_validate(one) for one in read_lines(folder / "openings.jsonl")]
    seekers = [Seeker.model_validate(one) for one in read_lines(folder / "seekers.jsonl")]
    wanted = {one["seeker"]: set(one["openings"]) for one in read_lines(folder / "relevant.jsonl")}
    print(f"\n{'TalentCLEF, Chinese titles (aim .45)':46}{'queries':>9}{'MAP':>9}")
    for name, orders in YARDSTICKS.items():
        precisions = [
            _average_precision([openings[at].id in wanted[seeker.id] for at in order])
            for seeker, order in zip(seekers, orders(seekers, openings), strict=True)
        ]
        print(f"  {name:44}{len(seekers):9d}{np.mean(precisions):9.3f}")


def _average_precision(hits: Sequence[bool]) -> float:
    at = np.flatnonzero(hits)
    return float(np.mean(np.arange(1, len(at) + 1) / (at + 1))) if len(at) else 0.0


def copies(*, large: bool = False) -> None:
    """Print the rows of our tables that are too near to a phrase of the benchmark.

    All sentences count, and ways of saying longer than a name: two authors who name a trade use
    its name.
    """
    folder = datasets.folder("zh")
    if folder is None:
        return
    seekers = [one["seeker"] for one in read_lines(folder / "phrases.jsonl")]
    texts = [text for one in seekers for text in (*one.get("wanted", []), *one.get("skills", []))]
    said = sorted(set(map(squeeze, texts)))
    ways = [way for row in _rows("skills.csv") for way in split_cell(row["variants"])]
    rows = [row["sentence"] for row in _rows("work_sentences.csv")]
    rows += [way for way in ways if len(squeeze(way)) > LONGEST_NAME]
    ratios = process.cdist(list(map(squeeze, rows)), said, scorer=fuzz.ratio, dtype=np.float32)
    near = {
        rows[row]: (float(ratios[row, column]) / 100, said[column])
        for row, column in np.argwhere(ratios >= 100 * NEAR).tolist()
    }
    print(
        f"\nOf {len(rows)} rows of our tables, {len(near)} are as near as {NEAR} to a phrase of zh"
    )
    for row, (ratio, phrase) in sorted(near.items()):
        print(f"  {ratio:.2f}  {row}  |  {phrase}  |  {EXCEPTIONS.get(row, 'TO BE REWORDED')}")
    for row in sorted(set(EXCEPTIONS) - set(near)):
        print(f"  no exception any more: {row}")


def _rows(name: str) -> list[dict[str, str]]:
    return list(read_table(data_path(name)))
