"""Bring a database to the newest schema; run by the command line before any worker starts."""

from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData

from webapp.db import Database, metadata

MODELS = (
    "webapp.accounts.models",
    "webapp.audit",
    "webapp.branches.models",
    "webapp.employers.models",
    "webapp.imports.models",
    "webapp.learning.models",
    "webapp.matches.models",
    "webapp.messages.models",
    "webapp.openings.models",
    "webapp.outbox",
    "webapp.piecework.models",
    "webapp.piecework.models_ledger",
    "webapp.piecework.models_money",
    "webapp.piecework.models_work",
    "webapp.residents.models",
    "webapp.runs",
)


def all_tables() -> MetaData:
    """Return the metadata with every part's tables in it."""
    for module in MODELS:
        import_module(module)
    return metadata()


def upgrade(database: Database) -> None:
    """Apply the migrations that are missing, in one transaction; none missing does nothing."""
    with database.write_engine.begin() as connection:
        command.upgrade(_config(connection), "head")


def differences(database: Database) -> list[object]:
    """Return how the models differ from the database; empty when migrations are complete."""
    with database.read_engine.connect() as connection:
        found: list[object] = compare_metadata(MigrationContext.configure(connection), all_tables())
    return found


def new_revision(database: Database, message: str, revision: str) -> None:
    """Write a migration for what the models have and the database has not (developers)."""
    with database.write_engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=revision)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
