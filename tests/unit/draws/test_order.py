"""The order of a draw against an independent computation, its list's hash, and its fairness."""

import contextlib
import hashlib
import random
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import webapp
from webapp.core import receipt_codes
from webapp.draws import order
from webapp.draws.lifecycle import SeedSource

SCRIPT = Path(webapp.__file__).parent / "static/draw_check.py"
# Written from the description on the page, not from the code: another way of sorting, byte by byte.
INDEPENDENT = """
import sys, hashlib
raw, seed = open(sys.argv[1], 'rb').read(), sys.argv[2].encode()
print(hashlib.sha256(raw).hexdigest())
pairs = []
for line in raw.split(b'\\n'):
    words = line.split(b' ')
    if len(words) == 2 and words[0].isdigit():
        pairs.append((int.from_bytes(hashlib.sha256(seed + b' ' + words[1]).digest(), 'big'),
                      words[1].decode()))
while pairs:
    least = min(pairs)
    pairs.remove(least)
    print(least[1])
"""
SEED = "01 05 12 20 28 33 09"


def made(codes: list[str], title: str = "1号摊位") -> str:
    return order.list_text(
        code="23456789ABCD", title=title, places=2, source=SeedSource.SSQ,
        day=date(2026, 12, 3), codes=codes,
    )  # fmt: skip


CODES = [receipt_codes.fresh() for _one in range(30)]
TEXT = made(CODES)


def test_two_scripts_written_apart_find_the_same(tmp_path):
    (tmp_path / "list.txt").write_bytes(TEXT.encode())
    expected = order.drawn_order(SEED, CODES)
    call = [str(tmp_path / "list.txt"), SEED]
    out = [
        subprocess.run([sys.executable, *how, *call], capture_output=True, text=True, check=True)
        for how in (["-c", INDEPENDENT], [str(SCRIPT)])
    ]
    own, shipped = (one.stdout.splitlines() for one in out)
    assert own == [order.digest(TEXT), *expected]
    assert shipped == [
        f"SHA-256 of the list: {order.digest(TEXT)}",
        *(f"{rank} {code}" for rank, code in enumerate(expected, 1)),
    ]


def test_the_list_reads_as_described():
    assert made(["BBB", "AAA"]) == (
        "draw 23456789ABCD\ntitle 1号摊位\nplaces 2\nresult ssq 2026-12-03\nentries 2\n"
        "1 AAA\n2 BBB\n"
    )
    assert order.codes_in(TEXT) == sorted(CODES)
    assert order.codes_in(made(["AAA"], title="1 XXXX")) == ["AAA"]


@given(st.data())
def test_any_changed_byte_of_the_list_fails_its_hash(data):
    raw = bytearray(TEXT.encode())
    at = data.draw(st.integers(0, len(raw) - 1))
    byte = data.draw(st.integers(0, 255))
    assume(raw[at] != byte)
    raw[at] = byte
    assert hashlib.sha256(raw).hexdigest() != order.digest(TEXT)


@given(st.permutations(CODES[:8]))
def test_who_entered_first_does_not_matter(codes):
    assert made(codes) == made(CODES[:8])
    assert order.drawn_order(SEED, codes) == order.drawn_order(SEED, CODES[:8])


def seeds(n: int, rng: random.Random) -> list[str]:
    return [
        order.parse_numbers(
            SeedSource.SSQ,
            " ".join(map(str, [*rng.sample(range(1, 34), 6), rng.randint(1, 16)])),
        )
        for _one in range(n)
    ]


def test_each_entry_comes_to_each_place_equally_often():
    """Chi-square over 4,000 results; 99.9% of fair draws stay below 27.88 (9 degrees)."""
    rng = random.Random(13)
    codes = ["".join(rng.choices("23456789ABCDEFGHJKMNPQRSTUVWXYZ", k=12)) for _one in range(10)]
    counts = [[0] * 10 for _place in range(10)]
    results = seeds(4000, rng)
    for seed in results:
        for place, code in enumerate(order.drawn_order(seed, codes)):
            counts[place][codes.index(code)] += 1
    expected = len(results) / 10
    for place in (0, 1, 9):
        statistic = sum((n - expected) ** 2 / expected for n in counts[place])
        assert statistic < 27.88, (place, counts[place])


@pytest.mark.parametrize(
    ("source", "typed", "seed"),
    [
        ("ssq", "05 1 12，20、28,33+9", "01 05 12 20 28 33 09"),
        ("ssq", "33 28 20 12 05 01 09", "01 05 12 20 28 33 09"),
        ("ssq", "０１ 05 12 20 28 33 - 16", "01 05 12 20 28 33 16"),
        ("dlt", "35 01 02 03 04 12 01", "01 02 03 04 35 01 12"),
    ],
)
def test_results_are_read_however_they_are_typed(source, typed, seed):
    assert order.parse_numbers(SeedSource(source), typed) == seed


@pytest.mark.parametrize(
    "typed",
    ["", "x", "1 2 3 4 5 6", "1 2 3 4 5 6 7 8", "1 1 2 3 4 5 6", "0 2 3 4 5 6 7",
     "1 2 3 4 5 34 7", "1 2 3 4 5 6 17", "1 2 3 4 5 6 0", "9" * 5000],
)  # fmt: skip
def test_what_no_drawing_yields_is_refused(built_context, typed):
    with pytest.raises(ValueError, match=r"号码"):
        order.parse_numbers(SeedSource.SSQ, typed)


@given(st.text(max_size=60))
def test_anything_typed_is_a_result_or_refused(built_context, typed):
    with contextlib.suppress(ValueError):
        seed = order.parse_numbers(SeedSource.SSQ, typed)
        assert order.parse_numbers(SeedSource.SSQ, seed) == seed


@pytest.fixture(scope="module")
def built_context(built):
    with built.test_request_context():
        yield
