"""The table behind the readers: every row is used, compiles, and stands once."""

import re
from collections import Counter
from pathlib import Path

import pytest

import matching.extraction
from matching.eligibility.certificates import DRIVING_INCLUDES
from matching.extraction.illegal_conditions import CODES
from matching.extraction.person import LEVELS
from matching.extraction.residents import extract_resident
from matching.utils.reference_tables import data_path, read_table

ROWS = list(read_table(data_path("extraction_terms.csv")))
PACKAGE = Path(matching.extraction.__file__).parent
REACHES = {"home", "estate", "street", "district", "city", "anywhere"}
LIMITS = {
    "standing", "walking", "lifting", "stairs", "outdoors", "heights", "night", "fine_hand",
    "two_hands", "eyesight", "hearing", "speech", "reading", "smartphone", "customer_contact",
}  # fmt: skip
# Kinds whose rows carry a code, with the codes there are.
CODED = {
    "illegal": set(CODES),
    "education": set(LEVELS),
    "person_education": set(LEVELS),
    "limits": LIMITS,
    "reach": REACHES,
}


def test_every_pattern_compiles_and_stands_once() -> None:
    for row in ROWS:
        re.compile(row["pattern"])
    counted = Counter((row["kind"], row["pattern"]) for row in ROWS if row["kind"] != "limits")
    assert [row for row, times in counted.items() if times > 1] == []


def test_codes_are_those_of_their_field() -> None:
    for kind, codes in CODED.items():
        assert {row["code"] for row in ROWS if row["kind"] == kind} == codes, kind
    assert not any(row["code"] for row in ROWS if row["kind"] not in CODED)


@pytest.mark.parametrize("kind", sorted({row["kind"] for row in ROWS}))
def test_every_kind_is_read(kind: str) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py"))
    assert f'"{kind}"' in code or f"'{kind}'" in code


def test_no_pattern_matches_nothing_at_all() -> None:
    for row in ROWS:
        if row["kind"] not in {"hours_join", "wish_tail"}:
            assert not re.compile(row["pattern"]).fullmatch(""), row


def test_bare_driving_classes_are_known_ones() -> None:
    for name in ("A1", "B2", "C1"):
        assert name.lower() in DRIVING_INCLUDES
        assert extract_resident(f"会开车，{name}，44")["certificates"] == [name]
