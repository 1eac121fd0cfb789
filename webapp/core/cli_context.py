"""What the commands of the parts need of the program that runs them."""

from collections.abc import Callable

import click
from flask import Flask

from webapp.core.db import Database


def build_app() -> tuple[Flask, Database]:
    """Build the application for the running command; its database is closed when that ends.

    ``fumin`` hands its parts' commands the factory, so that no part imports the whole.
    """
    context = click.get_current_context()
    create_app: Callable[[], Flask] = context.find_root().obj
    app = create_app()
    database: Database = app.extensions["database"]
    context.call_on_close(database.dispose)
    return app, database
