"""The desk through its real pages: a ticket's whole course, and who sees what."""

import itertools
import re

import pytest
from sqlalchemy import event
from sqlmodel import select

from tests.forms import press, submit
from tests.functional.pages import see, text
from tests.functional.tickets import world as worlds
from tests.functional.tickets.world import at
from webapp.core import clock
from webapp.core.request_keys import fresh
from webapp.tickets import policy
from webapp.tickets.lifecycle import Outcome, TicketKind, TicketState, Urgency
from webapp.tickets.models.steps import TicketEvent
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.queries import desk, scope
from webapp.tickets.queries.desk import DeskList
from webapp.tickets.services import people
from webapp.tickets.services.filing import AboutStaff, Reporter

S = TicketState
MORNING = at("2026-11-30 09:00")


@pytest.fixture
def world(app, db, write):
    """The people, without a request around the browsers."""
    found = worlds.make(db, write)
    found.request = app.test_request_context
    return found


@pytest.fixture
def browsers(world, sign_in):
    """A browser for each member."""
    return {
        name: sign_in(world.accounts[name])
        for name in ("clerk", "secretary", "owner", "backup", "resident")
    }


def page_of(world):
    return f"/staff/tickets/{world.ticket_id}"


def test_the_whole_course_by_the_main_button(world, browsers):
    with clock.frozen(MORNING):
        world.file(reporter=Reporter("王婆婆", "13812345678"), place_words="三栋楼下")
        page = page_of(world)
        clerk, secretary, owner = (browsers[one] for one in ("clerk", "secretary", "owner"))
        assert "楼下路灯坏了" in see(clerk, "/staff/")
        assert page in see(clerk, "/staff/tickets/?list=unsorted")
        sorted_as = {"branch_id": world.branch_id, "kind": "request", "urgency": "ordinary"}
        assert press(clerk, page, "/sort", **sorted_as).status_code == 303
        hands = {
            "owner_id": world.accounts["owner"].id,
            "backup_id": world.accounts["backup"].id,
        }
        assert press(secretary, page, "/dispatch", **hands).status_code == 303
        assert "楼下路灯坏了" in see(owner, "/staff/")
        assert "138****5678" in see(clerk, page)
        assert "13812345678" not in see(clerk, page)
        assert "13812345678" in see(owner, page)
        assert press(owner, page, "/acknowledge").status_code == 303
        assert press(owner, page, "/start", words="下午去看").status_code == 303
        assert press(owner, page, "/reply", words="换了灯泡").status_code == 303
        assert press(clerk, page, "/call").status_code == 303
        assert "13812345678" in see(clerk, page)
        assert press(clerk, page, "/not-reached").status_code == 303
        ended = press(clerk, page, "/outcome", outcome="resolved", rating="satisfied")
        assert ended.status_code == 303
        shown = see(clerk, page)
    assert world.now().outcome is Outcome.RESOLVED
    for words in (
        "办结：解决了，满意",
        "打了电话，没人接",
        "对本人说：换了灯泡",
        "派给了责任人和后备",
    ):
        assert words in shown


def test_a_form_that_is_not_filled_in_says_where_and_changes_nothing(world, browsers):
    with clock.frozen(MORNING):
        world.file()
        page = page_of(world)
        version = world.now().version
        for name, data, said in (
            ("sort", {"kind": "request", "urgency": "ordinary"}, "请选一个支部"),
            ("sort", {"branch_id": world.branch_id, "kind": "x", "urgency": "danger"}, "有几处"),
            ("sort", {"branch_id": "999", "kind": "request", "urgency": "danger"}, "有几处"),
            ("merge", {"first_id": "0"}, "没有这一件"),
            ("merge", {"first_id": str(world.ticket_id)}, "最先的那一件"),
            ("publish", {"words": ""}, "请写几句"),
            ("publish", {"words": "长" * 1001}, "最多 1000"),
            ("out-of-scope", {"words": "  "}, "请写几句"),
        ):
            sent = {**data, "idempotency_key": fresh()}
            answer = submit(browsers["clerk"], f"{page}/{name}", sent, page=page)
            assert answer.status_code == 400, name
            assert said in text(answer), name
        assert world.now().version == version
        world.sort()
        same = {"owner_id": world.accounts["owner"].id, "backup_id": world.accounts["owner"].id}
        answer = press(browsers["secretary"], page, "/dispatch", **same)
        assert (answer.status_code, "要是两位" in text(answer)) == (400, True)
        # A step that is not the ticket's now, and one that is not this member's.
        assert submit(browsers["owner"], f"{page}/reply", {}, page=page).status_code == 409
        world.dispatch()
        key = {"idempotency_key": fresh()}
        assert submit(browsers["clerk"], f"{page}/acknowledge", key, page=page).status_code == 403
        assert browsers["clerk"].get("/staff/tickets/9999").status_code == 404
        assert browsers["resident"].get(page).status_code == 403
        assert browsers["resident"].get("/staff/tickets/").status_code == 403


def test_sent_twice_it_is_done_once(world, browsers):
    world.file()
    page = page_of(world)
    data = {"inside_words": "问了物业", "idempotency_key": "ab" * 16}
    for _n in range(2):
        sent = submit(browsers["clerk"], f"{page}/remark", data, page=page)
        assert sent.status_code == 303
    with world.db.reader() as session:
        assert len(session.exec(select(TicketEvent)).all()) == 2  # filed, and the remark


def test_a_private_one_is_for_its_branch(world, browsers):
    world.file(is_private=True, words="家里的事，不想让别人晓得")
    page = page_of(world)
    # Before anybody has sorted it: the secretaries.
    assert [browsers[one].get(page).status_code for one in ("clerk", "secretary", "owner")] == [
        200, 200, 404,
    ]  # fmt: skip
    gone = press(
        browsers["clerk"],
        page,
        "/sort",
        branch_id=world.branch_id,
        kind="help",
        urgency="ordinary",
    )
    assert gone.headers["Location"] == "/staff/tickets/"
    for who, status in (("clerk", 404), ("secretary", 200), ("owner", 200), ("backup", 200)):
        browser = browsers[who]
        assert browser.get(page).status_code == status, who
        lists = [see(browser, f"/staff/tickets/?list={one.value}") for one in DeskList]
        assert any("家里的事" in one for one in lists) is (status == 200), who
        assert ("家里的事" in see(browser, "/staff/")) is (status == 200), who


def test_what_is_said_of_a_member_is_hidden_from_them_everywhere(world, browsers):
    about = world.accounts["backup"].id
    world.file(words="他说话太凶了，还拍桌子", about=AboutStaff(about))
    page = page_of(world)
    assert browsers["owner"].get(page).status_code == 404
    assert browsers["secretary"].get(page).status_code == 200
    world.sort("secretary", is_private=True)
    hands = {"owner_id": world.accounts["owner"].id, "backup_id": about}
    key = {"idempotency_key": fresh()}
    answer = submit(browsers["secretary"], f"{page}/dispatch", hands | key, page=page)
    assert answer.status_code == 400
    assert world.now().state is S.CLASSIFIED
    world.dispatch("secretary", "owner", "secretary")
    backup = browsers["backup"]
    assert browsers["owner"].get(page).status_code == 200
    assert backup.get(page).status_code == 404
    for step in ("acknowledge", "reply", "publish", "remark"):
        answer = submit(backup, f"{page}/{step}", {"words": "x"}, page="/staff/branches/me")
        assert answer.status_code == 404, step
    for address in ("/staff/", "/staff/tickets/?list=all", "/staff/tickets/?list=branch"):
        assert "拍桌子" not in see(backup, address)
    assert "（0）" in re.findall(r"全部（\d+）", see(backup, "/staff/tickets/"))[0]


def test_what_is_said_of_a_secretary_goes_to_another_branch(world, browsers):
    about = world.accounts["secretary"].id
    world.file(words="书记收了我两百块", about=AboutStaff(about))
    page = page_of(world)
    assert browsers["secretary"].get(page).status_code == 404
    said = {"kind": "complaint", "urgency": "complex", "is_private": "y", "about_account_id": about}
    wrong = press(browsers["clerk"], page, "/sort", branch_id=world.branch_id, **said)
    assert (wrong.status_code, "别的支部" in text(wrong)) == (400, True)
    right = press(browsers["clerk"], page, "/sort", branch_id=world.other_branch_id, **said)
    assert right.status_code == 303


def test_lists_and_pages_agree_on_who_may_read(world, write):
    """``scope`` says of every ticket what the policy says, for every member."""
    accounts = {name: world.accounts[name].id for name in ("owner", "backup", "secretary")}
    for private, about, danger, branch in itertools.product(
        (False, True), (None, *accounts.values()), (False, True), (None, world.branch_id)
    ):
        world.file(
            words="有人拿刀" if danger else "灯坏了",
            is_private=private,
            about=AboutStaff(about) if about else None,
            client=f"{private}{about}{danger}{branch}",
        )
        if branch:
            with write() as session:
                session.get_one(Ticket, world.ticket_id).branch_id = branch
    with world.db.reader() as session:
        tickets = session.exec(select(Ticket)).all()
        for name, actor in world.actors.items():
            standing = people.standing_of(session, actor)
            by_query = set(
                session.exec(select(Ticket.id).where(scope.may_read(actor, standing))).all()
            )
            by_policy = {one.id for one in tickets if policy.can_read(actor, one, standing)}
            assert by_query == by_policy, name
    assert len(tickets) == 32


def test_the_lists(world):
    with clock.frozen(MORNING):
        late = world.file(kind=TicketKind.QUESTION).id
        asked = world.in_hand().id
        answered = world.replied().id
        danger = world.file(words="煤气味好大").id
    with clock.frozen(at("2026-12-04 09:00")), world.db.reader() as session:

        def ids(who, which):
            actor = world.actors[who]
            rows = session.execute(
                desk.of_list(actor, people.standing_of(session, actor), which)
            ).all()
            return [row.Ticket.id for row in rows]

        assert ids("owner", DeskList.MINE) == [answered, asked]
        assert ids("clerk", DeskList.UNSORTED) == [danger, late]
        assert ids("clerk", DeskList.OVERDUE) == [danger, answered, late]
        assert ids("clerk", DeskList.CALLS) == [answered]
        assert ids("owner", DeskList.CALLS) == []
        assert ids("owner", DeskList.ALL)[0] == danger
        actor = world.actors["owner"]
        counted = desk.counts(session, actor, people.standing_of(session, actor))
        assert all(len(ids("owner", one)) == counted[one] for one in DeskList)


def test_the_danger_notice_and_the_estimate_are_said(world, sign_in):
    with clock.frozen(at("2028-12-01 09:00")):
        clerk = sign_in(world.accounts["clerk"])
        world.file(kind=TicketKind.QUESTION)
        assert "放假安排还没出来" in see(clerk, page_of(world))
        world.file(words="楼道着火了")
        shown = see(clerk, page_of(world))
    assert "110、119、120" in shown
    assert "放假安排" not in shown
    assert Urgency.DANGER.label in shown
    assert "/merge" not in shown


def test_a_page_asks_a_bounded_number_of_queries(world, browsers, db):
    """However many forms it holds, and however much has happened."""
    world.file()
    few = _queries(db, browsers["secretary"], page_of(world))
    world.in_hand()
    for n in range(5):
        world.add_words(f"再说一句 {n}")
    many = _queries(db, browsers["secretary"], page_of(world))
    assert max(few, many) <= 24


def _queries(db, browser, page):
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.read_engine, "before_cursor_execute", note)
    see(browser, page)
    event.remove(db.read_engine, "before_cursor_execute", note)
    return len(asked)


def test_who_sorts_it_is_proposed_first_and_the_outcome_waits_for_the_call(world, browsers):
    with clock.frozen(MORNING):
        world.file(reporter=Reporter("王婆婆", "13812345678"))
        world.sort()
        page = page_of(world)
        assert press(browsers["owner"], page, "/dispatch").status_code == 303
        taken = world.now()
        assert (taken.state, taken.owner_id) == (S.ACKNOWLEDGED, world.accounts["owner"].id)
        assert taken.backup_id == world.accounts["secretary"].id
        assert press(browsers["owner"], page, "/reply", words="换了灯泡").status_code == 303
        assert "/outcome" not in see(browsers["clerk"], page)
        world.replied()  # who left no number cannot be called
        assert "/outcome" in see(browsers["clerk"], page_of(world))
