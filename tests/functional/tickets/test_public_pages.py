"""What everybody reads: only what was released, no name, no code; and what a branch left lying."""

from datetime import timedelta

import pytest
from sqlmodel import select, update

from tests.factories import make_branch
from tests.forms import press
from tests.functional.pages import see
from tests.functional.tickets.test_filing_pages import LAMP, SCRIPT, file, picture, tickets
from webapp.core import clock
from webapp.core.errors import Conflict, NotFound
from webapp.tickets.lifecycle import Escalation
from webapp.tickets.models.steps import TicketPhoto
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import pictures, publishing

ALL = "/feedback/public"
OVERDUE = "/feedback/overdue"


def released(office, ticket, words="路灯坏了三天"):
    office.do(office.secretary, publishing.publish, ticket_id=ticket.id, words=words)


@pytest.fixture
def filed(db, client):
    """A public ticket of somebody who left a name and a telephone, with a picture."""
    file(client, name="陈桂芳", phone="13812345678", photos=(picture(), "a.jpg"))
    return tickets(db)[0]


def test_only_what_was_released_is_read_by_everybody(app, db, client, filed, office):
    file(client, visibility="private", words="家里的事")
    assert "路灯" not in see(client, ALL)
    one = f"{ALL}/{filed.id}"
    assert client.get(one).status_code == 404
    released(office, filed)
    office.reply(filed)
    assert "路灯坏了三天" in see(client, ALL)
    page = see(client, one)
    for said in ("路灯坏了三天", "灯换好了，请看看。", "便民支部"):
        assert said in page
    for secret in (filed.code, "陈桂芳", "13812345678", LAMP["words"], LAMP["place"], "家里的事"):
        assert secret not in page + see(client, ALL)
    for other in (f"{ALL}/{filed.id + 1}", f"{ALL}/999999", f"{ALL}/0"):
        assert client.get(other).status_code == 404
    office.do(office.secretary, publishing.unpublish, ticket_id=filed.id)
    assert client.get(one).status_code == 404
    assert "路灯坏了三天" not in see(client, ALL)


def test_an_answer_names_nobody_to_everybody(client, filed, office):
    released(office, filed)
    office.reply(filed, words="陈桂芳您好，电工 138 1234 5678 和 023-61234567 明天来。")
    page = see(client, f"{ALL}/{filed.id}")
    assert "明天来" in page
    for secret in ("陈桂芳", "138 1234 5678", "61234567"):
        assert secret not in page


def test_what_the_reporter_says_later_is_not_for_everybody(client, filed, office):
    released(office, filed)
    office.ask(filed)
    press(client, f"/feedback/{filed.code}", "/answer", words="我姓陈，住3栋")
    assert "我姓陈" not in see(client, f"{ALL}/{filed.id}")
    assert "本人回了话" in see(client, f"{ALL}/{filed.id}")


def test_each_picture_is_released_by_itself(app, db, client, filed, office):
    with db.reader() as session:
        photo = session.exec(select(TicketPhoto)).one()
    shown = f"{ALL}/{filed.id}/photos/{photo.id}"
    which = {"ticket_id": filed.id, "photo_id": photo.id}
    with pytest.raises(Conflict):  # not before the words
        office.do(office.secretary, pictures.release_picture, **which)
    released(office, filed)
    assert client.get(shown).status_code == 404
    office.do(office.secretary, pictures.release_picture, **which)
    assert client.get(shown).mimetype == "image/jpeg"
    assert shown in see(client, f"{ALL}/{filed.id}")
    office.do(office.secretary, pictures.hide_picture, **which)
    assert client.get(shown).status_code == 404
    for wrong in ({**which, "photo_id": photo.id + 1}, {**which, "ticket_id": filed.id + 1}):
        with pytest.raises(NotFound):
            office.do(office.secretary, pictures.release_picture, **wrong)
    office.do(office.secretary, pictures.release_picture, **which)
    office.do(office.secretary, publishing.unpublish, ticket_id=filed.id)
    assert client.get(shown).status_code == 404


def test_branch_and_result_narrow_the_list_down(write, client, filed, office):
    released(office, filed)
    office.close(filed)
    with write() as session:
        other = make_branch(session)
    own = office.branch.id
    for query, there in [
        (f"branch={own}", True),
        (f"branch={other.id}", False),
        ("shown=resolved", True),
        (f"shown=resolved&branch={own}", True),
        ("shown=in_work", False),
        ("shown=replied", False),
        ("shown=partly", False),
        ("shown=other", False),
        ("shown=x&branch=x", True),
    ]:
        assert ("路灯坏了三天" in see(client, f"{ALL}?{query}")) is there, query
    assert "解决了" in see(client, ALL)


def test_scripts_are_words(client, filed, office):
    released(office, filed, words=SCRIPT)
    for page in (ALL, f"{ALL}/{filed.id}"):
        assert SCRIPT not in see(client, page)


def late(write, **which):
    """Let tickets lie until the public list names their branch."""
    changes = {"escalation": Escalation.PUBLIC, "due_at": clock.now() - timedelta(days=9)}
    with write() as session:
        statement = update(Ticket).values(**changes)
        for name, value in which.items():
            statement = statement.where(getattr(Ticket, name) == value)
        session.exec(statement)


def test_the_overdue_list_names_branches_and_counts_few_private_ones_out(
    write, db, client, filed, office
):
    released(office, filed)
    office.take(filed)
    assert "便民支部" not in see(client, OVERDUE)
    late(write)
    page = see(client, OVERDUE)
    assert "便民支部" in page
    assert "路灯坏了三天" in page
    assert "过了日子" in see(client, ALL)
    for person in (office.owner, office.backup, office.secretary):
        assert person.name not in page
    file(client, visibility="private", words="家里的事")
    late(write)  # nobody has sorted it: it is on the list all the same
    page = see(client, OVERDUE)
    assert "还没分给哪个支部的" in page
    assert "另外有不公开的，不到 5 件" in page
    assert "家里的事" not in page
    office.answer(filed)
    assert "便民支部" not in see(client, OVERDUE)
