"""Threads: who reads and writes, what is hidden, limits, contacts, reports, slips."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from tests import factories
from tests.forms import press, submit
from tests.functional.matches_world import World, make_world, visible_words
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Role
from webapp.core.db import Database
from webapp.core.errors import NotFound
from webapp.matches.models import Match
from webapp.messages.masking import HIDDEN
from webapp.messages.models import ContactAgreement, Message, MessageThread, PrintedNotice
from webapp.messages.queries.threads import get_thread
from webapp.messages.services import agreements, sending
from webapp.residents.models import Consent, Resident

PATHS = {
    "resident": "/me/messages/",
    "employer": "/employer/messages/",
    "staff": "/staff/messages/",
}
PHONE, BOSS = "13712345678", "023-68001234"


@pytest.fixture
def world(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> World:
    """One of each role, the member of staff from the resident's own branch."""
    made = make_world(db, write, sign_in)
    with write() as session:
        branch_id = session.get_one(Resident, made.resident_id).branch_id
        made.accounts["staff"] = factories.make_account(
            session, role=Role.STAFF, branch_id=branch_id
        )
        employer = session.get_one(factories.Employer, made.employer_id)
        employer.phone, employer.contact_name = BOSS, "周经理"
        session.add(employer)
    return made


def page_of(world: World, role: str) -> str:
    return f"{PATHS[role]}{world.match_id}"


def say(world: World, role: str, text: str, **more: Any) -> Any:
    return press(world.browser(role), page_of(world, role), page_of(world, role), text=text, **more)


def badge(world: World, role: str) -> int:
    found = re.search(r'消息</span><span class="count">(\d+)', world.see(role, PATHS[role]))
    return int(found[1]) if found else 0


def status(world: World, role: str, path: str) -> int:
    return world.browser(role).get(path).status_code


def stored(world: World) -> list[Message]:
    with world.db.reader() as session:
        return list(session.exec(select(Message).order_by(Message.id)))


def withdraw_consent(world: World) -> None:
    with world.db.reader() as session:
        consent = session.exec(
            select(Consent).where(Consent.employer_id == world.employer_id)
        ).all()[-1]
    page = "/me/consents"
    assert (
        submit(world.browser("resident"), f"{page}/{consent.id}/withdraw", page=page).status_code
        == 303
    )


@pytest.mark.slow
def test_who_reads_and_writes(world: World, write: Any, sign_in: Any) -> None:
    assert status(world, "resident", page_of(world, "resident")) == 404  # nothing handed on yet
    assert status(world, "staff", page_of(world, "staff")) == 404
    world.record("confirm", channel="page")
    assert badge(world, "resident") == 1  # the offer
    assert "现在只有您和社区" in world.see("resident", page_of(world, "resident"))
    assert badge(world, "resident") == 0  # read
    assert say(world, "resident", "悄悄问社区一句").status_code == 303
    assert badge(world, "staff") == 1
    assert status(world, "employer", page_of(world, "employer")) == 404
    world.answer("interested")
    world.answer("share")
    assert badge(world, "employer") == 1  # the application
    words = world.see("employer", page_of(world, "employer"))
    assert "悄悄问社区一句" not in words  # written before they were in the thread
    assert "社区" in words  # who else reads is said
    assert say(world, "employer", "早上<b>八点</b>到").status_code == 303
    assert "早上&lt;b&gt;八点" in world.see("resident", page_of(world, "resident"))
    assert "看过了" in world.see("employer", page_of(world, "employer"))
    assert say(world, "staff", "社区提醒：带身份证").status_code == 303
    assert badge(world, "employer") == badge(world, "resident") == 1
    assert "悄悄问社区一句" in world.see("staff", page_of(world, "staff"))
    assert "社区提醒" in world.see("staff", f"{PATHS['staff']}?every=1")
    with write() as session:
        others = {role: factories.make_account(session, role=role) for role in Role}
        factories.make_resident(session, account_id=others[Role.RESIDENT].id)
        factories.make_employer(session, member=others[Role.EMPLOYER])
    for role, path in PATHS.items():  # another branch's staff too
        stranger = sign_in(others[Role(role)])
        assert stranger.get(f"{path}{world.match_id}").status_code == 404
        assert (
            submit(stranger, f"{path}{world.match_id}", {"text": "x"}, page=path).status_code == 404
        )
        assert "保洁员" not in stranger.get(f"{path}?every=1").get_data(as_text=True)
        if role != "staff":
            assert stranger.get(f"{path}report/{stored(world)[-1].id}").status_code == 404
    assert status(world, "employer", f"{PATHS['employer']}report/{stored(world)[0].id}") == 404


def test_numbers_are_hidden_until_both_agree(world: World) -> None:
    world.to_applied()
    reply = say(world, "resident", "打我：一三七 1234 5678")
    assert "遮住" in world.browser("resident").get(reply.location).get_data(as_text=True)
    assert stored(world)[-1].text == f"打我：{HIDDEN}"  # what is not stored cannot leak
    file = f"/employer/matches/{world.match_id}"
    assert PHONE not in world.see("employer", file) + world.see(
        "employer", page_of(world, "employer")
    )
    agree = f"{page_of(world, 'employer')}/contacts/agree"
    for _again in range(2):
        submit(world.browser("employer"), agree, page=page_of(world, "employer"))
    assert BOSS not in world.see("resident", page_of(world, "resident"))
    assert "想换电话" in world.see("resident", page_of(world, "resident"))
    asked = submit(
        world.browser("staff"),
        f"{page_of(world, 'staff')}/contacts/agree",
        page=page_of(world, "staff"),
    )
    assert asked.status_code == 403  # who signs in themselves agrees themselves
    press(world.browser("resident"), page_of(world, "resident"), "/contacts/agree")
    assert BOSS in world.see("resident", page_of(world, "resident"))
    assert PHONE in world.see("employer", page_of(world, "employer"))
    assert PHONE in world.see("employer", file)
    say(world, "employer", "也可以打 13988887777")
    assert "13988887777" in world.see("resident", page_of(world, "resident"))
    press(world.browser("resident"), page_of(world, "resident"), "/contacts/withdraw")
    for role in ("resident", "employer", "staff"):
        words = world.see(role, page_of(world, role))
        assert not {BOSS, PHONE, "13988887777"} & set(re.findall(r"[\d-]{11,12}", words)), role
    with world.db.reader() as session:
        rows = session.exec(select(ContactAgreement)).all()
    assert [(row.side.value, row.withdrawn_at is None) for row in rows] == [
        ("employer", True),
        ("resident", False),
    ]


def test_a_withdrawn_consent_ends_the_employers_sight_at_once(world: World) -> None:
    world.to_applied()
    for role in ("employer", "resident"):
        press(world.browser(role), page_of(world, role), "/contacts/agree")
    say(world, "resident", "我星期一能来")
    assert badge(world, "employer") == 1
    withdraw_consent(world)
    assert badge(world, "employer") == 0
    assert "星期一" not in world.see("employer", PATHS["employer"])
    assert status(world, "employer", page_of(world, "employer")) == 404
    posted = submit(
        world.browser("employer"), page_of(world, "employer"), {"text": "x"}, page=PATHS["employer"]
    )
    assert posted.status_code == 404
    assert BOSS not in world.see("resident", page_of(world, "resident"))
    # Agreed to anew, the numbers stay hidden until that too is agreed to anew.
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        assert submit(
            world.browser("resident"),
            f"/me/openings/{world.opening_id}/interest",
            page=f"/openings/{world.opening_id}",
        ).status_code in {303, 409}
        with world.db.transaction(SYSTEM) as session:
            match = session.get_one(Match, world.match_id)
            match.state = match.state.__class__("applied")
            session.add(match)
            session.add(
                Consent(
                    resident_id=world.resident_id,
                    purpose="employer",
                    employer_id=world.employer_id,
                    given_at=clock.now(),
                    channel="page",
                )
            )
    with world.db.reader() as session:
        assert get_thread(session, world.actor("employer"), world.match_id).agreed == frozenset()
    with world.db.transaction(world.actor("resident")) as session:
        with clock.frozen(clock.now() + timedelta(minutes=2)):
            thread = agreements.agree(session, world.actor("resident"), match_id=world.match_id)
        assert {side.value for side in thread.agreed} == {"resident"}


def test_limits_faults_and_a_form_sent_twice(world: World) -> None:
    world.to_applied()
    page = page_of(world, "resident")
    for text in ("", "  ", "长" * 501):
        refused = say(world, "resident", text)
        assert refused.status_code == 400
        assert text.strip() in refused.get_data(as_text=True)
    assert say(world, "resident", "旧页面", once="x").status_code == 400
    assert stored(world) == []
    once = "0" * 32
    for _again in range(2):
        assert say(world, "resident", "只说一遍", once=once).status_code == 303
    assert [message.text for message in stored(world)] == ["只说一遍"]
    actor = world.actor("resident")
    with world.db.transaction(actor) as session:
        for number in range(11):
            sending.send_message(
                session, actor, match_id=world.match_id, text="还有", once=f"{number:032d}x"[-32:]
            )
    late = say(world, "resident", "第十三条")
    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) > 3000
    words = late.get_data(as_text=True)
    assert "分钟再发" in words
    assert "第十三条" in words
    assert say(world, "employer", "别人不受影响").status_code == 303
    with clock.frozen(clock.now() + timedelta(hours=1, seconds=1)):
        assert say(world, "resident", "过一小时").status_code == 303
    assert world.browser("resident").get(f"{page}?before=1").status_code == 200
    assert world.browser("resident").get(f"{page}?before=x").status_code == 200


def test_a_reported_message_goes_to_staff(world: World) -> None:
    world.to_applied()
    say(world, "employer", "先交200块押金")
    message_id = stored(world)[-1].id
    report = f"{PATHS['resident']}report/{message_id}"
    assert press(world.browser("resident"), report).status_code == 400  # what is wrong?
    for _again in range(2):
        done = submit(world.browser("resident"), report, {"reason": "money", "note": "不放心"})
        assert done.status_code == 303
    assert "您举报过" in world.see("resident", page_of(world, "resident"))
    own = f"{PATHS['employer']}report/{message_id}"
    assert submit(world.browser("employer"), own, {"reason": "other"}).status_code == 409
    assert badge(world, "staff") == 1
    listed = world.see("staff", "/staff/messages/reports")
    assert "先交200块押金" in listed
    assert "举报 1" in visible_words(listed)
    assert "不放心" not in world.see("employer", page_of(world, "employer"))
    reports = "/staff/messages/reports"
    assert press(world.browser("staff"), reports, "/hidden").status_code == 303
    for role in ("resident", "employer", "staff"):
        words = world.see(role, page_of(world, role))
        assert "先交200块押金" not in words
        assert "遮掉了" in words
    assert "没有举报" in world.see("staff", reports)
    with world.db.reader() as session:
        [row] = session.exec(select(sending.MessageReport)).all()
    again = submit(world.browser("staff"), f"{reports}/{row.id}/kept", page=PATHS["staff"])
    assert again.status_code == 409


def test_who_has_no_phone_gets_a_slip(
    db: Database, write: Any, sign_in: Callable[[Account], FlaskClient], world: World
) -> None:
    with write() as session:
        person = session.get_one(Resident, world.resident_id)
        person.account_id, person.phone = None, None
        session.add(person)
    world.record("confirm", channel="in_person")
    assert "没有要交的纸条" in world.see("staff", "/staff/messages/slips")  # was told in person
    world.record("answer", answer="apply", told="in_person")
    day = (clock.today() + timedelta(days=2)).isoformat()
    world.employ("invite", day=day, time="09:30", place="厂门口")
    say(world, "employer", "请带副老花镜，号码13988887777")
    assert badge(world, "staff") == 1
    slips = "/staff/messages/slips"
    assert visible_words(world.see("staff", slips)).count("交到本人手上了") == 1
    with db.reader() as session:
        [slip] = session.exec(select(PrintedNotice)).all()
    paper = world.see("staff", f"{slips}/{slip.id}")
    for words in ("厂门口", "老花镜", "<svg", f"条子 {slip.id}", "61234567"):
        assert words in paper
    assert "13988887777" not in paper
    stranger = sign_in(_staff_of_another_branch(write))
    assert stranger.get(f"{slips}/{slip.id}").status_code == 404
    assert "打印过" in world.see("staff", slips)
    assert press(world.browser("staff"), slips, f"{slip.id}/handed").status_code == 303
    assert "没有要交的纸条" in world.see("staff", slips)
    twice = submit(world.browser("staff"), f"{slips}/{slip.id}/handed", page=PATHS["staff"])
    assert twice.status_code == 409
    say(world, "staff", "要得，我带起", speaker="resident")
    assert "社区代写" in world.see("employer", page_of(world, "employer"))
    press(world.browser("staff"), page_of(world, "staff"), "/contacts/agree")
    with db.reader() as session:
        [agreement] = session.exec(select(ContactAgreement)).all()
    assert agreement.on_behalf
    assert agreement.side.value == "resident"


def _staff_of_another_branch(write: Any) -> Account:
    with write() as session:
        return factories.make_account(session, role=Role.STAFF)


def test_ones_own_messages_are_given_out_and_end_with_the_service(world: World) -> None:
    world.to_applied()
    say(world, "resident", "我的话")
    say(world, "employer", "单位的话")
    data = json.loads(world.see("resident", "/me/data.json"))
    assert [row["text"] for row in data["messages"]] == ["我的话", "单位的话"]
    with world.db.transaction(world.actor("resident")) as session:
        from webapp.privacy import service as privacy

        privacy.leave(session, world.actor("resident"), resident_id=world.resident_id)
    assert stored(world) == []
    with world.db.reader() as session:
        assert session.exec(select(MessageThread)).all()
        with pytest.raises(NotFound):
            get_thread(session, world.actor("employer"), world.match_id)
