"""A family's own pages: claim, begin, hand in, disagree, read the passbook on screen and paper."""

import re

import pytest
from sqlmodel import select

from tests.forms import forms_on, press, submit
from tests.functional.pages import see
from tests.functional.piecework.world import key, make_world
from tests.functional.tables import count
from webapp.accounts.models import Account
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import AssignmentHold, AssignmentState
from webapp.piecework.models.assignment import Assignment, Delivery
from webapp.piecework.models.passbook import PassbookLine
from webapp.piecework.services import timed_trials

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
    assert "串珠手链" in see(browser, f"{MINE}orders/")
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


def test_residents_find_the_order_from_its_opening(world, browsers):
    opening = world.order().opening_id
    assert f"{MINE}orders/{world.order_id}" in see(browsers[0], f"/openings/{opening}")
