"""A family's own pages: claim, begin, hand in, disagree, read the passbook on screen and paper."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.forms import forms_on, press, submit
from tests.functional.pages import see
from tests.functional.piecework.world import key, make_world
from tests.functional.tables import count
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.formatting import date_words
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import AssignmentHold, AssignmentState
from webapp.piecework.models.assignment import Assignment, Delivery
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.models.passbook import PassbookLine
from webapp.piecework.presentation import order_figures
from webapp.piecework.services import claim_returns, timed_trials
from webapp.residents.models import Household, Resident
from webapp.rulebook.models import RuleFigure

MINE = "/me/piecework/"


@pytest.fixture
def world(app, db):
    made = make_world(db)
    made.publish()
    return made


@pytest.fixture
def browsers(world, db, sign_in):
    """Return a browser of each family."""
    with db.reader() as session:
        accounts = [session.get_one(Account, one.account_id) for one in world.families]
    return [sign_in(account) for account in accounts]


def send(browser, url, data, page=None):
    """Send the form to ``url`` as it stands on the page, with ``data`` typed in."""
    return press(browser, page or url, url, **data)


def test_what_an_hour_brings_stands_on_the_public_card(world, client):
    words = "一般一小时 67.5 元，慢的 54 元"
    assert words in see(client, "/openings/?kind=piecework")
    assert words in see(client, f"/openings/{world.order().opening_id}")
    timing = {"order_id": world.order_id, "pieces": 5, "seconds": 1500, "passed": 5}
    world.do(world.staff, timed_trials.record_timing, **timing, idempotency_key=key())
    again = see(client, "/openings/?kind=piecework")  # drawn anew, though no term has changed
    assert "一般一小时 54 元，慢的 36 元" in again


def test_a_family_claims_knowing_what_an_hour_brings(world, db, browsers):
    browser, url = browsers[0], f"{MINE}orders/{world.order_id}"
    opening = f"/openings/{world.order().opening_id}"
    assert opening in see(browser, "/openings/?kind=piecework")
    assert f'href="{url}">领一份' in see(browser, opening)
    page = see(browser, url)
    # 5 pieces of 3 yuan in 600, 800 and 1000 seconds
    for fact in ("90 元", "67.5 元", "54 元", "一条 4 元", "一条 0.5 元", "颜色顺序"):
        assert fact in page, fact
    member = str(world.families[0].resident_id)
    for bad in ("0", "-5", "2.5", "一百", "9" * 30, "", "5"):
        refused = send(browser, url, {"pieces": bad, "members": member})
        assert refused.status_code == 400, bad
    assert send(browser, url, {"pieces": "101", "members": member}).status_code == 409
    stranger = str(world.families[1].resident_id)
    for bad in ([], stranger):
        assert send(browser, url, {"pieces": "20", "members": bad}).status_code == 400
    assert count(db, Assignment) == 0
    first = send(browser, url, {"pieces": "20", "members": member, "idempotency_key": "a" * 32})
    again = send(browser, url, {"pieces": "20", "members": member, "idempotency_key": "a" * 32})
    assert first.status_code == again.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    assert count(db, Assignment) == 1
    assert world.order().claimed == 20
    assert "领好了" in see(browser, first.headers["Location"])


def test_a_delivery_is_handed_in_once_and_never_more_than_there_is(world, db, browsers):
    assignment = world.ready()
    url = f"{MINE}{assignment}"
    browser = browsers[0]
    assert send(browser, f"{url}/start", {}, page=url).status_code == 303
    for bad in ("0", "-1", "1.5", "22", "99999999999999999999", ""):
        refused = send(browser, f"{url}/hand-in", {"pieces": bad}, page=url)
        assert refused.status_code == 400, bad
        assert "有几处要改一改" in refused.get_data(as_text=True)
    wasted = f"wasted_{world.material_id}"
    refused = send(browser, f"{url}/hand-in", {"pieces": "5", wasted: "-1"}, page=url)
    assert refused.status_code == 400
    assert count(db, Delivery) == 0
    data = {"pieces": "8", wasted: "3", "idempotency_key": "b" * 32}
    for _ in range(2):
        assert send(browser, f"{url}/hand-in", data, page=url).status_code == 303
    assert count(db, Delivery) == 1
    assert world.totals(assignment)[AccountType.PENDING] == 8
    assert world.assignment(assignment).state is AssignmentState.SUBMITTED
    delivery = world.submit(assignment, 2)
    with db.reader() as session:
        first = session.exec(select(Delivery.id).where(Delivery.id != delivery)).one()
    world.inspect(first, accepted=7, rework=1)
    page = see(browser, url)
    assert "21 元" in page  # seven at three yuan
    assert "合格 7，返工 1，不合格 0" in page


def test_words_reach_the_centre_and_an_assignment_goes_back(world, browsers):
    assignment = world.ready()
    url, browser = f"{MINE}{assignment}", browsers[0]
    assert send(browser, f"{url}/short", {"reason": ""}, page=url).status_code == 400
    assert send(browser, f"{url}/short", {"reason": "少一包珠子"}, page=url).status_code == 303
    assert world.assignment(assignment).hold is AssignmentHold.MATERIAL_SHORT
    for bad in ({"about": "", "words": "不对"}, {"about": "pay", "words": ""}, {"about": "x"}):
        assert send(browser, f"{url}/dispute", bad, page=url).status_code == 400
    typed = {"about": "pay", "words": "", "idempotency_key": "d" * 32}
    failed = press(browser, url, f"{url}/dispute", **typed)
    keys = [
        form.data["idempotency_key"] for form in forms_on(failed) if "idempotency_key" in form.data
    ]
    assert len(set(keys)) == len(keys) == 3  # the one that failed keeps its own, the others do not
    assert keys.count("d" * 32) == 1
    told = {"about": "material", "words": "珠子少发了一包"}
    assert send(browser, f"{url}/dispute", told, page=url).status_code == 303
    assert "珠子少发了一包" in see(browser, url)
    assert f"{url}/give-back" not in see(browser, url)
    data = {"reason": "做不了", "idempotency_key": "e" * 32}
    held = submit(browser, f"{url}/give-back", data, page=url)
    assert held.status_code == 400
    assert "先把手里的材料退回社区" in held.get_data(as_text=True)
    other = world.claim(family=1)
    back = f"{MINE}{other}"
    done = send(browsers[1], f"{back}/give-back", {"reason": "眼睛不行"}, page=back)
    assert done.status_code == 303
    assert world.assignment(other).state is AssignmentState.WITHDRAWN
    assert world.order().claimed == 20


def test_another_familys_work_does_not_exist(world, browsers):
    assignment = world.ready()
    other = browsers[1]
    assert other.get(f"{MINE}{assignment}").status_code == 404
    for step in ("start", "hand-in", "short", "give-back", "dispute"):
        data = {"pieces": "1", "idempotency_key": "c" * 32}
        assert submit(other, f"{MINE}{assignment}/{step}", data, page=MINE).status_code == 404
    draft = world.draft()
    assert other.get(f"{MINE}orders/{draft}").status_code == 404


def test_the_passbook_reads_alike_on_screen_and_paper_and_can_be_checked(
    world, db, browsers, client
):
    assert "存折还是空的" in see(browsers[1], f"{MINE}passbook")
    assignment = world.ready()
    world.inspect(world.submit(assignment, 10), accepted=10)
    screen, paper = (see(browsers[0], f"{MINE}passbook{tail}") for tail in ("", "/print"))
    with db.reader() as session:
        lines = session.exec(select(PassbookLine).order_by(PassbookLine.number)).all()
    codes = [f"{line.number}·{line.digest[:8]}" for line in lines]
    assert len(codes) >= 5
    assert re.findall(r"\d+·[0-9a-f]{8}", paper) == codes
    shown = re.findall(r"第 (\d+) 笔，验码 ([0-9a-f]{8})", screen)
    assert ["·".join(one) for one in shown] == codes[::-1]
    assert all(f"/piecework/passbook/{line.digest}" in screen for line in lines)
    checked = see(client, f"/piecework/passbook/{lines[-1].digest}")
    assert "一致" in checked
    assert "串珠" not in checked  # no names, no amounts
    for wrong in ("0" * 64, "x", "%00", lines[-1].digest + "0"):
        answer = client.get(f"/piecework/passbook/{wrong}")
        assert answer.status_code in {200, 400, 404}
        assert "一致。" not in answer.get_data(as_text=True) or wrong.startswith(lines[-1].digest)


def test_everybody_claims_from_one_list_in_one_word(world, browsers, client):
    opening = world.order().opening_id
    cards = "/openings/?kind=piecework"
    for reader in (client, browsers[0]):
        page = see(reader, cards)
        assert f"/openings/{opening}" in page
        assert "（本地最低工资 " in page
    shown = see(client, f"/openings/{opening}")
    onward = f"/openings/{opening}/apply?next=/me/piecework/orders/{world.order_id}"
    assert onward in shown
    assert ">领一份</a>" in shown
    assert "我想去" not in shown
    assert "（本地最低工资 " in shown
    for path in (cards, MINE, f"{MINE}passbook"):
        assert f'{MINE}orders/"' not in see(browsers[0], path)  # no second list


def test_the_minimum_wage_on_a_card_is_that_of_the_day(world, db, client):
    cards, tomorrow = "/openings/?kind=piecework", clock.today() + timedelta(days=1)
    figure = RuleFigure(
        name="pay_floor_hour_1",
        value=9900,
        unit="fen",
        since=tomorrow,
        source="渝府发〔试〕1号",
        created_at=clock.now(),
    )
    with db.transaction(SYSTEM) as session:
        session.add(figure)
    assert "最低工资 99 元" not in see(client, cards)
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert "最低工资 99 元" in see(client, cards)  # though no opening has changed


def test_who_cannot_claim_reads_why_and_what_to_do(app, world, db, browsers):
    url = f"{MINE}orders/{world.order_id}"

    def change(model, id_, **values):
        with db.transaction(SYSTEM) as session:
            row = session.get_one(model, id_)
            before = {name: getattr(row, name) for name in values}
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)
        return before

    family = world.families[0]
    young = clock.today() - timedelta(days=365 * 15)
    cases = [
        (Account, family.account_id, {"phone_verified_at": None}, "核对", "/me/phone"),
        (Household, world.homes[0], {"unit_address": "", "provisional": True},
         "住哪一户", "/me/profile/basics"),
        (Resident, family.resident_id, {"birth_date": young}, "满 16 岁", "/help"),
        (PieceworkOrder, world.order_id, {"claimed": 100}, "都领完了", "/openings/?kind=piecework"),
    ]  # fmt: skip
    for model, id_, values, words, leads_to in cases:
        before = change(model, id_, **values)
        main = see(browsers[0], url).partition('id="claim"')[2]
        assert words in main, words
        assert leads_to in main, words
        assert 'name="pieces"' not in main, words
        change(model, id_, **before)
    page = see(browsers[0], url)
    assert re.search(r'name="pieces"[^>]* value="10"', page)  # the least, so that nobody must type
    with app.test_request_context():
        late = world.order().deadline + timedelta(days=1)
        assert "交货的日子过了" in order_figures.closed_words(world.order(), on=late)


def test_what_is_in_hand_stands_apart_from_what_is_finished(world, browsers):
    browser = browsers[0]
    empty = see(browser, MINE)
    assert "手上没有活" in empty
    assert "/openings/?kind=piecework" in empty
    assert "还没有做完的" in see(browser, f"{MINE}finished")
    given_back, handed_in = world.claim(10), world.ready(10)
    world.do(world.families[0], claim_returns.withdraw, assignment_id=given_back, reason="没空")
    world.submit(handed_in, 10)
    mine_now = world.claim(10)
    page = see(browser, MINE)
    in_hand, _, rest = page.partition("<h2>等社区的</h2>")
    assert f"{MINE}{mine_now}" in in_hand.partition("<h2>手上的活</h2>")[2]
    assert "下一步：到社区领材料" in in_hand  # the trial was done before
    assert f"轮到您，{date_words(world.assignment(mine_now).due)}前" in in_hand
    assert f"{MINE}{handed_in}" in rest
    assert f"{MINE}{handed_in}" not in in_hand
    assert "下一步：社区验收" in rest
    assert f"{MINE}{given_back}" not in page
    done = see(browser, f"{MINE}finished")
    assert f"{MINE}{given_back}" in done
    assert f"{MINE}{mine_now}" not in done
    assert "做完的、退掉的" in page
    assert f"{MINE}{given_back}" not in see(browsers[1], f"{MINE}finished")
