"""Complaints about employers: filed, measured, handled once, told to nobody else."""

import pytest
from sqlmodel import select

from tests.factories import (
    acting,
    make_account,
    make_opening,
    make_resident,
)
from tests.forms import press, submit
from tests.functional.pages import text
from tests.functional.racing import at_once
from tests.functional.tables import reload
from webapp.accounts.models import Account
from webapp.complaints import service
from webapp.complaints.lifecycle import ComplaintKind, ComplaintOutcome
from webapp.complaints.models import EmployerComplaint
from webapp.core.access import Actor, Role
from webapp.core.errors import AppError
from webapp.openings.lifecycle import OpeningState
from webapp.privacy.export import export
from webapp.privacy.service import leave


def test_a_complaint_is_filed_handled_once_and_told_to_nobody_else(app, db, write, sign_in, house):
    employer, account, opening, staff = house
    with write() as session:
        resident = make_resident(session, with_account=True)
        own = session.get_one(Account, resident.account_id)
        draft = make_opening(session, state=OpeningState.DRAFT, published_at=None)
        nobodys = make_opening(session, employer_id=None)
    browser, desk = sign_in(own), sign_in(staff)
    page = f"/me/complaints/new/{opening.id}"
    assert page in text(browser.get(f"/openings/{opening.id}"))
    for hidden in (draft.id, nobodys.id, 999999):
        assert browser.get(f"/me/complaints/new/{hidden}").status_code == 404
    data = {"kind": "fee", "words": "面试时叫我交两百块。", "idempotency_key": "ab" * 16}
    for field, value in [
        ("kind", "x"),
        ("words", ""),
        ("words", "长" * 1001),
        ("idempotency_key", "x"),
    ]:
        assert submit(browser, page, {**data, field: value}).status_code == 400
    assert submit(browser, page, data).status_code == 303
    assert submit(browser, page, data).status_code == 303  # a second tap
    with db.reader() as session:
        complaint = session.exec(select(EmployerComplaint)).one()
    shown = f"/staff/complaints/{complaint.id}"
    assert "面试时叫我交两百块" in text(desk.get(shown))
    assert "面试时" not in text(sign_in(account).get("/employer/"))
    assert sign_in(account).get(shown).status_code == 403
    assert press(desk, shown, "/handle", outcome="", answer="").status_code == 400
    done = {"outcome": "upheld", "answer": "钱退了，单位写了保证。"}
    assert press(desk, shown, "/handle", **done).status_code == 303
    again = submit(desk, f"{shown}/handle", done, page="/staff/openings/new/vacancy")
    assert again.status_code == 409
    assert "钱退了" in text(browser.get("/me/complaints/"))
    assert "办完 1 件" in text(desk.get(f"/staff/employers/{employer.id}"))
    by_staff = f"/staff/employers/{employer.id}/complaints/new"
    assert submit(desk, by_staff, {**data, "idempotency_key": "cd" * 16}).status_code == 303
    assert "社区记下的" in text(desk.get("/staff/complaints/?state=open&employer=x"))
    actor = Actor(account_id=own.id, role=Role.RESIDENT, resident_id=resident.id)
    with app.test_request_context(), db.transaction(actor) as session:
        assert export(session, actor, resident_id=resident.id)["complaints"][0]["kind"] == "fee"
        leave(session, actor, resident_id=resident.id)
    row = reload(db, EmployerComplaint, complaint.id)
    assert (row.resident_id, row.filed_by_id) == (None, None)


def test_complaints_have_a_measure_and_one_handler(app, db, write, house):
    employer, _account, opening, staff = house
    with write() as session:
        resident = make_resident(session, with_account=True)
        other = make_account(session, role=Role.STAFF)
    actor = Actor(account_id=resident.account_id, role=Role.RESIDENT, resident_id=resident.id)

    def file():
        with app.test_request_context(), db.transaction(actor) as session:
            return service.file_complaint(
                session,
                actor,
                employer_id=employer.id,
                opening_id=opening.id,
                kind=ComplaintKind.OTHER,
                words="说话不算数",
            ).id

    ids = [file() for _ in range(service.MOST_OPEN)]
    with pytest.raises(AppError, match="还在办"):
        file()

    def handle(session, actor):
        service.handle_complaint(
            session, actor, complaint_id=ids[0], outcome=ComplaintOutcome.UNFOUNDED, answer="查过"
        )

    assert at_once(app, db, (acting(staff), handle), (acting(other), handle)) == ["409", "done"]
