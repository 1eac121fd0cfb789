"""The demo's staff decide by what no record says, and by chance."""

from random import Random

import pytest

from matching.ranking.prior import WEIGHTS
from webapp.demo.content import read
from webapp.demo.matches import taste
from webapp.matches.reason_codes import DismissReason

NAMES = {row["key"]: row["name"] for row in read("employers")}
LIKED = {
    "alone": False,
    "age": 40,
    "employer": NAMES["songhe"],
    "place": "重庆市/九龙坡区/华岩镇/华岩寺",
    "at_home": False,
    "hours": [{"days": "12345", "start": "08:30", "end": "17:30"}],
    "demands": [],
}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"place": "重庆市/沙坪坝区/西永街道/微电园"}, DismissReason.TOO_FAR),
        ({"hours": [{"days": "1234567", "start": "08:00", "end": "20:00"}]}, DismissReason.HOURS),
        ({"employer": NAMES["laozao"]}, DismissReason.OTHER),
        ({"alone": True, "at_home": True}, DismissReason.KNOWN_UNFIT),
        ({"age": 55, "demands": ["stairs"]}, DismissReason.TOO_HARD),
    ],
)
def test_each_thing_staff_know_counts_against_and_is_named(change, reason):
    liked = taste.parts(taste.Pair(**LIKED))
    found = taste.parts(taste.Pair(**{**LIKED, **change}))
    assert sum(found.values()) < sum(liked.values())
    assert min(found, key=found.get) is reason
    draw = Random(0)
    said = [taste.decide(taste.Pair(**{**LIKED, **change}), draw) for _ in range(300)]
    handed_on = sum(one is None for one in said)
    often = sum(taste.decide(taste.Pair(**LIKED), draw) is None for _ in range(300))
    assert 0 < handed_on < often < 300
    assert {one for one in said if one} == {reason}


def test_the_lists_of_names_hold_known_employers_once():
    said = [*taste.WELL_SPOKEN_OF, *taste.ILL_SPOKEN_OF]
    assert set(said) <= set(NAMES)
    assert len(set(said)) == len(said)


def test_the_prior_knows_nothing_of_employers_or_living_alone():
    """What it weighs of an employer is the person's own past with it."""
    assert {one for one in WEIGHTS if "employer" in one} == {"past_employer", "negative_employer"}
