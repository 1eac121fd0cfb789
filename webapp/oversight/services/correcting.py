"""Correct a frozen month: what was published stays beside what is published instead."""

from datetime import date

from flask_babel import gettext as _
from sqlmodel import Session

from webapp.core import audit
from webapp.core.access import Actor
from webapp.core.errors import NotFound, Refused
from webapp.oversight.figures import Period
from webapp.oversight.models import FrozenMonth
from webapp.oversight.policy import require_keeper
from webapp.oversight.services import freezing, publishing
from webapp.oversight.stored import editions, with_years
from webapp.oversight.topics import TOPICS, counted


def correct(session: Session, actor: Actor, *, month: date, reason: str) -> FrozenMonth:
    """Count a frozen month anew and publish what differs beside what was published.

    The sums of the months of that year after it follow. Raises ``NotFound`` for a month that is
    not frozen, ``Refused`` where nothing differs.
    """
    require_keeper(actor)
    known = freezing.latest(editions(session))
    if month not in known:
        raise NotFound
    counted_anew: dict[str, int | None] = {}
    for topic in TOPICS:
        counted_anew |= topic.recount(session, Period.of(month)) if topic.recount else {}
    head = None
    for one in sorted(each for each in known if each >= month and each.year == month.year):
        every = editions(session)
        latest = freezing.latest(every)
        found = {id_: value.value for id_, value in latest[one].values.items()}
        found |= counted_anew if one == month else {}
        found = with_years(found, one, latest.get(Period.of(one).before.first))
        before = latest[one].values
        changed = {
            id_: value
            for id_, value in found.items()
            if id_ in counted() and (id_ not in before or before[id_].value != value)
        }
        if changed:
            words = reason if one == month else _("跟着%(n)d月改的", n=month.month)
            written = freezing.write_edition(session, actor, every, one, changed, words)
            head = head or written
    if head is None:
        raise Refused(_("重新数过了，和定下来的一样，没有要改的"))
    publishing.publish(session)
    audit.record(session, "oversight.correct", head, month=month.isoformat())
    return head
