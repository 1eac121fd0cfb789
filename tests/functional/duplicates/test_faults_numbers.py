"""Fault 26: a merge keeps every way to reach the person."""

import pytest

from tests.factories import make_account, make_resident
from tests.forms import submit
from webapp.core import clock
from webapp.core.access import Role
from webapp.duplicates.models import DuplicateKind, DuplicatePair
from webapp.residents.models import Resident


@pytest.mark.parametrize(
    ("kept", "gone", "expected"),
    [
        ((None, ""), ("13711112222", "找女儿"), ("13711112222", "找女儿")),
        (("13733334444", ""), ("13711112222", ""), ("13733334444", "另一个号码 13711112222")),
        (("13711112222", "下午打"), ("13711112222", "下午打"), ("13711112222", "下午打")),
    ],
)
def test_fault_26_the_number_of_the_file_dropped_is_kept_and_given_back(
    db, write, sign_in, kept, gone, expected
):
    with write() as session:
        staff = make_account(session, role=Role.STAFF)
        first = make_resident(session, phone=kept[0], contact_note=kept[1])
        second = make_resident(session, phone=gone[0], contact_note=gone[1])
        pair = DuplicatePair(
            kind=DuplicateKind.RESIDENT,
            first_id=first.id,
            second_id=second.id,
            evidence=["name"],
            found_at=clock.now(),
        )
        session.add(pair)
        session.flush()
        page = f"/staff/duplicates/{pair.id}"
    desk = sign_in(staff)
    assert submit(desk, f"{page}/merge/{first.id}", page=page).status_code == 303

    def reach():
        with db.reader() as session:
            one = session.get(Resident, first.id)
            return one.phone, one.contact_note

    assert reach() == expected
    assert submit(desk, f"{page}/undo", page=page).status_code == 303
    assert reach() == kept


def test_fault_26_a_long_note_does_not_push_the_second_number_out(db, write, sign_in):
    with write() as session:
        staff = make_account(session, role=Role.STAFF)
        first = make_resident(session, phone="13733334444", contact_note="很" * 95)
        second = make_resident(session, phone="13711112222", contact_note="长" * 95)
        pair = DuplicatePair(
            kind=DuplicateKind.RESIDENT,
            first_id=first.id,
            second_id=second.id,
            evidence=["name"],
            found_at=clock.now(),
        )
        session.add(pair)
        session.flush()
        page = f"/staff/duplicates/{pair.id}"
    submit(sign_in(staff), f"{page}/merge/{first.id}", page=page)
    with db.reader() as session:
        one = session.get(Resident, first.id)
    assert "13711112222" in one.contact_note
    assert len(one.contact_note) <= 100
