"""The demo's class that is on while it is looked at, at whatever hour it is loaded."""

from datetime import datetime, timedelta

import pytest

from webapp.core import clock
from webapp.demo import attendance


@pytest.mark.parametrize("hour", range(24))
def test_one_class_is_on_now_and_none_in_the_next_days(hour):
    """Trial days of the demo are agreed on for the next days, by people of this class too."""
    now = datetime(2026, 12, 31, hour, 40, tzinfo=clock.LOCAL)
    meetings = attendance._meetings(now)
    assert [begins <= now < ends for begins, ends in meetings].count(True) == 1
    assert meetings == sorted(meetings)
    assert meetings[0][1] + timedelta(hours=1) < now  # typed in from paper by now
    soon = [one for one, _ends in meetings if timedelta(hours=3) < one - now < timedelta(days=6)]
    assert soon == []
