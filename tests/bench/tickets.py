"""What is suggested for tickets that residents send, beside what was labelled by another author.

Nothing is fitted to these tickets: the weights come from ``data/ticket_matters.csv`` alone. The
rules were tuned while these figures were looked at; data/README.md says the first look.
"""

import itertools
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matching.text.normalise import squeeze_all
from matching.text.sentence_vectors import sentence_vectors
from matching.triage.classifier import all_said
from matching.triage.danger import find_dangers
from matching.triage.duplicates import Reported, likely_duplicates
from matching.triage.suggest import suggest_lines
from tests.bench import datasets

_ROUNDS = 2000
# Cosine from which two questions of a clerk count as one.
_SAME_QUESTION = 0.6

Row = dict[str, Any]
Figure = Callable[[Sequence[Row], Sequence[Row]], float]


def main(*, large: bool = False) -> None:
    """Print how often each suggestion is right, with 95% bootstrap intervals."""
    folder = datasets.folder("tickets")
    if folder is None:
        return
    tickets, lookalikes = _read(folder / "tickets.jsonl"), _read(folder / "lookalikes.jsonl")
    texts = [ticket["text"] for ticket in tickets]
    start = time.process_time()
    next(iter(suggest_lines(texts[:1])))
    cold = time.process_time() - start
    start = time.process_time()
    got = list(suggest_lines(texts))
    warm = (time.process_time() - start) / len(texts)
    print(f"\nTickets: {len(texts)} (aims: branch .80, urgency F1 .70, every danger, pairs .85)")
    for name, figure in _figures().items():
        print(f"  {name:28}{figure(tickets, got):6.3f}  {_interval(figure, tickets, got)}")
    print(f"  branch of a plain peer      {_peer(tickets):6.3f}  (TF-IDF of characters, SVM)")
    _dangers(tickets, got)
    _pairs(tickets, lookalikes)
    print(f"  one text: {cold:.2f} s cold, {1000 * warm:.1f} ms after it ({1 / warm:.0f} a second)")


def _read(path: Path) -> list[Row]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def _share(field: str) -> Figure:
    def figure(said: Sequence[Row], got: Sequence[Row]) -> float:
        return float(np.mean([a[field] == b[field] for a, b in zip(said, got, strict=True)]))

    return figure


def _macro_f1(field: str) -> Figure:
    def figure(said: Sequence[Row], got: Sequence[Row]) -> float:
        from sklearn.metrics import f1_score

        of = ([row[field] for row in rows] for rows in (said, got))
        return float(f1_score(*of, average="macro", zero_division=0))

    return figure


def _list_f1(field: str) -> Figure:
    def figure(said: Sequence[Row], got: Sequence[Row]) -> float:
        both = sum(len({*a[field]} & {*b[field]}) for a, b in zip(said, got, strict=True))
        total = sum(len(row[field]) for rows in (said, got) for row in rows)
        return 2 * both / total if total else 0.0

    return figure


def _missing_f1(said: Sequence[Row], got: Sequence[Row]) -> float:
    found = asked = wanted = 0
    for a, b in zip(said, got, strict=True):
        asked, wanted = asked + len(b["missing"]), wanted + len(a["missing"])
        if a["missing"] and b["missing"]:
            alike = sentence_vectors(a["missing"]) @ sentence_vectors(b["missing"]).T
            found += int((alike.max(axis=1) >= _SAME_QUESTION).sum())
    return 2 * found / (asked + wanted)


def _figures() -> dict[str, Figure]:
    return {
        "branch right": _share("branch"),
        "urgency, macro-F1": _macro_f1("urgency"),
        "urgency right": _share("urgency"),
        "kind right": _share("kind"),
        "outside number right": _share("external"),
        "private right": _share("private"),
        "about staff right": _share("about_staff"),
        "other branches, F1": _list_f1("also"),
        "what to ask back, F1": _missing_f1,
    }


def _interval(figure: Figure, said: Sequence[Row], got: Sequence[Row]) -> str:
    draw = np.random.default_rng(0)
    values = [
        figure([said[i] for i in rows], [got[i] for i in rows])
        for rows in draw.integers(0, len(said), (_ROUNDS // 10, len(said))).tolist()
    ]
    low, high = np.quantile(values, [0.025, 0.975])
    return f"[{low:.2f}, {high:.2f}]"


def _peer(tickets: Sequence[Row]) -> float:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    said = all_said()
    model = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), LinearSVC())
    model.fit(squeeze_all([one.text for one in said]), [one.matter.branch for one in said])
    found = model.predict(squeeze_all([ticket["text"] for ticket in tickets]))
    return float(np.mean(found == [ticket["branch"] for ticket in tickets]))


def _dangers(tickets: Sequence[Row], got: Sequence[Row]) -> None:
    real = [row["urgency"] == "danger" for row in tickets]
    for name, told in (
        ("rules alone", [bool(find_dangers(row["text"])) for row in tickets]),
        ("with likeness", [row["urgency"] == "danger" for row in got]),
    ):
        found = sum(a and b for a, b in zip(real, told, strict=True))
        print(f"  dangers, {name}: {found} of {sum(real)} found, {sum(told) - found} false alarms")


def _pairs(tickets: Sequence[Row], lookalikes: Sequence[Row]) -> None:
    told = {
        frozenset((a["id"], b["id"]))
        for a, b in itertools.combinations(tickets, 2)
        if likely_duplicates(b["text"], "", None, [Reported(a["id"], a["text"])])
    }
    real = {frozenset((t["id"], t["duplicate_of"])) for t in tickets if t["duplicate_of"]}
    apart = {frozenset((pair["a"], pair["b"])) for pair in lookalikes}
    right = len(real & told) + len(apart - told)
    count = len(tickets) * (len(tickets) - 1) // 2
    print(
        f"  duplicates found: {len(real & told)} of {len(real)}; look-alikes kept apart: "
        f"{len(apart - told)} of {len(apart)}; both {right / (len(real) + len(apart)):.3f}\n"
        f"  of all {count} pairs {len(told)} called duplicates, {len(real & told)} rightly"
    )
