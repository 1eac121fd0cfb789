"""People at the desk who fill in the real forms of piecework."""

import io
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from sqlmodel import select

from tests import factories
from tests.forms import forms_on, press
from webapp.core import clock
from webapp.core.access import Role
from webapp.piecework import policy
from webapp.piecework.lifecycle import AssignmentState
from webapp.piecework.models.assignment import (
    Assignment,
    Delivery,
)
from webapp.piecework.models.order import PieceworkOrder

DAYS = 20


class Desk:
    """A company, two members of staff and a household, each with a browser."""

    def __init__(self, db: Any, write: Any, sign_in: Any) -> None:
        self.db = db
        with write() as session:
            company = factories.make_account(session, role=Role.EMPLOYER)
            self.employer = factories.make_employer(session, member=company)
            rival = factories.make_account(session, role=Role.EMPLOYER)
            factories.make_employer(session, member=rival)
            staff = [factories.make_account(session, role=Role.STAFF) for _n in range(2)]
            family = factories.make_resident(session, name="陈桂芳", phone="13911112222")
            self.household_id, self.resident_id = family.household_id, family.id
            self.inspector_id = staff[0].id
        self.company: FlaskClient = sign_in(company)
        self.rival: FlaskClient = sign_in(rival)
        self.staff: FlaskClient = sign_in(staff[0])
        self.payer: FlaskClient = sign_in(staff[1])
        self.order_id = self.assignment_id = 0

    def one(self, table: Any, **wanted: Any) -> Any:
        """Return the newest row of a table."""
        with self.db.reader() as session:
            query = select(table).filter_by(**wanted).order_by(table.id.desc())
            return session.exec(query).first()

    def count(self, table: Any) -> int:
        with self.db.reader() as session:
            return len(session.exec(select(table)).all())

    def act(self, thing: str, id_: int, name: str, *, by: Any = None, **typed: Any) -> Any:
        """Press an act of staff and want it done."""
        page = f"/staff/piecework/{thing}/{id_}/{name}"
        done = press(by or self.staff, page, **typed)
        assert done.status_code == 303, (done.status_code, name, done.get_data(as_text=True))
        return done

    def ask(self, thing: str, id_: int, name: str, **typed: Any) -> Any:
        """Press an act of the company and want it done."""
        done = press(self.company, f"/employer/piecework/{thing}/{id_}/{name}", **typed)
        assert done.status_code == 303, (done.status_code, name, done.get_data(as_text=True))
        return done

    def write_order(self, **typed: Any) -> Any:
        fields = {
            "mode": "supplied", "title": "串手链", "description": "照样品串，社区教。",
            "quality": "和样品一样", "quantity": "100", "piece_unit": "条", "lot_pieces": "10",
            "deadline": (clock.today() + timedelta(days=DAYS)).isoformat(),
            "price": "4", "rate": "3", "margin": "0.5", "material_supply": "我们送到社区",
            "acceptance": "each", "materials-0-name": "珠子", "materials-0-use_amount": "22",
            "materials-0-unit": "piece", "materials-0-allowance": "5",
            "materials-0-pack_size": "100", "materials-0-cost": "5",
        }  # fmt: skip
        return press(self.company, "/employer/piecework/new", **{**fields, **typed})

    def publish(self) -> None:
        assert self.write_order().status_code == 303
        self.order_id = self.one(PieceworkOrder).id
        self.ask("order", self.order_id, "submit")
        self.act(
            "order", self.order_id, "seal",
            items=[code for code, _words in policy.SAFETY_ITEMS],
            sample_code="HL-1", sample_pieces="10", sample_passed="10",
        )  # fmt: skip
        for minutes in (5, 8, 12):
            phone = "13911112222" if minutes == 5 else ""
            self.act(
                "order", self.order_id, "time",
                pieces="10", minutes=str(minutes), passed="10", phone=phone,
            )  # fmt: skip
        self.act("order", self.order_id, "publish")

    def supply(self) -> None:
        self.act("order", self.order_id, "receive", amount="2400", label="A1")
        page = f"/staff/piecework/orders/{self.order_id}/claim/{self.household_id}"
        done = press(self.staff, page, pieces="40", members=[str(self.resident_id)])
        assert done.status_code == 303, done.get_data(as_text=True)
        self.assignment_id = self.one(Assignment).id

    def hand_in(self, pieces: int, **typed: Any) -> int:
        self.act("share", self.assignment_id, "hand-in", pieces=str(pieces), **typed)
        return self.one(Delivery).id

    def state(self) -> AssignmentState:
        return self.one(Assignment, id=self.assignment_id).state


def picture(size: tuple[int, int] = (64, 48)) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG")
    out.seek(0)
    return out


def twice(browser: FlaskClient, page: str, **typed: Any) -> list[int]:
    """Send one filled-in form two times, as an impatient thumb does."""
    form = next(one for one in forms_on(browser.get(page)) if not one.action.startswith("/log"
                ) and "idempotency_key" in one.data)  # fmt: skip
    data = {**form.data, **typed}
    return [browser.post(form.action or page, data=data).status_code for _n in range(2)]
