"""Suggestions for a community: retrieval beside its peers, then whole commands with their memory.

The peers are scikit-learn's TF-IDF cosine of all pairs with the rules as a mask, sparse_dot_topn
and bm25s; the last two know no rules, and only a part of what they find may be suggested.
"""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sparse_dot_topn import sp_matmul_topn

from matching.eligibility.index import EligibilityIndex
from matching.features.catalogue import opening_text
from matching.file_commands import suggest_file
from matching.ranking.ranker import PriorRanker
from matching.ranking.topk import TopKSearch
from matching.records import Opening, Seeker
from matching.utils import content_store
from tests.bench import communities, real_texts
from tests.bench.timing import alone, by_turns, show

TOP, BLOCK = 20, 512
QUICK = (4_000, 2_000)
LARGE = ((20_000, 5_000), (20_000, 20_000))
REAL, REAL_LARGE = (1_000, 500), (20_000, 5_000)
# 1,000,000 seekers, 100,000 openings: what the slices are carried on to.
TOWN = (1_000_000, 100_000)


def wishes(seeker: Seeker) -> str:
    return " ".join([*seeker.wanted, *seeker.skills, *(job.title for job in seeker.experience)])


def tfidf(seekers: list[Seeker], openings: list[Opening]) -> tuple[Any, Any]:
    """Return seekers and openings as vectors of characters and pairs of them."""
    words = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), dtype=np.float32)
    theirs = words.fit_transform([opening_text(one) for one in openings])
    return words.transform([wishes(one) for one in seekers]), theirs


def cosine_and_mask(
    seekers: list[Seeker], ours: Any, theirs: Any, index: EligibilityIndex
) -> list[tuple[Any, Any]]:
    """The plain way: every cosine, the rules as a mask over them, then the highest."""
    found = []
    for start in range(0, len(seekers), BLOCK):
        scores = (ours[start : start + BLOCK] @ theirs.T).toarray()
        scores[~index.eligible_block(seekers[start : start + BLOCK])] = -1
        best = np.argpartition(-scores, TOP, axis=1)[:, :TOP]
        found.append((best, np.take_along_axis(scores, best, 1)))
    return found


def retrieval(n: int, m: int) -> None:
    """Print retrieval of ``n`` seekers among ``m`` openings."""
    seekers, openings = communities.seekers(n), communities.openings(m)
    ours, theirs = tfidf(seekers, openings)
    index = EligibilityIndex(openings)
    nearest = TopKSearch(sparse.csr_array(theirs), index)
    queries = sparse.csr_array(ours)
    transpose_rows = theirs.T.tocsr()
    peer = bm25s.BM25()
    peer.index([[*opening_text(one)] for one in openings], show_progress=False)
    asked = [[*wishes(one)] for one in seekers]
    share = index.eligible_block(seekers[:BLOCK]).mean()
    seconds = by_turns(
        {
            "with all rules, exact among eligible": lambda: [
                nearest.search(seekers[i : i + 4096], queries[i : i + 4096], TOP)
                for i in range(0, n, 4096)
            ],
            "scikit-learn cosine + rule mask": lambda: cosine_and_mask(
                seekers, ours, theirs, index
            ),
            "sparse_dot_topn, no rules": lambda: sp_matmul_topn(
                ours, transpose_rows, top_n=TOP, sort=True
            ),
            "bm25s, no rules (a tenth, times ten)": lambda: peer.retrieve(
                asked[::10], k=TOP, show_progress=False
            ),
        }
    )
    seconds["bm25s, no rules (a tenth, times ten)"] *= 10
    title = f"Retrieval, top {TOP}, {n:,} x {m:,} ({share:.0%} of pairs eligible)"
    show(title, seconds, "scikit-learn cosine + rule mask")


def ours_from_files(folder: str, since: str | None = None, workers: int = 1) -> None:
    """The command itself: read, retrieve, re-rank, tell reasons, write."""
    paths = (f"{folder}/{name}.jsonl" for name in ("seekers", "openings", "out"))
    former = since and f"{folder}/{since}"
    suggest_file(*paths, top=TOP, ranker=PriorRanker(), since=former, workers=workers)


def few_changes(folder: str) -> None:
    """Keep the output as the former one, and change one seeker in a hundred."""
    place = Path(folder)
    for end in ("", ".since"):
        (place / f"out.jsonl{end}").rename(place / f"former.jsonl{end}")
    lines = (place / "seekers.jsonl").read_text(encoding="utf-8").splitlines()
    for at in range(0, len(lines), 100):
        lines[at] = json.dumps(json.loads(lines[at]) | {"min_pay": 2345.0})
    (place / "seekers.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def nothing() -> None:
    """Import what the others import."""


def peer_from_files(folder: str) -> None:
    """Read, cosines and mask, write: ids and scores alone, without features or reasons."""
    place = Path(folder)
    seekers, openings = (
        [model.model_validate_json(line) for line in (place / name).open(encoding="utf-8")]
        for model, name in ((Seeker, "seekers.jsonl"), (Opening, "openings.jsonl"))
    )
    ours, theirs = tfidf(seekers, openings)
    found = cosine_and_mask(seekers, ours, theirs, EligibilityIndex(openings))
    with (place / "peer.jsonl").open("w", encoding="utf-8") as out:
        people = iter(seekers)
        for best, scores in found:
            for columns, values in zip(best.tolist(), scores.tolist(), strict=True):
                order = sorted(zip(values, columns, strict=True), reverse=True)
                ranking = [
                    {"id": openings[i].id, "score": round(value, 6)}
                    for value, i in order
                    if value >= 0
                ]
                out.write(json.dumps({"seeker": next(people).id, "ranking": ranking}) + "\n")


def command(n: int, m: int) -> tuple[float, float]:
    """Print the whole command beside the plain way; return its seconds and MiB."""
    with tempfile.TemporaryDirectory() as folder:
        for name, records in (
            ("seekers", communities.seekers(n)),
            ("openings", communities.openings(m)),
        ):
            lines = (one.model_dump_json(exclude_defaults=True) + "\n" for one in records)
            (Path(folder) / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
        started, _ = alone(nothing)
        rows = {
            "suggest: re-ranked, with reasons": alone(ours_from_files, folder),
            "cosine + mask + json, neither": alone(peer_from_files, folder),
        }
    seconds = {name: cpu - started for name, (cpu, _) in rows.items()}
    title = f"Whole command, {n:,} x {m:,}, after imports ({started:.1f} s)"
    show(title, seconds, "cosine + mask + json, neither")
    for name, (_, memory) in rows.items():
        print(f"  {name:44}{memory:9.0f} MiB at most")
    return seconds["suggest: re-ranked, with reasons"], rows["suggest: re-ranked, with reasons"][1]


def with_real_texts(n: int, m: int) -> None:
    """Print the whole command on real texts: at first, with meanings remembered, after changes."""
    plain = "cosine + mask + json, neither"
    before = os.environ.get(content_store.SETTING)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[content_store.SETTING] = f"{folder}/meaning.sqlite3"
        for name, records in (
            ("seekers", real_texts.seekers(n)),
            ("openings", real_texts.openings(m)),
        ):
            lines = (one.model_dump_json(exclude_defaults=True) + "\n" for one in records)
            (Path(folder) / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
        started, _ = alone(nothing)
        rows = {
            "suggest, nothing remembered": alone(ours_from_files, folder),
            "suggest, meanings remembered": alone(ours_from_files, folder),
        }
        few_changes(folder)
        rows["suggest --since, a seeker in 100 changed"] = alone(
            ours_from_files, folder, "former.jsonl"
        )
        rows[plain] = alone(peer_from_files, folder)
        remembered = Path(os.environ.pop(content_store.SETTING)).stat().st_size
    if before is not None:
        os.environ[content_store.SETTING] = before
    seconds = {name: cpu - started for name, (cpu, _) in rows.items()}
    show(
        f"Whole command, real texts, {n:,} x {m:,}, after imports ({started:.1f} s)", seconds, plain
    )
    for name, (_, memory) in rows.items():
        print(f"  {name:44}{memory:9.0f} MiB at most")
    print(f"  remembered in {remembered / 2**20:.0f} MiB")


def main(*, large: bool = False) -> None:
    """Print all tables of suggestions."""
    if real_texts.folder() is None:
        print("\n*** real texts: SKIPPED, no data. Name the folder: make bench BENCH_DATA=path ***")
    else:
        with_real_texts(*(REAL_LARGE if large else REAL))
    for n, m in LARGE if large else (QUICK,):
        retrieval(n, m)
        command(n, m)
    if large:
        carried_on()


def carried_on() -> None:
    """Measure slices of a town of 100,000 openings and carry them on to a million seekers."""
    n, m = TOWN
    (few, low), (more, high) = (command(slice_, m) for slice_ in (1_000, 3_000))
    each, growth = (more - few) / 2_000, (high - low) / 2_000
    hours = (few + each * (n - 1_000)) / 3600
    memory = (low + max(growth, 0) * (n - 1_000)) / 1024
    print(f"\n  {n:,} x {m:,} by these slices: {hours:.1f} CPU hours")
    print(f"  memory {high / 1024:.1f} GiB, {memory:.1f} GiB if it grew on as between the slices")
