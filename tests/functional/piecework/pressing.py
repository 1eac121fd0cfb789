"""Press every act that a page of piecework offers, and undo what it did."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from tests.forms import Form, forms_on
from webapp.core.db import Database
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.money import SettlementRun
from webapp.piecework.models.order import PieceworkOrder

#: Acts of staff and of companies have a page of their own.
ACT = re.compile(
    r"/(?:staff|employer)/piecework/(?:order|share|tranche|payment|compensation|disagreement|"
    r"finding|inspection|lot|line|run)/\d+/[a-z-]+|/staff/piecework/deliveries/\d+"
)
#: These answer with what was asked for, once, and write down who read it: nothing to lead on to.
SHOWS = re.compile(
    r"/staff/piecework/(?:settlements/\d+/(?:sign|accounts\.xlsx)|lines/\d+/account)"
)
#: What people type where a field starts empty.
TYPED = {"about": "quality", "method": "cash", "outcome": "看过样品，按样品定", "repaid": "no"}


class _Undone(Exception):
    """Ends a transaction in place of its commit."""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = (dict(attrs).get("href") or "").split("?")[0]
        if tag == "a" and ACT.fullmatch(href) and href not in self.found:
            self.found.append(href)


@contextmanager
def undoing() -> Iterator[None]:
    """Let every transaction run to its end, and then roll it back."""
    real = Database.transaction

    @contextmanager
    def undone(self: Database, actor: Any) -> Iterator[Session]:
        try:
            with real(self, actor) as session:
                yield session
                session.flush()
                session.expunge_all()
                raise _Undone
        except _Undone:
            pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "transaction", undone)
        yield


def pages(
    db: Database,
    *,
    household_id: int | None = None,
    employer_id: int | None = None,
    order_id: int | None = None,
) -> list[str]:
    """Return the pages of piecework that staff see, or a household, or a company.

    ``order_id`` keeps to one order.
    """
    orders = select(PieceworkOrder.id, PieceworkOrder.employer_id)
    assignments = select(Assignment.id)
    if order_id is not None:
        orders = orders.where(col(PieceworkOrder.id) == order_id)
        assignments = assignments.where(col(Assignment.order_id) == order_id)
    with db.reader() as session:
        if household_id is not None:
            own = assignments.where(col(Assignment.household_id) == household_id)
            return [f"/me/piecework/{id_}" for id_ in session.exec(own)]
        ids = session.exec(orders.order_by(col(PieceworkOrder.id))).all()
        if employer_id is not None:
            return [f"/employer/piecework/{id_}" for id_, owner in ids if owner == employer_id]
        runs = session.exec(select(SettlementRun.id))
        return [
            *(f"/staff/piecework/orders/{id_}" for id_, _owner in ids),
            *(f"/staff/piecework/shares/{id_}" for id_ in session.exec(assignments)),
            *(f"/staff/piecework/settlements/{id_}" for id_ in runs),
            "/staff/piecework/settlements",
            "/staff/piecework/decisions",
        ]


def press_all(browser: FlaskClient, addresses: list[str]) -> tuple[int, list[str]]:
    """Press all that the pages offer, as it stands and filled in.

    Return how many presses that were, and those that a page offered in vain: answered with a
    conflict, or not at all.
    """
    pressed, in_vain = 0, []
    with undoing():
        for address in addresses:
            page = browser.get(address)
            assert page.status_code == 200, (address, page.status_code)
            links = _Links()
            links.feed(page.get_data(as_text=True))
            offered = [(address, page, form) for form in forms_on(page)]
            for href in links.found:
                shown = browser.get(href)
                if shown.status_code != 200:
                    in_vain.append(f"{address}: {href} {shown.status_code}")
                offered += [(href, shown, form) for form in forms_on(shown)]
            for base, shown, form in offered:
                target = form.action or base
                if "piecework" not in target:
                    continue
                typed = _filled_in(form, shown.get_data(as_text=True))
                # Where nothing is to be filled in, it would be pressed twice alike.
                for data in (form.data, typed) if typed != form.data else (typed,):
                    done = browser.post(target, data=data)
                    pressed += 1
                    fine = {200, 303, 403} if SHOWS.fullmatch(target) else {303, 400, 403}
                    if done.status_code not in fine:
                        in_vain.append(f"{address}: {target} {done.status_code}")
    return pressed, in_vain


def _filled_in(form: Form, page: str) -> dict[str, Any]:
    asked = {name: value for name, value in TYPED.items() if f'name="{name}"' in page}
    typed = {
        name: value or ("1" if _is_number(name) else "照样品看过")
        for name, value in form.data.items()
    }
    return {**asked, **typed}


def _is_number(name: str) -> bool:
    return not re.search(r"reason|note|words|label|reference|decision|cause|heard|quality|outcome",
                         name)  # fmt: skip
