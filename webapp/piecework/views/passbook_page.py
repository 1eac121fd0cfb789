"""A passbook (领料存折) to read and to print, for its household and for staff alike."""

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import segno
from flask import render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.formatting import month_words, short_name, yuan
from webapp.core.paging import asked_id, page_of
from webapp.piecework.presentation.passbook_text import book_rows, fen_words
from webapp.piecework.queries import book
from webapp.piecework.queries.assignments import people_of
from webapp.residents.models import Household

#: Lines on one page of the screen; the print has all of them.
LINES = 30


def asked_lines() -> book.Asked:
    """Return which lines the address asks for; raises ``NotFound`` for what cannot be meant."""
    order_id, month = asked_id("order"), request.args.get("month", "")
    if request.args.get("order") and order_id is None:
        raise NotFound
    if month and not re.fullmatch(r"2\d{3}-(0[1-9]|1[0-2])", month, re.ASCII):
        raise NotFound
    first = date.fromisoformat(f"{month}-01") if month else None
    return book.Asked(order_id, first, money=bool(request.args.get("money")))


def shown(household_id: int, *, since: datetime | None) -> dict[str, Any]:
    """Return what the page of a passbook shows, newest line first; ``since`` as in the passbook.

    Raises ``NotFound`` for an order or month that the book does not have.
    """
    session, asked = reader(), asked_lines()
    found = _read(household_id, asked, since)
    page = page_of(found.entries[::-1], size=LINES)
    words = book_rows(book.lines_of(session, page.rows), found.titles)
    return {
        "page": replace(page, rows=words),
        "book": found,
        "earned": yuan(found.earned_fen),
        "in_hand": yuan(found.in_hand_fen),
        "balance": yuan(found.balance_fen),
        "brought": fen_words(found.brought_fen) if asked.month and not asked.money else "",
        "owes": found.balance_fen < 0,
        "chosen": sum(one is not None for one in (asked.order_id, asked.month)),
        "chips": _chips(asked),
        "kept": _kept(asked),
        "asked": asked,
        "months": [(f"{one:%Y-%m}", month_words(one)) for one in found.months],
    }


def printed(household_id: int, back: str, *, since: datetime | None = None) -> str:
    """Return a household's passbook as a page to print, oldest line first."""
    session, asked = reader(), asked_lines()
    found = _read(household_id, asked, since)
    rows = book_rows(book.lines_of(session, found.entries), found.titles)
    link = url_for(".check_line", printed=rows[-1].digest, _external=True) if rows else ""
    people = people_of(session, household_id)
    return render_template(
        "piecework/passbook_print.html",
        paper="a5",
        back_href=back,
        household=session.get_one(Household, household_id),
        names="、".join(short_name(one.name) for one in people),
        rows=rows,
        part="，".join(_part(asked, found)),
        earned=yuan(found.earned_fen),
        in_hand=yuan(found.in_hand_fen),
        balance=yuan(found.balance_fen),
        brought=fen_words(found.brought_fen) if asked.month and not asked.money else "",
        qr=Markup(segno.make(link, micro=False).svg_inline(scale=3)) if link else "",  # noqa: S704
    )


def _read(household_id: int, asked: book.Asked, since: datetime | None) -> book.Book:
    found = book.read(reader(), household_id, asked, since=since)
    if found is None:
        raise NotFound
    return found


def _kept(asked: book.Asked) -> dict[str, Any]:
    """Return the parameters that ask for the same lines again."""
    month = f"{asked.month:%Y-%m}" if asked.month else None
    every = {"order": asked.order_id, "month": month, "money": 1 if asked.money else None}
    return {name: value for name, value in every.items() if value is not None}


def _chips(asked: book.Asked) -> list[tuple[str, str, bool]]:
    both = ((_("每一笔"), False), (_("只看钱"), True))
    return [
        (
            words,
            url_for(request.endpoint or "", **_kept(replace(asked, money=money))),
            asked.money == money,
        )
        for words, money in both
    ]


def _part(asked: book.Asked, found: book.Book) -> list[str]:
    """Return in words which part of the book was asked for; nothing for the whole of it."""
    parts = []
    if asked.order_id is not None:
        parts.append(_("只有“%(title)s”", title=found.titles[asked.order_id]))
    if asked.month is not None:
        parts.append(month_words(asked.month))
    if asked.money:
        parts.append(_("只有钱"))
    return parts
