"""What the rows of the audit trail are about: names in place of ids, and where to look at it.

Tables say by themselves what their rows are called: by a name or title of their own, or by the
person, opening or course they belong to. A link is given to whoever may open the page it leads to.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import url_for
from sqlalchemy import Select, Table, func, select
from sqlalchemy.sql import FromClause
from sqlmodel import Session, col

from webapp.admin.presentation.audit import FORMER_SUBJECTS, subject_words
from webapp.core.access import Actor, may_open
from webapp.core.db import metadata
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.posts.lifecycle import PostState
from webapp.posts.models import Post
from webapp.residents.models import Resident
from webapp.rulebook.presentation import name_words

#: Columns that name a row, and columns that lead to what it is called by, in order.
_OWN = ("name", "title", "word")
_FOLLOWED = (
    "resident_id", "opening_id", "match_id", "course_id", "enrolment_id", "order_id",
    "assignment_id", "household_id", "venture_id", "case_id", "thread_id", "meeting_id", "run_id",
    "request_id", "help_id", "call_id", "employer_id", "branch_id", "account_id",
)  # fmt: skip
_DEEPEST = 4
#: What these are about was told in confidence to those who see to it; the trail gives the number.
PRIVATE = frozenset(
    {
        "contact", "employer_complaint", "long_case", "long_case_paper", "long_case_step",
        "payment_call", "policy_claim", "policy_finding", "standing_service", "standing_visit",
        "ticket", "ticket_blank_form", "ticket_event", "ticket_photo", "ticket_suggestion",
        "work_need",
    }
)  # fmt: skip

#: Pages of one thing, each with the name of its id.
_PAGES: dict[str, tuple[str, str]] = {
    "account": ("admin.account", "account_id"),
    "resident": ("caseload.resident", "resident_id"),
    "employer": ("caseload.employer", "employer_id"),
    "match": ("matches.show", "match_id"),
    "model_version": ("learning.show", "version_id"),
    "branch": ("branches.branch", "branch_id"),
}
#: Pages on which all things of a kind stand.
_LISTS = {
    "danger_word": "rulebook.dangers",
    "outside_channel": "messages.admin_channels",
    "policy_check": "rights.policy_list",
    "policy_counter": "rights.policy_list",
    "report_column": "oversight.settings",
    "rule_figure": "rulebook.figures",
    "wording_rule": "rulebook.wordings",
}
#: Pages for everybody, of those that are public at present.
_PUBLIC: dict[str, tuple[str, str, Any]] = {
    "opening": ("openings.show", "opening_id", Opening.state == OpeningState.PUBLISHED),
    "post": ("posts.show", "post_id", Post.state == PostState.PUBLISHED),
}
_READ_AS: dict[str, Callable[[str], str]] = {"rule_figure": name_words}


@dataclass(frozen=True)
class Thing:
    """What was acted on: in words, by its name where it has one, with the page that shows it."""

    words: str
    name: str = ""
    href: str = ""

    @property
    def full(self) -> str:
        """Return its name with its kind and number, which tells it from others called so."""
        return f"{self.name}（{self.words}）" if self.name else self.words


def things(session: Session, actor: Actor, subjects: Iterable[str]) -> dict[str, Thing]:
    """Return what each subject is, in one query a table."""
    asked = set(subjects)
    ids: dict[str, set[int]] = defaultdict(set)
    for subject in asked:
        table, number = _parts(subject)
        if number is not None:
            ids[table].add(number)
    names = {table: names_of(session, table, numbers) for table, numbers in ids.items()}
    public = {table: _public_of(session, table, ids[table]) for table in _PUBLIC if table in ids}
    found = {}
    for subject in asked:
        table, number = _parts(subject)
        name = names.get(table, {}).get(number, "") if number is not None else ""
        found[subject] = Thing(
            words=subject_words(subject),
            name=name,
            href=public[table].get(number or 0, "")
            if table in public
            else _page(actor, table, number)
            if name or table in _LISTS
            else "",
        )
    return found


def names_of(session: Session, table: str, ids: Iterable[int]) -> dict[int, str]:
    """Return id → name of the rows that have one: what is gone, or private, has none."""
    statement = _statement(table)
    wanted = sorted(set(ids))
    if statement is None or not wanted:
        return {}
    read = _READ_AS.get(table, str)
    rows = session.execute(statement.where(statement.selected_columns.id.in_(wanted)))
    return {
        row[0]: "、".join(dict.fromkeys(read(part) for part in row[1:] if part)) for row in rows
    }


def _parts(subject: str) -> tuple[str, int | None]:
    table, _colon, number = subject.partition(":")
    table = FORMER_SUBJECTS.get(table, table)
    return table, int(number) if number.isascii() and number.isdecimal() else None


def _public_of(session: Session, table: str, ids: set[int]) -> dict[int, str]:
    endpoint, argument, is_public = _PUBLIC[table]
    (column,) = {part for part in is_public.left.table.c if part.name == "id"}
    shown = session.execute(select(column).where(column.in_(sorted(ids)), is_public)).scalars()
    return {id_: _address(endpoint, argument, id_) for id_ in shown}


def _page(actor: Actor, table: str, number: int | None) -> str:
    if table in _LISTS:
        return url_for(_LISTS[table]) if may_open(actor, _LISTS[table]) else ""
    if table not in _PAGES or number is None:
        return ""
    endpoint, argument = _PAGES[table]
    return _address(endpoint, argument, number) if may_open(actor, endpoint) else ""


def _address(endpoint: str, argument: str, number: int) -> str:
    values: dict[str, Any] = {argument: number}
    return url_for(endpoint, **values)


@cache
def _statement(name: str) -> Select[Any] | None:
    """Return the statement (id, parts of the name …) of a table; ``None`` where rows have none."""
    table = metadata().tables.get(name)
    if table is None or name in PRIVATE:
        return None
    own: FromClause = table.alias()
    columns, joins = _named(table, own, 0)
    if not columns:
        return None
    source = own
    for other, condition in joins:
        source = source.outerjoin(other, condition)
    labelled = [column.label(f"part_{n}") for n, column in enumerate(columns)]
    return select(own.c.id, *labelled).select_from(source)


def _named(table: Table, own: FromClause, depth: int) -> tuple[list[Any], list[tuple[Any, Any]]]:
    """Return the columns that name a row, and the tables to be joined for them."""
    for name in _OWN:
        if name in table.c:
            return [own.c[name]], []
    if table.name == "household":
        return [_of_household(own)], []
    columns: list[Any] = []
    joins: list[tuple[Any, Any]] = []
    for key in _FOLLOWED if depth < _DEEPEST else ():
        if key not in table.c or len(columns) >= 2:
            continue
        (foreign, *_rest) = table.c[key].foreign_keys or (None,)
        if foreign is None or foreign.column.table.name in PRIVATE:
            continue
        other = foreign.column.table
        if foreign.column.name != "id":
            continue
        aliased = other.alias()
        more, further = _named(other, aliased, depth + 1)
        if more:
            columns += more
            joins += [(aliased, aliased.c.id == own.c[key]), *further]
    return columns, joins


def _of_household(own: FromClause) -> Any:
    """Return a household's name: that of one of its people, in place of its address."""
    return (
        select(func.min(col(Resident.name)))
        .where(col(Resident.household_id) == own.c.id)
        .correlate(own)
        .scalar_subquery()
    )
