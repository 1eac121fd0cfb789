"""Nothing that is published gives back a count of 1 to 4: not by bounds, not by subtraction.

What is published is read from the files alone; what is true is counted person by person. Neither
test looks at the program's own relations.
"""

import random
from collections import defaultdict
from itertools import combinations, product

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.functional.oversight import world
from tests.functional.oversight.world import EXCLUDED, WAYS, Month, Published
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.oversight.services import publishing

MONTHS = 4
FEW = 5
# Of the fourth month a new year begins.
SEEDS = (1, 2, None)
COMBINATIONS = 10_000


_made: dict[int, tuple[list[Month], Published]] = {}


@pytest.fixture(params=SEEDS)
def published(request, db, client) -> tuple[list[Month], Published]:
    """Months with many small counts, and what the files say of them; made once a worker."""
    if request.param not in _made:
        seed = request.param
        months = world.make_nearly_whole_months(2)
        if seed is not None:
            months = world.make_months(seed, MONTHS)
        world.freeze(db, months)
        _made[request.param] = months, world.read_files(client)
    return _made[request.param]


def true_value(months: list[Month], cell: tuple[str, str]) -> int:
    """Count a cell person by person: a year's from its first month here."""
    month, figure = cell[0].partition("/")[0], cell[1]
    if not figure.endswith(".year"):
        return next(m for m in months if f"{m.first:%Y-%m}" == month).count(figure)
    return sum(
        m.count(figure.removesuffix(".year"))
        for m in months
        if f"{m.first:%Y}" == month[:4] and f"{m.first:%Y-%m}" <= month
    )


one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.slow
@one_database
def test_what_is_shown_is_true_and_no_small_count_is_shown(published):
    months, files = published
    assert len(files.shown) > 100
    assert len(files.everything) - len(files.shown) >= 4
    for cell, value in files.shown.items():
        assert value == true_value(months, cell), cell
        assert value == 0 or value >= FEW, cell


@pytest.mark.slow
@one_database
def test_integer_bounds_over_all_files_pin_no_small_count(published):
    """Kinds of people are the unknowns: whatever any relation between figures says, they obey it.

    Each shown cell is an equation over them. For every cell that is true 1 to 4, and is not
    shown, the least and the greatest it can be are found exactly.
    """
    months, files = published
    by_part = {frozenset(world.STOCKS): [], frozenset(world.FLOWS): []}
    for part in by_part:
        figures = set().union(*part)
        by_part[part] = [
            cell for cell in files.everything if cell[1].removesuffix(".year") in figures
        ]
    for part, cells in by_part.items():
        unknown = {key: n for n, key in enumerate(product([m.first for m in months], part))}

        def row(cell, unknown=unknown):
            month, figure = cell[0].partition("/")[0], cell[1]
            year = figure.endswith(".year")
            figure = figure.removesuffix(".year")
            found = np.zeros(len(unknown))
            for (first, kind), place in unknown.items():
                now = f"{first:%Y-%m}"
                counts = now[:4] == month[:4] and now <= month if year else now == month
                found[place] = figure in kind and counts
            return found

        shown = [cell for cell in cells if cell in files.shown]
        matrix = np.array([row(cell) for cell in shown])
        right = np.array([files.shown[cell] for cell in shown])
        constraint = LinearConstraint(matrix, right, right)
        small = [c for c in cells if c not in files.shown and 0 < true_value(months, c) < FEW]
        assert len(small) > 10 or len(months) < MONTHS
        for cell in small:
            aim = row(cell)
            ends = [
                milp(
                    sign * aim,
                    integrality=np.ones(len(aim)),
                    bounds=Bounds(0, 10_000),
                    constraints=constraint,
                )
                for sign in (1, -1)
            ]
            low, high = round(ends[0].fun), round(-ends[1].fun)
            assert low <= 0, (cell, low, high)
            assert high >= FEW, (cell, low, high)


@pytest.mark.slow
@one_database
def test_random_sums_and_differences_of_four_cells_reveal_no_small_group(published):
    """Whatever they count, if it is a group of people at all, it is empty or of five and more."""
    months, files = published
    kinds = world.kinds_over_months(months)
    marks = {}
    for cell in files.shown:
        month, figure = cell[0].partition("/")[0], cell[1]
        year, figure = figure.endswith(".year"), figure.removesuffix(".year")
        marks[cell] = np.array(
            [
                figure in kind and (now[:4] == month[:4] and now <= month if year else now == month)
                for now, kind in kinds
            ],
            dtype=np.int8,
        )
    # Cells that have nothing to do with each other add up to nothing: of one topic, most often.
    groups = defaultdict(list)
    for cell in files.shown:
        groups[topic_of(cell[1])].append(cell)
    # First every two of one month, then anything.
    for left, right in combinations(files.shown, 2):
        if left[0] == right[0]:
            check(files, marks, [left, right], [1, -1])
            check(files, marks, [right, left], [1, -1])
    chance = random.Random(7)
    told = 0
    for _ in range(COMBINATIONS):
        some = groups[chance.choice(sorted(groups))] if chance.random() < 0.9 else list(files.shown)
        picked = chance.sample(some, min(len(some), chance.randint(2, 4)))
        signs = [1, *(chance.choice((1, -1, -1)) for _ in picked[1:])]
        told += check(files, marks, picked, signs)
    assert told > 100


def check(files, marks, cells, signs):
    """Fail if these cells together count a group of 1 to 4; return whether they count a group."""
    vector = sum(sign * marks[cell] for sign, cell in zip(signs, cells, strict=True))
    if vector.min() < 0 or vector.max() > 1:
        return False  # no group of people: what it counts overlaps, or lies partly outside
    value = sum(sign * files.shown[cell] for sign, cell in zip(signs, cells, strict=True))
    assert value == 0 or value >= FEW, list(zip(signs, cells, strict=True))
    return bool(vector.any())


def topic_of(figure: str) -> str:
    """Return a word that figures of one topic share."""
    name = figure.removesuffix(".year")
    people = {*EXCLUDED, *WAYS, "able", "working", "without_work", "said_working", "in_training"}
    people |= {"recorded", "registered", *(f"piecework_band_{n}" for n in range(4))}
    return "people" if name in people else name.split("_")[0].rstrip("s")


@one_database
def test_the_month_under_way_is_told_in_steps_of_five(db, client):
    (month,) = world.make_months(3, 1)
    seen = []
    with world.counted_as([month]):
        for more in range(12):
            month.counts[frozenset({"hired"})] = more
            moment = world.at(month.first, hour=more + 1)
            with clock.frozen(moment), db.transaction(SYSTEM) as session:
                publishing.count_running(session)
            seen.append(world.read_files(client).running["hired"])
    assert seen == [0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10]


@one_database
def test_an_amount_is_not_shown_of_few(db, client):
    """What three were paid is not shown, and neither is a year's sum that would give it back."""
    first, second = world.make_nearly_whole_months(2)
    paid = frozenset({"paid_shares"})
    first.counts[paid], first.amounts = 3, {"money_in": 90_000, "money_out": 12_345}
    second.counts[paid], second.amounts = 9, {"money_in": 10_000, "money_out": 70_000}
    world.freeze(db, [first, second])
    files = world.read_files(client)
    shown = {key: value for key, value in files.shown.items() if key[1].startswith("money_out")}
    assert shown == {("2026-11/0", "money_out"): 70_000}
    assert files.shown["2026-11/0", "money_in.year"] == 100_000
    assert ("2026-10/0", "paid_shares") not in files.shown
