"""Statements through the real pages: who may ask, who must agree, what the public sees."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from tests.forms import press
from tests.functional.statements.conftest import ALONE_FEN, JOINT_FEN
from webapp.core import clock, signing
from webapp.piecework.models.passbook import PassbookLine
from webapp.residents.models import Resident, ResidentState
from webapp.statements import check_statement
from webapp.statements.lifecycle import RequestState
from webapp.statements.models import EarningsStatement, StatementAgreement, StatementRequest

MINE = "/me/statements/"


def issue_own(family, who="陈桂芳"):
    """Ask for one's own statement, and return it."""
    done = press(family.browser(who), MINE)
    assert done.status_code == 303, done.get_data(as_text=True)
    return family.newest()


def ask_for_household(family, who="陈桂芳"):
    """Ask for the household's statement, and return the request."""
    done = press(family.browser(who), MINE, scope="household")
    assert done.status_code == 303, done.get_data(as_text=True)
    return family.request


def reveal(browser, statement, amount):
    """Type an amount on the public page."""
    return press(browser, f"/statements/{statement.code}", amount=amount)


def test_ones_own_statement_shows_ones_own_work(family, client):
    assert f"{ALONE_FEN / 100}" in family.browser("陈桂芳").get(MINE).get_data(as_text=True)
    statement = issue_own(family)
    content = statement.content
    assert content["names"] == ["陈桂芳"]
    assert content["total_fen"] == content["piecework_fen"] == ALONE_FEN
    assert content["joint_fen"] == JOINT_FEN  # with her husband: said, and in no sum
    assert content["wages"] == []
    assert "超过低保线" in content["note"]
    paper = family.browser("陈桂芳").get(f"/me/statements/{statement.id}").get_data(as_text=True)
    for words in ("陈桂芳", "123.45", statement.code, "也可能显示收入超过低保线"):
        assert words in paper
    assert "print-qr-big" in paper
    raw = family.browser("陈桂芳").get(f"/me/statements/{statement.id}/file").data
    assert check_statement.check(raw, signing.public_keys()[0].pem) == content


def test_nobody_else_sees_a_statement(family, client):
    statement = issue_own(family)
    for page in ("", "/file", "/revoke"):
        for who in ("王建国", "邻居"):  # not the husband either
            assert family.browser(who).get(f"{MINE}{statement.id}{page}").status_code == 404
        for who in ("boss", "rival"):
            assert family.browser(who).get(f"{MINE}{statement.id}{page}").status_code == 403
        own = family.browser("staff").get(f"/staff/statements/{statement.id}{page}")
        assert own.status_code == 200
    assert client.get(f"{MINE}{statement.id}").status_code == 302
    listed = family.browser("王建国").get(MINE).get_data(as_text=True)
    assert statement.number not in listed


def test_the_public_page_shows_nothing_before_the_amount(family, client):
    statement = issue_own(family)
    address = f"/statements/{statement.code}"
    asked = client.get(address)
    assert asked.headers["X-Robots-Tag"] == "noindex"
    assert asked.headers["Cache-Control"] == "no-store"
    assert 'name="robots" content="noindex"' in asked.get_data(as_text=True)
    for secret in ("陈桂芳", "123.45", statement.number):
        assert secret not in asked.get_data(as_text=True)
    for wrong in ("123.44", "123"):
        refused = reveal(client, statement, wrong)
        assert refused.status_code == 400
        assert "陈桂芳" not in refused.get_data(as_text=True)
    shown = reveal(client, statement, " ￥123.45元")
    assert shown.status_code == 200
    for words in ("有效", "陈桂芳", "123.45", "也可能显示收入超过低保线"):
        assert words in shown.get_data(as_text=True)
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_amount_is_said_beside_the_field(family, client):
    statement = issue_own(family)
    for typed in ("NaN", "sNaN", "-1", "1e5", "", "9" * 30, "三千", "1.234", " "):
        refused = reveal(client, statement, typed)
        assert refused.status_code == 400, typed
        assert 'id="amount-error"' in refused.get_data(as_text=True), typed


def test_guesses_are_counted_and_right_ones_are_not(family, client):
    statement = issue_own(family)
    for _n in range(12):
        assert reveal(client, statement, "123.45").status_code == 200
    for guess in range(8):
        assert reveal(client, statement, str(guess)).status_code == 400
    assert reveal(client, statement, "8").status_code == 429
    assert reveal(client, statement, "123.45").status_code == 429  # nor tells it the right one
    assert client.get("/statements/AAAAAAAAAAAA").status_code == 404
    for _n in range(30):
        last = client.get("/statements/BBBBBBBBBBBB")
    assert last.status_code == 429


def test_a_revoked_statement_says_when(family, client):
    statement = issue_own(family)
    page = f"{MINE}{statement.id}/revoke"
    assert press(family.browser("陈桂芳"), page, reason="  ").status_code == 400
    assert press(family.browser("陈桂芳"), page, reason="写错了一段").status_code == 303
    again = press(family.browser("陈桂芳"), page, reason="再来一次")
    assert again.status_code == 409
    shown = reveal(client, statement, "123.45")
    said = shown.get_data(as_text=True)
    assert f"{clock.today().month}月{clock.today().day}日" in said
    assert "作废" in said
    for secret in ("陈桂芳", "123.45", "写错了一段"):
        assert secret not in said
    assert "作废" in family.browser("陈桂芳").get(f"{MINE}{statement.id}").get_data(as_text=True)


def test_what_a_statement_says_is_fixed_in_the_database(family, db):
    statement = issue_own(family)
    other = json.dumps({**statement.content, "total_fen": 1}, ensure_ascii=False)
    for change, value in (("content", other), ("total_fen", 1), ("code", "X"), ("number", "X")):
        assert refused(db, f"UPDATE earnings_statement SET {change} = :value", value=value)
    assert press(
        family.browser("陈桂芳"), f"{MINE}{statement.id}/revoke", reason="不用了"
    ).status_code == 303  # fmt: skip
    assert refused(
        db, "UPDATE earnings_statement SET revoked_at = NULL, revoke_reason = :value", value=""
    )


def refused(db, statement, **values):
    """Whether the database itself refuses a statement."""
    try:
        with db.write_engine.begin() as connection:
            connection.execute(text(statement), values)
    except DBAPIError:
        return True
    return False


def test_a_household_states_its_earnings_when_each_adult_agreed(family, client):
    press(family.browser("boss"), f"/employer/wages/{family.match_id}", amount_yuan="3000",
          month=clock.today().replace(day=1).isoformat())  # fmt: skip
    asked = ask_for_household(family)
    assert asked.state is RequestState.OPEN
    assert family.newest() is None
    page = f"{MINE}requests/{asked.id}"
    assert family.browser("邻居").get(page).status_code == 404
    seen = family.browser("王建国").get(page).get_data(as_text=True)
    assert "陈桂芳" in seen
    assert "123.45" not in seen  # hers are not his to see before both agreed
    own = family.browser("陈桂芳").get(MINE).get_data(as_text=True)
    assert "3,000" not in own  # nor his hers
    assert press(family.browser("王建国"), page, "agree").status_code == 303
    statement = family.newest()
    content = statement.content
    assert content["names"] == ["陈桂芳", "王建国"]
    assert content["address"] == "3栋2单元501"
    assert content["piecework_fen"] == ALONE_FEN + JOINT_FEN
    assert [line[1:] for line in content["wages"]] == [["华龙超市", "王建国", 300_000]]
    assert content["total_fen"] == ALONE_FEN + JOINT_FEN + 300_000
    for who in ("陈桂芳", "王建国"):  # both may look and revoke
        assert family.browser(who).get(f"{MINE}{statement.id}").status_code == 200
    assert family.browser("邻居").get(f"{MINE}{statement.id}").status_code == 404
    done = press(family.browser("王建国"), f"{MINE}{statement.id}/revoke", reason="我不想了")
    assert done.status_code == 303


def test_one_no_and_nothing_is_issued(family):
    asked = ask_for_household(family)
    page = f"{MINE}requests/{asked.id}"
    assert press(family.browser("王建国"), page, "refuse").status_code == 303
    assert family.newest() is None
    assert family.request.state is RequestState.REFUSED
    for row in family.all_of(StatementAgreement):  # who said no is kept nowhere
        assert row.resident_id == family.people["陈桂芳"].id
    late = family.browser("王建国").post(f"{page}/agree", data=token(family, "王建国"))
    assert late.status_code == 409
    assert ask_for_household(family, "王建国").id != asked.id


def token(family, who):
    """Return the CSRF token of somebody's page."""
    page = family.browser(who).get(MINE).get_data(as_text=True)
    return {"csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0]}


def test_only_one_request_waits_and_the_asker_may_take_it_back(family):
    asked = ask_for_household(family)
    second = press(family.browser("王建国"), MINE, scope="household")
    assert second.status_code == 409
    assert "已经有人要开" in second.get_data(as_text=True)
    stranger = family.browser("邻居").post(
        f"{MINE}requests/{asked.id}/cancel", data=token(family, "邻居")
    )
    assert stranger.status_code == 404
    not_asked = family.browser("邻居").post(
        f"{MINE}requests/{asked.id}/agree", data=token(family, "邻居")
    )
    assert not_asked.status_code == 404
    assert press(family.browser("陈桂芳"), MINE, "cancel").status_code == 303
    assert family.request.state is RequestState.CANCELLED


def test_who_joins_while_it_waits_must_agree_too(family, write):
    asked = ask_for_household(family)
    with write() as session:
        newcomer = session.get_one(Resident, family.people["邻居"].id)
        newcomer.household_id = family.people["陈桂芳"].household_id
    assert press(family.browser("王建国"), f"{MINE}requests/{asked.id}", "agree").status_code == 303
    assert family.newest() is None
    assert press(family.browser("邻居"), f"{MINE}requests/{asked.id}", "agree").status_code == 303
    assert family.newest().content["names"] == ["陈桂芳", "王建国", "刘邻居"]


def test_a_request_that_nobody_answered_lapses(family, write):
    asked = ask_for_household(family)
    with write() as session:
        session.get_one(StatementRequest, asked.id).asked_at = clock.now() - timedelta(days=15)
    assert family.browser("王建国").get(f"{MINE}requests/{asked.id}").status_code == 404
    assert ask_for_household(family, "王建国").id != asked.id


def test_the_database_wants_every_agreement_too(family, db, write):
    asked = ask_for_household(family)
    row = {
        "request_id": asked.id, "number": "X", "code": "X", "signature": "x", "total_fen": 1,
        "content": {}, "issued_on": clock.today(), "revoke_reason": "",
    }  # fmt: skip

    def written():
        with write() as session:
            session.add(EarningsStatement(**row))

    with pytest.raises(DBAPIError):
        written()
    with write() as session:  # left, so nobody is missing
        session.get_one(Resident, family.people["王建国"].id).state = ResidentState.LEFT
    written()


def test_staff_ask_for_somebody_who_told_them(family):
    mother, father = family.people["陈桂芳"].id, family.people["王建国"].id
    page = f"/staff/residents/{mother}/statements"
    assert press(family.browser("staff"), page, channel="in_person", note="").status_code == 400
    assert press(family.browser("staff"), page, channel="page", note="窗口").status_code == 400
    told = {"channel": "in_person", "note": "今天上午在2号窗口当面说的"}
    assert press(family.browser("staff"), page, scope="household", **told).status_code == 303
    assert family.newest() is None
    answer = f"/staff/residents/{father}/statements"
    agreeing = f"{answer}/{family.request.id}/agree"
    assert press(family.browser("staff"), agreeing, channel="phone", note=" ").status_code == 400
    done = press(family.browser("staff"), agreeing, channel="phone", note="打电话说可以")
    assert done.status_code == 303
    statement = family.newest()
    assert done.headers["Location"].endswith(f"/staff/statements/{statement.id}")
    agreements = family.all_of(StatementAgreement)
    assert [(row.channel.value, row.note) for row in agreements] == [
        ("in_person", told["note"]),
        ("phone", "打电话说可以"),
    ]
    assert {row.recorded_by_id for row in agreements} == {family.accounts["staff"].id}
    revoking = f"/staff/statements/{statement.id}/revoke"
    done = press(family.browser("staff"), revoking, reason="本人要求")
    assert done.status_code == 303


def test_nothing_earned_is_no_statement(family):
    empty = press(family.browser("王建国"), MINE)  # his only work was done with his wife
    assert empty.status_code == 400
    assert "开不出证明" in empty.get_data(as_text=True)
    assert family.request is None
    wrong = press(family.browser("陈桂芳"), MINE, months="24")
    assert wrong.status_code == 400
    assert family.newest() is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_passbook_that_was_tampered_with_is_not_signed(family, write):
    with write() as session:  # by somebody who has the database itself
        session.execute(text("DROP TRIGGER passbook_line_no_update"))
        line = session.exec(select(PassbookLine)).first()
        line.facts = {**line.facts, "pay_fen": 9_999_900}
    page = family.browser("陈桂芳").get(MINE)
    assert page.status_code == 409
    assert "存折上有一行对不上" in page.get_data(as_text=True)
    assert family.newest() is None


def test_who_leaves_takes_their_statements_along(family, client):
    statement = issue_own(family)
    export = family.browser("陈桂芳").get("/me/data.json").get_data(as_text=True)
    assert statement.number in export
    assert press(family.browser("陈桂芳"), "/me/data/leave").status_code == 303
    assert family.all_of(EarningsStatement) == []
    assert client.get(f"/statements/{statement.code}").status_code == 404
