"""Rows of the audit trail in words, with the names of whom and what they speak of."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlmodel import Session

from webapp.admin.presentation.audit import FORMER_ACTIONS, action_words
from webapp.admin.presentation.details import detail_words, ids_in
from webapp.admin.presentation.reveals import REVEALS
from webapp.admin.queries import subject_names
from webapp.admin.queries.subject_names import Thing
from webapp.core.access import Actor, may_open
from webapp.core.labels import label


@dataclass(frozen=True)
class Entry:
    """One row in words.

    ``reveals``: somebody read what is kept from others; ``narrows``: the trail can be asked for
    this thing alone.
    """

    at: datetime
    who: str
    who_href: str
    did: str
    subject: str
    thing: Thing
    details: str
    reveals: bool
    narrows: bool


def worded(session: Session, actor: Actor, rows: Sequence[Any]) -> list[Entry]:
    """Return the rows as ``actor`` may read them, in one query for each table they name."""
    things = subject_names.things(session, actor, [row.subject for row in rows])
    names = _names(session, [row.details for row in rows])
    to_account = may_open(actor, "admin.account")
    return [
        Entry(
            at=row.at,
            who=_who(row),
            who_href=url_for("admin.account", account_id=row.account_id)
            if row.name and to_account
            else "",
            did=action_words(row.action),
            subject=row.subject,
            thing=things[row.subject],
            details=detail_words(row.details, names),
            reveals=FORMER_ACTIONS.get(row.action, row.action) in REVEALS,
            narrows=row.subject.rpartition(":")[2].isdecimal(),
        )
        for row in rows
    ]


def _who(row: Any) -> str:
    if row.name:
        return _("%(name)s（%(role)s）", name=row.name, role=label(row.role))
    if row.account_id is not None:
        return _("账号 %(number)s", number=row.account_id)
    return _("没有登录的人或系统")


def _names(session: Session, details: Iterable[dict[str, Any]]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for one in details:
        for table, id_ in ids_in(one):
            wanted[table].add(id_)
    return {
        (table, id_): name
        for table, ids in wanted.items()
        for id_, name in subject_names.names_of(session, table, ids).items()
    }
