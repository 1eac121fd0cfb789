"""The catalogue of the running application: one for each process, kept between requests."""

from flask import current_app
from sqlmodel import Session

from webapp.openings.queries.catalogue import Catalogue, Shown


def shown(session: Session) -> Shown:
    """Return the running application's open openings."""
    catalogue = current_app.extensions.get("openings_catalogue")
    if catalogue is None:
        catalogue = current_app.extensions.setdefault("openings_catalogue", Catalogue())
    now_shown: Shown = catalogue.shown(session)
    return now_shown
