"""Rows of the rule book in memory: one small query a request tells whether they changed."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TypeVar

from flask import current_app, g, has_app_context, has_request_context
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core.db import get_db, reader
from webapp.rulebook.models import DangerWord, RuleFigure, WordingRule

Rows = TypeVar("Rows")

FIGURES = select(func.count(), func.max(col(RuleFigure.id)), func.max(RuleFigure.confirmed_at))
WORDINGS = select(func.count(), func.max(col(WordingRule.id)), func.count(col(WordingRule.until)))

DANGERS = select(func.count(), func.max(col(DangerWord.id)), func.count(col(DangerWord.until)))


def remembered(key: str, version: Any, load: Callable[[Session], Rows], otherwise: Rows) -> Rows:
    """Return what ``load`` gives, read anew only when ``version`` (a statement) has changed.

    Without an application (a script, a test of plain functions) there is no database to ask:
    then ``otherwise``.
    """
    if not has_app_context() or "database" not in current_app.extensions:
        return otherwise
    if key in g:
        rows: Rows = g.get(key)
        return rows
    # A request has a session to read with; a job opens one for the moment.
    with nullcontext(reader()) if has_request_context() else get_db().reader() as session:
        now = tuple(session.execute(version).one())
        known = current_app.extensions.get(key)
        if known is None or known[0] != now:
            known = current_app.extensions[key] = (now, load(session))
    setattr(g, key, known[1])
    return known[1]


def forget(key: str) -> None:
    """Ask the database again: this request has just changed the rows."""
    if has_app_context():
        g.pop(key, None)
