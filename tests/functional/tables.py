"""What stands in the tables after a step."""

from typing import Any

from sqlmodel import SQLModel, func, select

from webapp.core.db import Database


def count(db: Database, table: type[SQLModel]) -> int:
    """Return how many rows a table has."""
    with db.reader() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def all_of(db: Database, table: Any) -> list[Any]:
    """Return the rows of a table in the order they were written."""
    with db.reader() as session:
        return list(session.exec(select(table).order_by(table.id)).all())


def reload(db: Database, table: Any, id_: int) -> Any:
    """Return a row as it stands now, or ``None`` when it is gone."""
    with db.reader() as session:
        return session.get(table, id_)
