"""Work the scheduler looks for every few seconds: what people asked for, what is to be sent."""

from collections.abc import Callable
from dataclasses import dataclass

from webapp.caseload import phrase_meanings
from webapp.core import heartbeats
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.learning.services import retraining
from webapp.matches.suggestions import compute
from webapp.notices import delivery
from webapp.openings import catalogue_cache
from webapp.ops import background
from webapp.posts.services import publishing as posts_publishing
from webapp.tickets.services import suggesting


@dataclass(frozen=True)
class FrequentJob:
    """Work looked for every few seconds: what people asked for, and what is to be sent.

    ``work`` claims what it takes, so neither a second look nor a second scheduler does harm.
    """

    name: str
    work: Callable[[Database], object]
    seconds: int


def beat(db: Database) -> None:
    """Say that the scheduler is running."""
    with db.transaction(SYSTEM) as session:
        heartbeats.beat(session, heartbeats.SCHEDULER)


FREQUENT_JOBS = (
    FrequentJob("heartbeat", beat, 10),
    FrequentJob("background_jobs", background.work, 1),
    FrequentJob("suggest", compute.process_requests, 10),
    FrequentJob("opening_meanings", catalogue_cache.keep_meanings, 5),
    FrequentJob("resident_meanings", phrase_meanings.keep_meanings, 15),
    FrequentJob("ticket_suggestions", suggesting.suggest_for_new, 5),
    FrequentJob("publish_posts", posts_publishing.publish_due, 15),
    FrequentJob("outbox", delivery.deliver, 15),
    FrequentJob("train", retraining.process_request, 30),
)
