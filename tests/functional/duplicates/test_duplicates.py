"""Files that may be one: found by evidence, judged by people, merged and taken apart again."""

import threading
from datetime import date

import pytest
from sqlmodel import select

from tests import factories
from tests.forms import submit
from webapp.accounts.models import Account
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.duplicates.models import DuplicateKind, DuplicatePair, PairState
from webapp.duplicates.services import detection
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Experience, Resident, ResidentState, SensitiveRecord

BIRTH = date(1979, 3, 8)


def pairs(db):
    with db.reader() as session:
        found = session.exec(select(DuplicatePair).order_by(DuplicatePair.id)).all()
    return {(one.kind, one.first_id, one.second_id): one for one in found}


def press(browser, pair, what):
    return submit(
        browser, f"/staff/duplicates/{pair.id}/{what}", {}, page=f"/staff/duplicates/{pair.id}"
    )


def test_people_are_found_by_evidence_and_families_are_not(db, write):
    with write() as session:
        home = factories.make_household(session).id
        new = factories.make_resident
        first = new(session, name="周小兰", birth_date=BIRTH, phone="13811112222").id
        by_birth = new(session, name="周小兰", birth_date=BIRTH).id
        by_sound = new(session, name="周晓岚", birth_date=None, phone="13811112222").id
        at_home = new(session, name="黄大明", birth_date=None, household_id=home).id
        again = new(session, name="黄大明", birth_date=None, household_id=home).id
        wife = new(session, name="李秀英", phone="13899990000", household_id=home).id
        new(session, name="黄小明", phone="13899990000", household_id=home)
        gone = new(session, name="李秀英", household_id=home, state=ResidentState.LEFT).id
        numbered = [new(session, name=name).id for name in ("张三", "张叁")]
        for one in numbered:
            session.add(SensitiveRecord(resident_id=one, id_number="11010519491231002X"))
        session.flush()
    assert detection.find(db) == 4
    found = {key[1:]: set(pair.evidence) for key, pair in pairs(db).items()}
    assert found == {
        (first, by_birth): {"name", "birth"},
        (first, by_sound): {"phone", "name"},
        (at_home, again): {"name", "unit_address"},
        tuple(numbered): {"id_number"},
    }
    assert not {wife, gone} & {one for pair in found for one in pair}
    assert detection.find(db) == 0  # nothing is noted twice
    with db.reader() as session:
        read = session.exec(
            select(AuditEvent).where(AuditEvent.action == "duplicate.compare_id_numbers")
        ).all()
    assert [event.details for event in read] == [{"n": 2}, {"n": 2}]


def test_openings_of_one_employer_written_twice_are_found(db, write):
    with write() as session:
        firm = factories.make_employer(session).id
        new = factories.make_opening
        first = new(session, employer_id=firm, title="小区保洁员").id
        twice = new(session, employer_id=firm, title="小区保洁员 ").id
        new(session, employer_id=firm, title="小区保安员")
        new(session, employer_id=firm, title="小区保洁员", state=OpeningState.CLOSED)
        new(session, title="小区保洁员")
        other_pay = new(
            session, employer_id=firm, title="小区保洁员", pay_text="20元/小时", description="晚班"
        ).id
    detection.find(db)
    assert [key[1:] for key in pairs(db)] == [(first, twice)]
    assert other_pay not in {one for key in pairs(db) for one in key[1:]}


@pytest.fixture
def twins(db, write):
    """Return (pair, kept, gone): a file with an account, and one opened by staff with a history."""
    with write() as session:
        kept = factories.make_resident(session, name="周小兰", birth_date=BIRTH, with_account=True)
        gone = factories.make_resident(
            session, name="周小兰", birth_date=BIRTH, state=ResidentState.EMPLOYED
        )
        session.add(Experience(resident_id=gone.id, title="缝纫工"))
        factories.make_match(
            session,
            resident_id=gone.id,
            state=MatchState.HIRED,
            start_date=date(2026, 1, 5),
            opening_id=factories.make_opening(session, hired_count=1).id,
        )
        factories.make_match(session, resident_id=gone.id, state=MatchState.SUGGESTED)
        shared = factories.make_opening(session).id
        for one in (kept, gone):
            factories.make_match(
                session, resident_id=one.id, opening_id=shared, state=MatchState.DECLINED
            )
    detection.find(db)
    (pair,) = pairs(db).values()
    return pair, kept.id, gone.id


def owned(db, table, resident_id):
    with db.reader() as session:
        return len(session.exec(select(table).where(table.resident_id == resident_id)).all())


def test_a_merge_carries_the_history_over_and_can_be_undone(db, desk, twins):
    pair, kept, gone = twins
    assert "周小兰" in desk.get("/staff/duplicates/").get_data(as_text=True)
    assert "名字一样、生日一样" in desk.get(f"/staff/duplicates/{pair.id}").get_data(as_text=True)
    assert press(desk, pair, f"merge/{kept}").status_code == 303
    with db.reader() as session:
        assert session.get(Resident, kept).state is ResidentState.EMPLOYED
        assert session.get(Resident, gone).state is ResidentState.LEFT
    assert (owned(db, Experience, kept), owned(db, Experience, gone)) == (1, 0)
    # The suggestion is gone; the opening both had met keeps a row with each.
    assert (owned(db, Match, kept), owned(db, Match, gone)) == (2, 1)
    assert press(desk, pair, f"merge/{kept}").status_code == 409
    assert "周小兰" not in desk.get("/staff/duplicates/").get_data(as_text=True)
    assert "周小兰" in desk.get("/staff/duplicates/?merged=1").get_data(as_text=True)
    assert press(desk, pair, "undo").status_code == 303
    with db.reader() as session:
        assert session.get(Resident, kept).state is ResidentState.SEEKING
        assert session.get(Resident, gone).state is ResidentState.EMPLOYED
    assert (owned(db, Experience, kept), owned(db, Experience, gone)) == (0, 1)
    assert (owned(db, Match, kept), owned(db, Match, gone)) == (1, 2)
    assert press(desk, pair, "undo").status_code == 409
    assert pairs(db)[pair.kind, pair.first_id, pair.second_id].state is PairState.OPEN


def test_one_person_keeps_one_account(db, write, desk, sign_in, twins):
    pair, kept, gone = twins
    with write() as session:
        old = factories.make_account(session)
        session.get_one(Resident, gone).account_id = old.id
    browser = sign_in(old)
    assert browser.get("/me/").status_code == 200
    press(desk, pair, f"merge/{kept}")
    assert browser.get("/me/").status_code == 302  # signed out: the account is closed
    with db.reader() as session:
        assert not session.get_one(Account, old.id).enabled
    press(desk, pair, "undo")
    with db.reader() as session:
        assert session.get_one(Account, old.id).enabled
        assert session.get_one(Resident, gone).account_id == old.id
    # The other way round, the account goes along to the file kept.
    with write() as session:
        session.get_one(Resident, kept).account_id = None
        session.flush()
    press(desk, pair, f"merge/{kept}")
    with db.reader() as session:
        assert session.get_one(Resident, kept).account_id == old.id


def test_the_same_matter_on_both_sides_is_refused(db, write, desk, twins):
    pair, kept, gone = twins
    with write() as session:
        opening = factories.make_opening(session).id
        for one, state in ((kept, MatchState.OFFERED), (gone, MatchState.APPLIED)):
            factories.make_match(session, resident_id=one, opening_id=opening, state=state)
    refused = press(desk, pair, f"merge/{kept}")
    assert refused.status_code == 409
    assert "两份都有同一件事" in refused.get_data(as_text=True)
    assert owned(db, Experience, gone) == 1
    assert pairs(db)[pair.kind, kept, gone].state is PairState.OPEN


def test_places_taken_move_with_the_people(db, write, desk):
    with write() as session:
        firm = factories.make_employer(session).id
        both = [
            factories.make_opening(session, employer_id=firm, headcount=1, hired_count=n).id
            for n in (0, 1)
        ]
        factories.make_match(
            session, opening_id=both[1], state=MatchState.HIRED, start_date=date(2026, 1, 5)
        )
    detection.find(db)
    (pair,) = pairs(db).values()
    assert pair.kind is DuplicateKind.OPENING
    press(desk, pair, f"merge/{both[0]}")
    with db.reader() as session:
        assert [session.get_one(Opening, one).hired_count for one in both] == [1, 0]
        assert session.get_one(Opening, both[1]).state is OpeningState.CLOSED
    press(desk, pair, "undo")
    with db.reader() as session:
        assert [session.get_one(Opening, one).hired_count for one in both] == [0, 1]
    with write() as session:
        session.get_one(Opening, both[0]).hired_count = 1
        factories.make_match(
            session, opening_id=both[0], state=MatchState.HIRED, start_date=date(2026, 1, 5)
        )
    full = press(desk, pair, f"merge/{both[0]}")
    assert full.status_code == 409
    assert "名额不够" in full.get_data(as_text=True)


def test_kept_apart_is_never_asked_again(db, desk, twins):
    pair, kept, _gone = twins
    assert press(desk, pair, "apart").status_code == 303
    detection.find(db)
    assert [one.state for one in pairs(db).values()] == [PairState.APART]
    assert press(desk, pair, f"merge/{kept}").status_code == 409
    assert press(desk, pair, f"merge/{2**31 - 2}").status_code == 404
    assert desk.get("/staff/duplicates/?kind=nonsense&page=-1").status_code == 200


def test_two_staff_merging_at_once_do_it_once(app, db, write, sign_in, twins):
    pair, kept, gone = twins
    with write() as session:
        accounts = [factories.make_account(session, role=Role.STAFF) for _ in range(2)]
    browsers = [sign_in(account) for account in accounts]
    answers: list[int] = []
    ready = threading.Barrier(2)

    def go(browser, keep):
        ready.wait()
        answers.append(press(browser, pair, f"merge/{keep}").status_code)

    threads = [
        threading.Thread(target=go, args=(browser, keep))
        for browser, keep in zip(browsers, (kept, gone), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409]
    with db.reader() as session:
        states = {session.get_one(Resident, one).state for one in (kept, gone)}
    assert ResidentState.LEFT in states
    assert len(states) == 2
