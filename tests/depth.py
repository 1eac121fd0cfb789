"""How deep Hypothesis looks: a little in every run of the suite, long in `make drill`.

``FUMIN_HYPOTHESIS_PROFILE=deep`` chooses the long look. In neither does time alone fail a test:
a busy machine is slow, and that is no fault of what is tested.
"""

import os

from hypothesis import HealthCheck, settings

PROFILE = os.environ.get("FUMIN_HYPOTHESIS_PROFILE", "quick")
_TIMES = {"quick": 1, "deep": 10}

for _name, _times in _TIMES.items():
    settings.register_profile(
        _name,
        deadline=None,
        max_examples=100 * _times,
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
    )


def load() -> None:
    """Take the profile chosen; tests read it when they are imported."""
    settings.load_profile(PROFILE)


def examples(few: int, *, deep: int | None = None) -> int:
    """Return how many examples a costly test tries: ``few``, or in depth ``deep`` (ten times)."""
    if PROFILE == "deep":
        return deep or few * _TIMES["deep"]
    return few
