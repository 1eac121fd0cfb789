"""Find whom and what a filter of the audit trail names, by what people call it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.admin.presentation.audit import SUBJECTS
from webapp.core.converters import LARGEST_ID
from webapp.employers.models import Employer
from webapp.openings.models import Opening
from webapp.residents.models import Resident

#: So many of a name are looked for; more of them call for more of the name.
MOST = 20
_NAMED: dict[str, Any] = {
    "resident": Resident.name,
    "employer": Employer.name,
    "opening": Opening.title,
    "account": Account.name,
}
_SHORTEST_NUMBER = 3  # fewer digits fit everybody


def is_named(text: str) -> Any:
    """Return the condition that an account has this in its name, or in its number."""
    ways = [col(Account.name).contains(text, autoescape=True)]
    if text.isascii() and text.isdigit() and len(text) >= _SHORTEST_NUMBER:
        ways.append(col(Account.phone).contains(text))
    return or_(*ways)


def accounts(session: Session, text: str) -> Sequence[Any]:
    """Return (id, name, role) of those called so, at most one more than :data:`MOST`."""
    return session.execute(
        select(col(Account.id), col(Account.name), col(Account.role))
        .where(is_named(text))
        .order_by(col(Account.name), col(Account.id))
        .limit(MOST + 1)
    ).all()


def subjects(session: Session, text: str) -> tuple[list[str], bool]:
    """Return what is called so, as the trail names it: people, employers, openings, accounts.

    A kind of thing with its number, 「居民 12」, is that thing. Of each kind at most :data:`MOST`
    are found; whether there are more is said beside them.
    """
    words, _space, number = text.rpartition(" ")
    if words and number.isascii() and number.isdecimal() and int(number) <= LARGEST_ID:
        return [
            f"{table}:{int(number)}" for table, name in SUBJECTS.items() if name == words
        ], False
    found, left = [], False
    for table, named in _NAMED.items():
        ids = session.execute(
            select(named.class_.id)
            .where(named.contains(text, autoescape=True))
            .order_by(named.class_.id)
            .limit(MOST + 1)
        ).all()
        left |= len(ids) > MOST
        found += [f"{table}:{row.id}" for row in ids[:MOST]]
    return found, left
