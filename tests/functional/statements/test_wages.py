"""Wages as employers confirm them: of their own hires alone; the person may object."""

import pytest

from tests.forms import press
from tests.functional.statements import world
from tests.functional.statements.conftest import ALONE_FEN
from webapp.core import clock
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.statements.forms import fen_of
from webapp.statements.models import WageConfirmation
from webapp.statements.services.wages import months_of

MINE = "/me/statements/"


def confirm(family, amount="3200.50", month=None, who="boss"):
    """Confirm a wage of this month, or of another one."""
    month = month or world.months_ago(0)
    return press(
        family.browser(who), f"/employer/wages/{family.match_id}",
        amount_yuan=amount, month=month.isoformat(),
    )  # fmt: skip


def test_a_confirmed_wage_stands_on_the_statement(family):
    listed = family.browser("boss").get("/employer/wages/").get_data(as_text=True)
    assert "王建国" in listed
    assert confirm(family).status_code == 303
    assert confirm(family, "2800", world.months_ago(1)).status_code == 303
    assert "3,200.5" in family.browser("王建国").get(MINE).get_data(as_text=True)
    assert press(family.browser("王建国"), MINE).status_code == 303
    content = family.newest().content
    assert [line[3] for line in content["wages"]] == [280_000, 320_050]
    assert content["total_fen"] == 600_050


def test_a_correction_takes_the_place_of_what_was_said(family):
    confirm(family, "3000")
    confirm(family, "3100")
    assert [row.amount_fen for row in family.all_of(WageConfirmation) if not row.ended_at] == [
        310_000
    ]
    page = f"/employer/wages/{family.match_id}"
    assert press(family.browser("boss"), page, "withdraw").status_code == 303
    assert press(family.browser("王建国"), MINE).status_code == 400  # nothing is left


def test_what_the_person_objects_to_counts_for_nothing(family):
    confirm(family)
    page = f"{MINE}wages/{family.wage.id}"
    assert family.browser("邻居").get(page).status_code == 404
    assert family.browser("陈桂芳").get(page).status_code == 404  # nor his wife
    assert press(family.browser("王建国"), page, words=" ").status_code == 400
    assert press(family.browser("王建国"), page, words="只给了两千").status_code == 303
    assert press(family.browser("王建国"), MINE).status_code == 400
    told = family.browser("boss").get(f"/employer/wages/{family.match_id}").get_data(as_text=True)
    assert "本人说数不对" in told
    assert "只给了两千" not in told  # the words are the branch's to read
    waiting = family.browser("staff").get("/staff/work/wages").get_data(as_text=True)
    assert "王建国" in waiting
    file = f"/staff/residents/{family.people['王建国'].id}/statements"
    assert "只给了两千" in family.browser("staff").get(file).get_data(as_text=True)
    assert press(family.browser("staff"), file, "right").status_code == 303
    assert press(family.browser("王建国"), MINE).status_code == 303


def test_an_employer_sees_its_own_hires_and_nothing_else(family, write):
    assert confirm(family).status_code == 303
    page = f"/employer/wages/{family.match_id}"
    assert family.browser("rival").get(page).status_code == 404
    stranger = family.browser("rival").post(
        f"/employer/wages/{family.wage.id}/withdraw", data=_token(family, "rival")
    )
    assert stranger.status_code == 404
    assert "王建国" not in family.browser("rival").get("/employer/wages/").get_data(as_text=True)
    for who in ("王建国", "staff"):
        assert family.browser(who).get(page).status_code == 403
    shown = family.browser("boss").get(page).get_data(as_text=True)
    for secret in ("123.45", "证明编号", "低保"):
        assert secret not in shown
    with write() as session:  # before they are hired there is nothing to confirm
        session.get_one(Match, family.match_id).state = MatchState.INTERVIEW
    assert family.browser("boss").get(page).status_code == 404


def _token(family, who):
    page = family.browser(who).get("/account/password").get_data(as_text=True)
    return {"csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0]}


def test_what_is_no_wage_is_said_beside_the_field(family):
    for amount in ("0", "-5", "", "NaN", "sNaN", "Infinity", "1e400", "0.001", "100000.01", "三千"):
        assert confirm(family, amount).status_code == 400, amount
    assert family.wage is None


def test_only_months_of_the_job_can_be_confirmed(family, write):
    assert confirm(family, month=world.months_ago(5)).status_code == 400  # hired 100 days ago
    assert confirm(family, month=world.months_ago(-1)).status_code == 400
    assert family.wage is None
    with write() as session:
        match = session.get_one(Match, family.match_id)
        match.state, match.since = MatchState.LEFT, clock.now().replace(day=1)
        match.start_date = world.months_ago(2)
        assert [f"{one:%m}" for one in months_of(match)][-1] == f"{world.months_ago(2):%m}"
    assert confirm(family, month=world.months_ago(1)).status_code == 303


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("123.45", ALONE_FEN), ("1,234.5", 123_450), ("￥３００", 30_000), ("300 元", 30_000),
        ("0.05", 5), (".5", None), ("1.234", None), ("-1", None), ("", None), ("1e3", None),
        ("٣", None),
    ],
)  # fmt: skip
def test_amounts_as_people_copy_them(text, fen):
    assert fen_of(text) == fen
