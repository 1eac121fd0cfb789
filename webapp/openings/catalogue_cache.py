"""The catalogue of the running application: one for each process, kept between requests."""

from flask import current_app
from sqlmodel import Session

from webapp.core.db import Database
from webapp.engine import meanings
from webapp.openings.queries.catalogue import Catalogue, Shown

_KEPT_FOR = "openings_with_meanings"


def shown(session: Session) -> Shown:
    """Return the running application's open openings."""
    catalogue = current_app.extensions.get("openings_catalogue")
    if catalogue is None:
        catalogue = current_app.extensions.setdefault("openings_catalogue", Catalogue())
    now_shown: Shown = catalogue.shown(session)
    return now_shown


def keep_meanings(db: Database) -> int:
    """Have the meanings of openings that are new to searches worked out; return how many.

    Done by the scheduler; nothing is read while nothing has changed since its last time.
    """
    with db.reader() as session:
        now_shown = shown(session)
    if current_app.extensions.get(_KEPT_FOR) == now_shown.key:
        return 0
    records = [entry.posting.opening for entry in now_shown.entries]
    done = meanings.keep_opening_meanings(db, records)
    current_app.extensions[_KEPT_FOR] = now_shown.key
    return done
