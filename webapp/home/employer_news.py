"""What waits for an employer: each kind counted by the statement that its page lists.

So a figure and the list behind it cannot say different things. The navigation shows the sums.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from sqlalchemy import func, select
from sqlmodel import Session

from webapp.core.access import Actor
from webapp.core.labels import LabelledEnum
from webapp.matches.queries.applicants import AwaitedFor, applicants
from webapp.messages.queries import inboxes
from webapp.openings.queries.own_openings import OwnWork, own_openings


class Unread(LabelledEnum):
    """What is new among the messages."""

    UNREAD = "unread", "没看过的消息"


_Kind = AwaitedFor | OwnWork | Unread


@dataclass(frozen=True)
class News:
    """One kind of thing that waits: how many, and the page that lists exactly those."""

    kind: _Kind
    count: int
    endpoint: str

    @property
    def words(self) -> str:
        """What it is."""
        return self.kind.label

    @property
    def href(self) -> str:
        """Where exactly those stand."""
        return url_for(self.endpoint, show=self.kind.value)


_LISTS: tuple[tuple[str, type[_Kind], Callable[[Actor, Any], Any]], ...] = (
    ("matches.applicants", AwaitedFor, applicants),
    (
        "messages.employer_inbox",
        Unread,
        lambda actor, _kind: inboxes.inbox(actor, unread_only=True),
    ),
    ("openings.mine", OwnWork, own_openings),
)


def read_news(session: Session, actor: Actor) -> list[News]:
    """Return what waits for the actor's organisation, in the order of urgency; one query."""
    if "employer_news" not in g:
        kinds = [(at, kind, of) for at, kinds, of in _LISTS for kind in kinds]
        counts = session.execute(
            select(
                *(
                    select(func.count())
                    .select_from(of(actor, kind).order_by(None).subquery())
                    .scalar_subquery()
                    for _at, kind, of in kinds
                )
            )
        ).one()
        g.employer_news = [
            News(kind, count, at) for (at, kind, _of), count in zip(kinds, counts, strict=True)
        ]
    news: list[News] = g.employer_news
    return news


def badges(session: Session, actor: Actor) -> dict[str, int]:
    """Return by endpoint of the navigation how much is new there.

    Who waits too long is one of those already counted.
    """
    sums: dict[str, int] = {}
    for one in read_news(session, actor):
        if one.kind is not AwaitedFor.SILENT:
            sums[one.endpoint] = sums.get(one.endpoint, 0) + one.count
    return sums
