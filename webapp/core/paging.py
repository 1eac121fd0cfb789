"""Long lists in pages of 20: which page was asked for, and how to reach the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import g, has_request_context, request, url_for
from sqlalchemy import Select, func, select
from sqlmodel import Session

from webapp.core.converters import LARGEST_ID

SIZE = 20
#: As many rows a list has when it is taken away as a file.
MOST_EXPORTED = 500
_MOST_DIGITS = 6


@dataclass(frozen=True)
class Page:
    """One page of a list, as components/pagination.html draws its neighbours.

    ``rows`` are the statement's rows; ``number`` counts from 1; ``total`` counts all rows.
    """

    rows: list[Any]
    number: int
    pages: int
    total: int

    def __post_init__(self) -> None:
        """Tell who takes the whole list away in how many parts it comes."""
        if has_request_context() and g.get("whole_list"):
            g.list_pages = self.pages

    @property
    def export_href(self) -> str:
        """Where the whole list may be taken away, for lists of staff and admin; else empty."""
        if not request.path.startswith(("/staff/", "/admin/")) or request.method != "GET":
            return ""
        kept = [(key, one) for key, every in request.args.lists() for one in every if key != "page"]
        of = request.path + (f"?{urlencode(kept)}" if kept else "")
        return url_for("list_export.export", of=of)

    def href(self, number: int) -> str:
        """Return the address of another page of the list now shown, its filters kept."""
        kept: dict[str, Any] = dict(request.args.lists())
        kept.pop("page", None)
        # Parameters of url_for itself begin with an underscore: none of ours do.
        kept = {key: value for key, value in kept.items() if not key.startswith("_")}
        return url_for(request.endpoint or "", **{**kept, **(request.view_args or {})}, page=number)


def asked_number() -> int:
    """Return the page number in the address; 1 if it is missing or invalid."""
    text = request.args.get("page", "")
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        return 1
    return max(int(text), 1)


def asked_id(name: str) -> int | None:
    """Return the id of this name in the address; ``None`` if it is missing or cannot be one."""
    text = request.args.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > len(str(LARGEST_ID)):
        return None
    number = int(text)
    return number if 0 < number <= LARGEST_ID else None


def page_size(size: int = SIZE) -> int:
    """Return how many rows a page has: ``size``, or all that a file of the list may have."""
    return MOST_EXPORTED if has_request_context() and g.get("whole_list") else size


def page_of(rows: Sequence[Any], *, size: int = SIZE) -> Page:
    """Return the page asked for of rows in memory; beyond the end, the last page."""
    size = page_size(size)
    pages = max(-(-len(rows) // size), 1)
    number = min(asked_number(), pages)
    return Page(list(rows[(number - 1) * size : number * size]), number, pages, len(rows))


def paginate(
    session: Session,
    statement: Select[Any],
    *,
    size: int = SIZE,
    counted: Select[Any] | None = None,
) -> Page:
    """Return the page asked for of an ordered ``statement``; beyond the end, the last page.

    ``counted`` counts its rows where that can be done with less than the statement itself.
    """
    size = page_size(size)
    if counted is None:
        counted = select(func.count()).select_from(statement.order_by(None).subquery())
    total = session.execute(counted).scalar_one()
    pages = max(-(-total // size), 1)
    number = min(asked_number(), pages)
    rows = session.execute(statement.limit(size).offset((number - 1) * size)).all()
    return Page(list(rows), number, pages, total)
