"""Application logs: to standard error, without personal data."""

import logging

from webapp.core import errors


def configure_logging() -> None:
    """Log to standard error, each line with its request's id and without personal data."""
    handler = logging.StreamHandler()
    handler.addFilter(errors.RequestIdFilter())
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # else two lines a tick
