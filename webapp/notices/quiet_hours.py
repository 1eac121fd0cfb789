"""The hours in which nothing is sent outside: dated rows of the house's rules."""

from datetime import datetime, timedelta

from webapp.core import clock
from webapp.rulebook.figures import rule


def next_allowed(moment: datetime) -> datetime:
    """Return ``moment`` if it is not quiet then, else the end of the quiet hours.

    Quiet is from ``quiet_from`` (an hour, Chongqing's time) up to, not including, the hour
    ``quiet_until``, over midnight when that is the earlier one; equal hours mean never.
    """
    here = clock.local(moment)
    start = rule("quiet_from", on=here.date())
    end = rule("quiet_until", on=here.date())
    over_midnight = start > end
    in_hours = here.hour >= start or here.hour < end if over_midnight else start <= here.hour < end
    if not in_hours:
        return moment
    morning = here.replace(hour=end, minute=0, second=0, microsecond=0)
    if over_midnight and here.hour >= start:
        morning += timedelta(days=1)
    return morning.astimezone(moment.tzinfo)
