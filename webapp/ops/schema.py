"""Bring a database to the newest schema; run by the command line before any worker starts."""

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from webapp.core.db import Database, metadata

_WEBAPP = Path(__file__).parents[1]


def all_tables() -> MetaData:
    """Return the metadata with the tables of every part in it.

    Tables stand in ``<part>/models.py`` or in the modules of ``<part>/models/``, so a new part
    is found by itself; ``tests/test_consistency.py`` refuses a table anywhere else.
    """
    for part in pkgutil.iter_modules([str(_WEBAPP)]):
        if part.ispkg and find_spec(f"webapp.{part.name}.models"):
            models = import_module(f"webapp.{part.name}.models")
            for module in pkgutil.iter_modules(getattr(models, "__path__", [])):
                import_module(f"{models.__name__}.{module.name}")
    return metadata()


def upgrade(database: Database, *, target: str = "head") -> None:
    """Apply the migrations missing up to ``target``, in one transaction; none missing does nothing.

    SQLite changes a table by writing it anew and dropping the old one, which would take along
    all rows that hang on it: foreign keys are off meanwhile and compared at the end.
    """
    with database.write_engine.connect() as connection:
        _set_foreign_keys(connection, on=False)
        try:
            with connection.begin():
                command.upgrade(_config(connection), target)
                _refuse_loose_ends(connection)
        finally:
            _set_foreign_keys(connection, on=True)


def _set_foreign_keys(connection: Connection, *, on: bool) -> None:
    """Switch SQLite's foreign keys, which it does outside transactions alone."""
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def _refuse_loose_ends(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        loose = connection.execute(text("PRAGMA foreign_key_check")).all()
        if loose:
            raise RuntimeError(f"the migration left rows pointing nowhere: {loose[:5]}")


def differences(database: Database) -> list[object]:
    """Return how the models differ from the database; empty when migrations are complete."""
    with database.read_engine.connect() as connection:
        found: list[object] = compare_metadata(MigrationContext.configure(connection), all_tables())
    return found


def new_revision(database: Database, message: str, *, empty: bool = False) -> Path:
    """Write a migration for what the models have and the database has not (developers).

    With ``empty`` it holds nothing yet: CHECK constraints and triggers are not compared, their
    changes are written by hand. Returns its file, numbered one above the highest. Raises
    ``ValueError`` when there is nothing to write, or when the database lacks migrations that
    exist already.
    """
    if not empty and not differences(database):
        raise ValueError("the models and the database are the same: there is nothing to migrate")
    with database.write_engine.begin() as connection:
        config = _config(connection)
        scripts = ScriptDirectory.from_config(config)
        newest = scripts.get_current_head()
        if MigrationContext.configure(connection).get_current_revision() != newest:
            raise ValueError("the database is not up to date: run `fumin db upgrade` first")
        # Work that was done side by side may leave a higher number below the newest.
        highest = max(int(one.revision) for one in scripts.walk_revisions())
        number = f"{highest + 1:04}"
        written = command.revision(config, message, autogenerate=not empty, rev_id=number)
    if not isinstance(written, Script):
        raise TypeError("Alembic wrote more than one migration")
    return Path(written.path)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_WEBAPP / "migrations"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
