"""Months of made-up people, counted person by person, and what is published of them.

Here everybody is a row with what they are, so that whatever somebody works out from the files can
be compared with the people themselves and not with the program that hid them.
"""

import csv
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import combinations, product
from unittest.mock import patch

from flask.testing import FlaskClient

from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.oversight import topics
from webapp.oversight.figures import Period, Topic
from webapp.oversight.services import freezing, publishing

EXCLUDED = ("too_young", "too_old", "retired", "studying", "unable", "away")
WAYS = ("by_job", "by_business", "by_piecework")
# A kind of person: all the figures that count them.
Kind = frozenset[str]


def kinds_of_people() -> list[Kind]:
    """Return every kind there may be: left out for a reason, or able, with or without work."""
    found = []
    for recorded in ((), ("recorded",)):
        found += [frozenset({"registered", reason, *recorded}) for reason in EXCLUDED]
        for learning in ((), ("in_training",)):
            able = {"registered", "able", *recorded, *learning}
            found += [
                frozenset({*able, "without_work"}),
                frozenset({*able, "without_work", "said_working"}),
            ]
            for number in (1, 2, 3):
                for ways in combinations(WAYS, number):
                    bands = range(4) if "by_piecework" in ways else [None]
                    for band in bands:
                        extra = () if band is None else (f"piecework_band_{band}",)
                        found.append(frozenset({*able, "working", *ways, *extra}))
    return found


def kinds_of_events() -> list[Kind]:
    """Return every kind of thing that may happen in a month, of whichever topic."""
    found = [frozenset({"hired"}), frozenset({"passed"}), frozenset({"paid_shares"})]
    found += [
        frozenset({"openings", f"openings_{one}"})
        for one in ("vacancy", "piecework", "course", "venture")
    ]
    for days in (30, 90):
        found += [
            frozenset({f"day_{days}_due", f"day_{days}_{how}"})
            for how in ("there", "left", "unknown")
        ]
    found += [
        frozenset({"trials", f"trials_{how}"}) for how in ("job", "other", "not_held", "open")
    ]
    found += [frozenset({"orders", f"orders_{how}"}) for how in ("kept", "partly", "not_kept")]
    found += [frozenset({"order_passed", f"order_{how}"}) for how in ("hired", "waiting")]
    found += [frozenset({"pay_due", f"pay_{how}"}) for how in ("on_time", "late", "missing")]
    found += [
        frozenset({f"tickets_{one}"})
        for one in ("received", "no_contact", "reopened", "extended", "out_of_scope", "replied")
    ]
    found += [frozenset({"tickets_due", f"tickets_{how}"}) for how in ("on_time", "late")]
    asked = {"tickets_eligible"}
    found += [frozenset({*asked, "tickets_not_reached"})]
    found += [
        frozenset({*asked, "tickets_reached", f"tickets_{how}"}) for how in ("satisfied", "other")
    ]
    found += [frozenset({"check_settled"}), frozenset({"visited_people"})]
    found += [frozenset({"visits", f"visits_{how}"}) for how in ("made", "missed")]
    sample = {"check_sample"}
    reached = {*sample, "check_reached"}
    found += [frozenset({*sample, "check_not_reached"})]
    found += [frozenset({*reached, f"check_{how}"}) for how in ("less", "not")]
    found += [frozenset({*reached, "check_arrived", f"check_{how}"}) for how in ("full", "late")]
    found += [
        frozenset({"promises", f"promises_{how}"})
        for how in ("in_time", "late", "missed", "cancelled", "open")
    ]
    found += [
        frozenset({"spot_checks", f"spot_checks_{how}"})
        for how in ("as_it_should", "partly", "not", "unclear")
    ]
    found += [frozenset({"decisions", f"decisions_{how}"}) for how in ("fit", "aside")]
    return found


STOCKS, FLOWS = kinds_of_people(), kinds_of_events()


@dataclass
class Month:
    """How many there are of each kind in a month, and amounts by figure."""

    first: date
    counts: dict[Kind, int]
    amounts: dict[str, int] = field(default_factory=dict)

    def count(self, figure: str) -> int:
        """Return how many a figure counts, person by person."""
        return sum(n for kind, n in self.counts.items() if figure in kind)


@dataclass
class Published:
    """What stands in the files: (month, figure) → number; hidden ones are missing.

    ``everything`` names all cells there are, hidden or not.
    """

    shown: dict[tuple[str, str], int] = field(default_factory=dict)
    everything: set[tuple[str, str]] = field(default_factory=set)
    running: dict[str, int] = field(default_factory=dict)


def make_months(seed: int, number: int, *, first: date = date(2026, 10, 1)) -> list[Month]:
    """Return months in which many kinds have few, some none, and a few many."""
    chance = random.Random(seed)
    found, period = [], Period.of(first)
    # Most kinds of people are rare here, so that what counts only some of them is small.
    stock = {
        kind: chance.choice((1, 2, 3, 5, 8)) if chance.random() < 0.25 else 0 for kind in STOCKS
    }
    for _ in range(number):
        stock = {
            kind: max(0, n + chance.choice((0, 0, 0, 0, 0, 1, -1))) for kind, n in stock.items()
        }
        flows = {kind: chance.choice((0, 0, 1, 2, 3, 4, 5, 9, 30)) for kind in FLOWS}
        found.append(Month(period.first, stock | flows))
        period = Period.of(period.last + timedelta(days=1))
    return found


def make_nearly_whole_months(number: int, *, first: date = date(2026, 10, 1)) -> list[Month]:
    """Return months in which nothing but what is left over is small: hardly anybody is left out.

    Three are not recorded, two who work have no job, one who has no work does not say otherwise.
    """
    able = {"registered", "able"}
    counts = {
        frozenset({*able, "recorded", "working", "by_job"}): 40,
        frozenset({*able, "recorded", "working", "by_job", "by_business"}): 9,
        frozenset({*able, "recorded", "working", "by_business"}): 2,
        frozenset({*able, "recorded", "without_work", "said_working"}): 8,
        frozenset({*able, "without_work"}): 1,
        frozenset({"registered", "too_old", "recorded"}): 12,
        frozenset({"registered", "too_old"}): 2,
    }
    found, period = [], Period.of(first)
    for _ in range(number):
        found.append(Month(period.first, dict(counts)))
        period = Period.of(period.last + timedelta(days=1))
    return found


@contextmanager
def counted_as(months: list[Month]) -> Iterator[None]:
    """Have all topics count these months instead of the database."""
    known = {month.first: month for month in months}

    def measure(topic: Topic) -> Callable[..., dict[str, int | None]]:
        def values(_session: object, period: Period) -> dict[str, int | None]:
            month = known[period.first]
            return {
                one.id: month.count(one.id) if one.is_count else month.amounts.get(one.id)
                for one in topic.figures
            }

        return values

    made = [
        replace(topic, measure=measure(topic), recount=measure(topic)) for topic in topics.TOPICS
    ]
    with (
        patch.object(topics, "TOPICS", tuple(made)),
        patch.object(freezing, "TOPICS", tuple(made)),
        patch.object(publishing, "TOPICS", tuple(made)),
    ):
        yield


def at(day: date, hour: int = 1) -> datetime:
    """Return a moment of a day in Chongqing."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.LOCAL)


def freeze(db: Database, months: list[Month]) -> None:
    """Freeze months one after the other, each on the third day of the next, and publish them."""
    with counted_as(months):
        for month in months:
            period = Period.of(month.first)
            with (
                clock.frozen(at(period.last + timedelta(days=3))),
                db.transaction(SYSTEM) as session,
            ):
                freezing.freeze(session, period)
                publishing.publish(session)


def read_files(client: FlaskClient) -> Published:
    """Return what stands in all the files that anybody may take away."""
    found = Published()
    manifest = client.get("/oversight/files/manifest.json").get_json()
    for name in manifest["content"]["files"]:
        if not name.endswith(".csv"):
            continue
        text = client.get(f"/oversight/files/{name}").get_data(as_text=True)
        for row in csv.DictReader(text.splitlines()):
            if name == "running.csv":
                found.running[row["figure"]] = int(row["at_least"])
                continue
            figure = name.removesuffix(".csv")
            columns = {figure: row["value"], f"{figure}.year": row.get("year")}
            for id_, value in columns.items():
                if value is not None and "top" not in row and "high" not in row:
                    cell = (f"{row['month']}/{row['edition']}", id_)
                    found.everything.add(cell)
                    if value:
                        found.shown[cell] = int(value)
    return found


def kinds_over_months(months: list[Month]) -> list[tuple[str, Kind]]:
    """Return what there may be: a kind of person in a month, or of event in a month."""
    return list(product([f"{month.first:%Y-%m}" for month in months], [*STOCKS, *FLOWS]))
