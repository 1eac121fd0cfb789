"""Do the background jobs of a test now, as the scheduler would."""

from flask import Flask

from webapp.ops import background


def do_jobs(app: Flask) -> int:
    """Do what waits; return how many jobs there were."""
    with app.app_context():
        return background.work(app.extensions["database"])
