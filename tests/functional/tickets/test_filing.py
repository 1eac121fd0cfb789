"""A ticket is filed: by whom, how soon it is due, what its code opens, and what is refused."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from tests.factories import acting, make_account, make_resident
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import ANONYMOUS, SYSTEM, Role
from webapp.core.errors import BadField, Forbidden, TooMany
from webapp.core.photos import Kept
from webapp.engine import triage
from webapp.notices import delivery
from webapp.notices.models import Audience, OutboxRow, OutsideChannel
from webapp.tickets import deadlines
from webapp.tickets.lifecycle import TicketChannel, TicketKind, TicketState, Urgency
from webapp.tickets.models.steps import TicketEvent, TicketPhoto
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import filing
from webapp.tickets.services.filing import AboutStaff, Reporter

WEB = TicketChannel.WEB
NOON = datetime(2026, 9, 30, 12, tzinfo=clock.LOCAL)


@pytest.fixture(autouse=True)
def context(app):
    with app.test_request_context():
        yield


def file(db, actor=ANONYMOUS, **given):
    said = {"words": "三栋楼下的灯坏了，晚上看不见路。", "channel": WEB, "client": "10.0.0.1"}
    with db.transaction(actor) as session:
        return filing.file_ticket(session, actor, **{**said, **given})


def test_without_account_or_telephone(db):
    with clock.frozen(NOON):
        filed = file(db)
    with db.reader() as session:
        ticket = session.exec(select(Ticket)).one()
        steps = session.exec(select(TicketEvent)).all()
    assert (ticket.code, filed.pin, ticket.pin_hash) == (filed.code, None, None)
    assert (ticket.state, ticket.urgency) == (TicketState.RECEIVED, Urgency.ORDINARY)
    assert (ticket.reporter_account_id, ticket.filed_by_id) == (None, None)
    # Seven working days after the thirtieth of September, over the week of the National Day.
    assert ticket.due_at == datetime(2026, 10, 16, tzinfo=clock.LOCAL)
    assert [(one.action, one.by_reporter) for one in steps] == [("file", True)]
    assert filing.pin_fits(ticket, "")


def test_a_private_one_has_a_pin_that_the_database_does_not_know(db):
    filed = file(db, is_private=True, reporter=Reporter("王小妹", "13812345678"))
    with db.reader() as session:
        row = session.execute(text("SELECT * FROM ticket")).mappings().one()
        ticket = session.exec(select(Ticket)).one()
    assert filed.pin is not None
    assert len(filed.pin) == 6
    for secret in (filed.pin, "王小妹", "13812345678", "灯坏了"):
        assert secret not in str(dict(row))
    wrong = f"{(int(filed.pin) + 1) % 10**6:06d}"
    assert filing.pin_fits(ticket, f" {filed.pin} ")
    assert not filing.pin_fits(ticket, wrong)
    assert not filing.pin_fits(ticket, "")
    # The PIN of one opens no other.
    other = file(db, is_private=True)
    assert filing.pin_digest(other.code, filed.pin) != ticket.pin_hash


@pytest.mark.parametrize(
    ("kind", "words", "urgency", "due"),
    [
        (None, "楼道里煤气味好大，好多人都闻到了", Urgency.DANGER, NOON + timedelta(hours=2)),
        (
            TicketKind.QUESTION,
            "办居住证要带些什么",
            Urgency.QUESTION,
            datetime(2026, 10, 11, tzinfo=clock.LOCAL),
        ),
        (
            TicketKind.COMPLAINT,
            "楼上半夜装修，说了几次都不听",
            Urgency.ORDINARY,
            datetime(2026, 10, 28, tzinfo=clock.LOCAL),
        ),
    ],
)
def test_how_soon(db, kind, words, urgency, due):
    with clock.frozen(NOON):
        ticket = file(db, kind=kind, words=words).ticket
    assert (ticket.urgency, ticket.due_at) == (urgency, due)
    assert due == deadlines.reply_due_of(ticket)


def test_danger_rings_who_is_on_duty_in_the_middle_of_the_night(db, write):
    with write() as session:
        session.add(
            OutsideChannel(
                name="gateway",
                url="json://127.0.0.1",
                audience=Audience.PEOPLE,
                created_at=clock.now(),
            )
        )
        member = make_account(session, role=Role.STAFF)
        about = make_account(session, role=Role.STAFF)
    night = datetime(2026, 11, 30, 3, tzinfo=clock.LOCAL)
    with clock.frozen(night):
        file(db, words="我屋头有人拿刀，快来", about=AboutStaff(about.id))
        with db.reader() as session:
            rung = session.exec(select(OutboxRow)).all()
            due = session.exec(select(OutboxRow.id).where(delivery._is_due())).all()
    assert [(row.account_id, row.due_at) for row in rung] == [(member.id, night)]
    assert len(due) == 1
    assert rung[0].urgent is not None
    assert rung[0].urgent.startswith(member.phone)
    assert "刀" not in rung[0].urgent


def test_what_sounds_harmless_rings_nobody(db, write):
    with write() as session:
        make_account(session, role=Role.STAFF)
    file(db)
    with db.reader() as session:
        assert session.exec(select(OutboxRow)).all() == []


def test_staff_write_down_what_they_were_told(db, write):
    with write() as session:
        staff = make_account(session, role=Role.STAFF)
        resident = make_resident(session, with_account=True)
        own = session.get_one(Account, resident.account_id)
    said = Reporter("李大爷", "13912345678", resident.id)
    clerk = acting(staff, branch_id=staff.branch_id)
    ticket = file(db, clerk, channel=TicketChannel.COUNTER, reporter=said).ticket
    assert (ticket.filed_by_id, ticket.reporter_account_id) == (staff.id, None)
    assert (ticket.resident_id, ticket.reporter_name) == (resident.id, "李大爷")
    with pytest.raises(Forbidden):
        file(db, channel=TicketChannel.PHONE)
    citizen = acting(own, resident_id=resident.id)
    mine = file(db, citizen, reporter=Reporter("x", "1", resident_id=99)).ticket
    assert (mine.reporter_account_id, mine.resident_id) == (own.id, resident.id)


@pytest.mark.parametrize("words", ["", "  \n ", "长" * (filing.MOST_WORDS + 1)])
def test_no_words_or_too_many(db, words):
    with pytest.raises(BadField, match="写"):
        file(db, words=words)
    with db.reader() as session:
        assert session.exec(select(Ticket)).all() == []


def test_pictures_come_along(db):
    pictures = [Kept(f"{n:032x}.jpg", 40, 30) for n in range(filing.MOST_PHOTOS + 1)]
    with pytest.raises(BadField, match="照片"):
        file(db, photos=pictures)
    file(db, photos=pictures[1:])
    with db.reader() as session:
        kept = session.exec(select(TicketPhoto)).all()
    assert {one.stored for one in kept} == {one.stored for one in pictures[1:]}
    assert all(one.by_reporter for one in kept)


def test_flooding_is_refused_with_a_sentence_and_danger_is_not(db):
    with clock.frozen(NOON):
        for _n in range(10):
            file(db)
        with pytest.raises(TooMany, match=r"最多交 10 件.*打社区电话"):
            file(db)
        assert file(db, words="三楼着火了").ticket.urgency is Urgency.DANGER
        assert file(db, client="10.0.0.2").code
        assert file(db, SYSTEM, channel=TicketChannel.SYSTEM).code
    with clock.frozen(NOON + timedelta(hours=1, seconds=1)):
        assert file(db).code


@pytest.mark.parametrize(
    "words",
    [
        "三楼着火了快点", "电线垂下来了，火花直冒", "婆婆晕倒了喊不醒", "他说要打死我",
        "我不想活了", "娃娃走丢了，半个钟头了", "电梯卡住了，里头困了两个人", "围墙要倒了",
        "邻居屋里冒浓烟",
    ],
)  # fmt: skip
def test_danger_is_heard(words):
    assert triage.dangers(words)


@pytest.mark.parametrize(
    "words",
    [
        "想学做面，哪里报名",
        "灯坏了",
        "广场舞太吵",
        "低保怎么办",
        "谢谢小李帮我修水管",
        "工钱还没发",
    ],
)
def test_what_is_no_danger(words):
    assert not triage.dangers(words)
