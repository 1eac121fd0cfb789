"""From an opening to the branch on one page: who registers there, and what cannot be had by it."""

import pytest
from sqlmodel import select

from tests.factories import make_account, make_employer, make_opening, make_resident
from tests.forms import csrf_token, forms_on, press, submit
from tests.functional.matches_world import visible_words
from tests.functional.ventures.world import CLOSED, NOON, make_world
from webapp.accounts.models import Account
from webapp.accounts.throttle import ACCOUNTS_PER_ADDRESS
from webapp.core import clock, passwords
from webapp.core.access import Role
from webapp.core.errors import Conflict
from webapp.core.vocabulary import Kind
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Consent, ConsentPurpose, Household, Resident
from webapp.training.lifecycle import EnrolmentState
from webapp.training.models.enrolments import Enrolment
from webapp.ventures.lifecycle import CaseState, RoundState
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.queries import staff as staff_ventures
from webapp.ventures.queries import ventures

pytestmark = pytest.mark.usefixtures("branch")
PHONE = "13612345678"
GOOD = {"name": "陈桂芳", "phone": PHONE, "age": "adult", "service": "y"}


@pytest.fixture
def opening(write):
    with write() as session:
        return make_opening(session, employer_id=make_employer(session).id, title="洗碗工")


def text(response):
    return visible_words(response.get_data(as_text=True))


def rows(db, table):
    with db.reader() as session:
        return session.exec(select(table)).all()


def page_of(opening):
    return f"/openings/{opening.id}/apply"


def test_one_page_registers_and_applies(client, db, opening):
    shown = client.get(f"/openings/{opening.id}").get_data(as_text=True)
    assert f'href="{page_of(opening)}"' in shown
    sent = press(client, page_of(opening), **GOOD)
    assert sent.status_code == 303, text(sent)
    [account], [resident], [match] = rows(db, Account), rows(db, Resident), rows(db, Match)
    assert sent.headers["Location"] == f"/me/matches/{match.id}"
    assert (account.phone, account.role, account.phone_verified_at) == (PHONE, Role.RESIDENT, None)
    assert (match.resident_id, match.opening_id) == (resident.id, opening.id)
    assert match.state is MatchState.INTERESTED  # the employer sees nobody unproven
    [household] = rows(db, Household)
    assert (household.unit_address, household.provisional) == ("", True)
    assert [one.purpose for one in rows(db, Consent)] == [ConsentPurpose.SERVICE]
    followed = text(client.get(sent.headers["Location"]))
    assert PHONE in followed
    assert "洗碗工" in followed
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize("password", ["", "nobody has this password", "fumin-demo-1", " "])
def test_no_password_fits_an_account_without_one(client, app, opening, password):
    press(client, page_of(opening), **GOOD)
    stranger = app.test_client()
    sent = submit(stranger, "/login", {"phone": PHONE, "password": password})
    assert sent.status_code == 400
    assert stranger.get("/me/").status_code in {302, 303}


def test_the_first_password_needs_no_other_and_the_next_does(client, app, db, opening):
    press(client, page_of(opening), **GOOD)
    assert "现在的密码" not in text(client.get("/account/password"))
    assert press(client, "/account/password", password="liu-bai-42").status_code == 303
    [account] = rows(db, Account)
    assert passwords.verify(account.password_hash, "liu-bai-42")
    assert client.get("/me/").status_code in {302, 303}  # signed out everywhere
    again = app.test_client()
    assert submit(again, "/login", {"phone": PHONE, "password": "liu-bai-42"}).status_code == 303
    refused = press(again, "/account/password", current="wrong-one", password="liu-bai-43")
    assert refused.status_code == 400
    assert submit(again, "/account/password", {"password": "liu-bai-43"}).status_code == 400


def test_a_known_number_opens_nothing_and_tells_nothing(client, write, db, opening):
    with write() as session:
        known = make_account(session, phone=PHONE)
        make_resident(session, account_id=known.id, name="陈桂芳", phone=PHONE)
    sent = press(client, page_of(opening), **GOOD)
    assert sent.status_code == 303
    mine = text(client.get("/me/matches/1"))
    assert PHONE in mine  # what was typed, nothing of the other
    by_account = {one.account_id: one for one in rows(db, Resident)}
    assert len(by_account) == 2
    assert len({one.household_id for one in by_account.values()}) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "请填姓名"),
        ({"name": "陈"}, "姓名要 2 到 40 个字"),
        ({"phone": "12345"}, "请填 11 位手机号"),
        ({"age": ""}, "请选一个"),
        ({"age": "child"}, "没满16岁"),
        ({"age": "<script>"}, ""),
        ({"service": None}, "要您同意了"),
        ({"idempotency_key": "x"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(client, db, opening, changes, words):
    token = csrf_token(client, page_of(opening))
    key = next(one for one in forms_on(client.get(page_of(opening))) if "phone" in one.data).data[
        "idempotency_key"
    ]
    data = {**GOOD, "csrf_token": token, "idempotency_key": key, **changes}
    sent = client.post(
        page_of(opening), data={name: one for name, one in data.items() if one is not None}
    )
    assert sent.status_code == 400
    assert words in text(sent)
    assert (rows(db, Account), rows(db, Match)) == ([], [])


def test_a_minor_is_not_let_into_what_the_law_bars(client, write, db):
    with write() as session:
        night = make_opening(session, demands=["night"])
        day = make_opening(session)
    refused = press(client, page_of(night), **{**GOOD, "age": "minor"})
    assert refused.status_code == 400
    assert rows(db, Account) == []
    assert press(client, page_of(day), **{**GOOD, "age": "minor"}).status_code == 303


def test_two_taps_are_one_person(client, db, opening):
    page = client.get(page_of(opening))
    form = next(one for one in forms_on(page) if "phone" in one.data)
    with client.session_transaction() as before:
        kept = dict(before)
    first = client.post(page_of(opening), data={**form.data, **GOOD})
    with client.session_transaction() as now:  # the first answer never reached the telephone
        now.clear()
        now.update(kept)
    second = client.post(page_of(opening), data={**form.data, **GOOD})
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert len(rows(db, Account)) == len(rows(db, Match)) == 1
    assert client.get("/me/").status_code == 200


def test_the_key_of_another_browser_opens_nothing(client, app, db, opening):
    form = next(one for one in forms_on(client.get(page_of(opening))) if "phone" in one.data)
    client.post(page_of(opening), data={**form.data, **GOOD})
    thief = app.test_client()
    token = csrf_token(thief, page_of(opening))
    data = {**form.data, **GOOD, "csrf_token": token, "phone": "13912345678"}
    assert thief.post(page_of(opening), data=data).status_code == 303
    assert {one.phone for one in rows(db, Account)} == {PHONE, "13912345678"}


def test_one_address_opens_only_so_many(app, db, opening):
    for n in range(ACCOUNTS_PER_ADDRESS):
        sent = press(app.test_client(), page_of(opening), **{**GOOD, "phone": f"136123456{n:02d}"})
        assert sent.status_code == 303
    last = press(app.test_client(), page_of(opening), **{**GOOD, "phone": "13612345699"})
    assert last.status_code == 429
    assert len(rows(db, Account)) == ACCOUNTS_PER_ADDRESS


def test_what_is_over_or_not_public_takes_nobody(client, write, db):
    with write() as session:
        draft = make_opening(session, state=OpeningState.DRAFT, published_at=None)
        closed = make_opening(session, state=OpeningState.CLOSED)
    assert client.get(page_of(draft)).status_code == 404
    assert client.get("/openings/999999/apply").status_code == 404
    assert client.get(page_of(closed)).status_code == 303
    assert rows(db, Account) == []


def test_other_kinds_go_on_on_their_own_page(client, write, db):
    with write() as session:
        piecework = make_opening(session, kind=Kind.PIECEWORK)
    onward = f"{page_of(piecework)}?next=/me/training/"
    sent = press(client, onward, page_of(piecework), **GOOD)
    assert sent.status_code == 303
    assert sent.headers["Location"] == "/me/training/"
    assert rows(db, Match) == []


def test_the_wish_to_learn_is_taken_down_and_takes_no_seat(client, write, db, sign_in):
    """Whoever types another's number takes nothing from anybody; the branch calls it."""
    with write() as session:
        course = make_opening(session, kind=Kind.COURSE, title="电工班", employer_id=None)
        member = make_account(session, role=Role.STAFF)
    sent = press(client, f"{page_of(course)}?next=/me/training/", page_of(course), **GOOD)
    [match], [enrolment] = rows(db, Match), rows(db, Enrolment)
    assert sent.headers["Location"] == f"/me/matches/{match.id}"
    assert match.state is MatchState.INTERESTED
    assert (enrolment.state, enrolment.run_id) == (EnrolmentState.APPLIED, None)
    assert PHONE in text(client.get(sent.headers["Location"]))
    to_call = text(sign_in(member).get("/staff/work/call"))
    assert "电工班" in to_call
    assert "愿意，先核对电话" in to_call
    with write() as session:  # once it is proven they go on by themselves
        [account] = [one for one in session.exec(select(Account)) if one.phone == PHONE]
        account.phone_verified_at = clock.now()
    assert "电工班" not in text(sign_in(member).get("/staff/work/call"))


def test_the_wish_for_a_stall_is_taken_down_and_takes_no_lot(client, app, db, sign_in, write):
    """Unproven numbers neither fill a draw nor hold it up; proven in time, they stand in it."""
    world = make_world(app, db, people=1)
    with clock.frozen(NOON):
        [opening] = rows(db, Opening)
        for n in range(2):
            sent = press(
                client if n == 0 else app.test_client(),
                page_of(opening),
                **{**GOOD, "phone": f"1361234567{n}"},
            )
            assert sent.status_code == 303, text(sent)
        cases = rows(db, VentureCase)
        assert [one.state for one in cases] == [CaseState.APPLIED] * 2
        assert "号码核对了，才进分摊位的名单" in text(client.get(f"/me/ventures/{cases[0].id}"))
        member = sign_in(world.account(world.staff))
        assert text(member.get("/staff/work/call")).count(opening.title) >= 2
        assert "号码没核对，不进名单" in text(member.get(f"/staff/ventures/{world.venture_id}"))
        with db.reader() as session:
            assert ventures.staff_view(session, world.venture_id).wanting == 0
    with clock.frozen(CLOSED):
        assert "/freeze" not in member.get(f"/staff/ventures/{world.venture_id}").text
        with db.reader() as session:
            assert session.execute(staff_ventures.to_freeze()).all() == []
            assert staff_ventures.offers_in_line(session)[0][3] == 0
        with pytest.raises(Conflict):
            world.freeze()
        with write() as session:  # one of them answers the call
            account = session.get_one(Account, rows(db, Account)[-1].id)
            account.phone_verified_at = clock.now()
        row = world.freeze(source=None, day=None)  # one place, one who wants it: nothing to draw
    assert (row.entries, row.state) == (1, RoundState.DECIDED)
    by_state = {one.state: one for one in rows(db, VentureCase)}
    assert set(by_state) == {CaseState.OFFERED, CaseState.PASSED_OVER}
    left_out = by_state[CaseState.PASSED_OVER]
    assert (left_out.round_id, left_out.rank) == (None, None)
    with clock.frozen(CLOSED):
        assert "手机号还没核对" in text(client.get(f"/me/ventures/{left_out.id}"))


def test_the_next_page_is_ours(client, opening, write):
    with write() as session:
        order = make_opening(session, kind=Kind.PIECEWORK)
    sent = press(client, f"{page_of(order)}?next=//evil.example/", page_of(order), **GOOD)
    assert sent.headers["Location"] == f"/openings/{order.id}"


def test_whoever_is_signed_in_applies_as_before(sign_in, write, opening):
    with write() as session:
        account = make_account(session)
        make_resident(session, account_id=account.id)
    sent = sign_in(account).get(page_of(opening))
    assert sent.status_code == 303
    assert sent.headers["Location"] == f"/openings/{opening.id}"
