"""The registry: every figure that is published, by topic, with the query that counts it."""

from functools import cache

from webapp.oversight.figures import YEAR, Derived, Figure, Topic
from webapp.oversight.topics import (
    courses,
    jobs,
    pay,
    piecework,
    promises,
    spot_checks,
    suggestions,
    tickets,
    visits,
    work,
)

TOPICS: tuple[Topic, ...] = (
    work.TOPIC,
    jobs.TOPIC,
    tickets.TOPIC,
    courses.TOPIC,
    piecework.TOPIC,
    pay.TOPIC,
    promises.TOPIC,
    spot_checks.TOPIC,
    visits.TOPIC,
    suggestions.TOPIC,
)


@cache
def by_id() -> dict[str, Figure | Derived]:
    """Return id → figure, of all topics, in their order."""
    return {
        one.id: one for topic in TOPICS for group in (topic.figures, topic.derived) for one in group
    }


@cache
def counted() -> dict[str, Figure]:
    """Return id → figure that is stored, the year's sums of flows among them."""
    found = {}
    for topic in TOPICS:
        for one in topic.figures:
            found[one.id] = one
            if one.flow:
                found[one.id + YEAR] = one
    return found


def topic_of(figure: str) -> Topic:
    """Return the topic a figure stands in."""
    return next(
        topic
        for topic in TOPICS
        if any(one.id == figure for group in (topic.figures, topic.derived) for one in group)
    )
