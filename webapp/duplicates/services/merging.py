"""Move all rows that reference one row to another, and back.

Which tables point to a resident or an opening is read from the schema, so that a part added
later is carried along too.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Table, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

# Computed anew for whoever is kept, and never part of a history.
_LEFT_BEHIND = frozenset({"suggestion_request"})


def carry(session: Session, table: str, *, source: int, target: int) -> list[dict[str, Any]]:
    """Point the rows of ``source`` to ``target``; return what moved, for :func:`carry_back`.

    A row that the target has one of already (a unique constraint says so) stays where it is.
    """
    moved = []
    for there, column in _references(table):
        rows = session.execute(
            select(there.c.id).where(column == source).order_by(there.c.id)
        ).scalars()
        gone = [row for row in rows.all() if _moves(session, there, column, row, target)]
        if gone:
            moved.append({"table": there.name, "column": column.name, "ids": gone})
    return moved


def carry_back(
    session: Session, moved: Iterable[dict[str, Any]], *, source: int, target: int
) -> None:
    """Point rows that :func:`carry` moved to ``target`` back to ``source``.

    What has been deleted meanwhile, or carried further, stays as it is.
    """
    for one in moved:
        there = SQLModel.metadata.tables[one["table"]]
        column = there.c[one["column"]]
        session.execute(
            update(there)
            .where(there.c.id.in_(one["ids"]), column == target)
            .values({column.name: source})
        )
    session.expire_all()


def _moves(session: Session, there: Table, column: Column[Any], row: int, target: int) -> bool:
    try:
        with session.begin_nested():
            session.execute(update(there).where(there.c.id == row).values({column.name: target}))
    except IntegrityError:
        return False
    return True


def _references(table: str) -> list[tuple[Table, Column[Any]]]:
    """Return the columns of other tables that point to ``table``, in a steady order."""
    return [
        (there, key.parent)
        for there in SQLModel.metadata.sorted_tables
        if there.name not in {table, *_LEFT_BEHIND} and "id" in there.c
        for key in sorted(there.foreign_keys, key=lambda key: key.parent.name)
        if key.column.table.name == table
    ]
