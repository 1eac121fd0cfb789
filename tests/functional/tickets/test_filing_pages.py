"""/feedback/new through its real form: nobody, a resident, a poster, and every bad input."""

import io

import pytest
from PIL import Image
from sqlmodel import col, select

from tests.factories import make_account, make_resident
from tests.forms import press
from tests.functional.pages import see, text
from webapp.accounts.models import Account
from webapp.core import photos
from webapp.core.access import Role
from webapp.tickets.lifecycle import TicketChannel, Urgency
from webapp.tickets.models.steps import TicketPhoto
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.queries.desk import DeskList
from webapp.tickets.services import filing

NEW = "/feedback/new"
LAMP = {"words": "3栋2单元的路灯坏了三天", "place": "3栋2单元门口", "visibility": "public"}
#: What a browser must never run; typed into every field.
SCRIPT = "<script>alert(1)</script>"
GPS, ORIENTATION = 0x8825, 0x0112


def picture(**more) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG", **more)
    out.seek(0)
    return out


def with_place() -> io.BytesIO:
    """A picture in which a camera wrote where it was taken."""
    notes = Image.Exif()
    notes[ORIENTATION] = 1
    notes.get_ifd(GPS)[1] = "N"
    return picture(exif=notes)


def tickets(db):
    with db.reader() as session:
        return list(session.exec(select(Ticket).order_by(col(Ticket.id))))


def file(browser, page=NEW, **changes):
    return press(browser, page, **{**LAMP, **changes})


def test_somebody_without_account_files_and_follows(app, db, client):
    answer = file(client, photos=(with_place(), "路灯.jpg"))
    assert answer.status_code == 303
    [ticket] = tickets(db)
    assert (ticket.channel, ticket.is_private) == (TicketChannel.WEB, False)
    assert (ticket.resident_id, ticket.reporter_account_id) == (None, None)
    page = see(client, answer.location)
    assert page.count(ticket.code[4:8]) >= 1
    assert "前答复您" in page
    assert "密码" not in page
    with db.reader() as session:
        [photo] = session.exec(select(TicketPhoto))
    kept = photos.load(app.extensions["settings"].uploads / filing.FOLDER, photo.stored)
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert "3栋2单元的路灯坏了三天" in see(app.test_client(), f"/feedback/{ticket.code}")


def test_a_private_one_gives_its_pin_once_to_the_browser_that_filed_it(app, db, client):
    answer = file(client, visibility="private")
    page = see(client, answer.location)
    [ticket] = tickets(db)
    assert ticket.is_private
    assert "密码只在这里给一次" in page
    stranger = app.test_client()
    stranger.get(NEW)
    assert stranger.get(answer.location).status_code == 410
    assert stranger.get(answer.location + "x").status_code == 410
    assert stranger.get("/feedback/filed/x").status_code == 410
    assert "路灯" not in see(stranger, f"/feedback/{ticket.code}")


def test_sent_twice_it_is_one(db, client):
    key = {"idempotency_key": "ab" * 16}
    first, second = file(client, **key), file(client, **key)
    assert first.location == second.location
    assert len(tickets(db)) == 1


def test_a_residents_ticket_is_theirs(app, db, write, sign_in):
    with write() as session:
        resident = make_resident(session, with_account=True)
        account = session.get_one(Account, resident.account_id)
    browser = sign_in(account)
    file(browser, visibility="private")
    [ticket] = tickets(db)
    assert ticket.resident_id == resident.id
    assert "路灯" in see(browser, "/me/feedback")
    assert "3栋2单元的路灯坏了三天" in see(browser, f"/feedback/{ticket.code}")  # without the PIN


def test_what_is_said_of_a_member_is_private_and_theirs_to_see_nowhere(
    app, db, write, sign_in, client
):
    with write() as session:
        member = make_account(session, role=Role.STAFF, name="周建国")
    assert file(client, member="x").status_code == 400
    answer = file(client, words="办事员收了我两百块", member=str(member.id))
    [ticket] = tickets(db)
    assert ticket.is_private
    assert ticket.about_account_id == member.id
    assert "支部书记" in see(client, answer.location)
    own = sign_in(member)
    assert own.get(f"/feedback/{ticket.code}").status_code == 404
    assert own.get(f"/staff/tickets/{ticket.id}").status_code == 404
    for which in DeskList:
        assert "两百块" not in see(own, f"/staff/tickets/?list={which}")
    with write() as session:
        secretary = make_account(session, role=Role.STAFF, is_secretary=True)
        other = make_account(session, role=Role.STAFF, branch_id=secretary.branch_id)
    road = "/staff/tickets/?list=about_staff"
    assert "两百块" in see(sign_in(secretary), road)
    slip = sign_in(secretary).get(f"/feedback/{ticket.code}")
    assert slip.location == f"/staff/tickets/{ticket.id}"
    assert "两百块" not in see(sign_in(other), road)


def test_danger_says_whom_to_ring_first(db, client):
    page = see(client, NEW)
    assert page.index("tel:110") < page.index('<form method="post" novalidate')
    answer = file(client, words="4栋楼道里煤气味好大")
    shown = see(client, answer.location)
    assert "听着像有危险" in shown
    assert shown.index("tel:119") < shown.index("code-box")
    assert tickets(db)[0].urgency is Urgency.DANGER
    page = text(file(client, words="4栋楼道里煤气味好大", visibility=""))
    assert "听着像有危险" in page  # on the way, too


def test_wages_say_who_else_helps(client):
    answer = file(client, words="老板拖了三个月工钱没发", visibility="private")
    assert "12333" in see(client, answer.location)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"words": ""}, "请写几句"),
        ({"words": "  \n "}, "请写几句"),
        ({"words": "长" * 100_000}, "太长了"),
        ({"place": "长" * 61}, "最多"),
        ({"visibility": ""}, "请点一个"),
        ({"visibility": "x"}, ""),
        ({"phone": "123"}, "11 位手机号"),
        ({"name": "长" * 41}, "最多"),
        ({"idempotency_key": "x"}, "请刷新"),
        ({"photos": lambda: (io.BytesIO(b"GIF89a"), "a.jpg")}, "这不是照片"),
        ({"photos": lambda: [(picture(), f"{n}.jpg") for n in range(5)]}, "最多传 4 张"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(db, client, changes, said):
    sent = {name: one() if callable(one) else one for name, one in changes.items()}
    answer = file(client, **sent)
    assert answer.status_code == 400
    assert said in text(answer)
    if "words" not in changes:
        assert LAMP["words"] in text(answer)  # what was typed stays
    assert tickets(db) == []


def test_a_picture_that_swells_is_refused(app, db, client, monkeypatch):
    monkeypatch.setattr(photos, "MOST_PIXELS", 64 * 48 - 1)
    answer = file(client, photos=(picture(), "a.jpg"))
    assert answer.status_code == 400
    assert "请拍小一点" in text(answer)
    assert "照片没有留住" in text(answer)
    folder = app.extensions["settings"].uploads / filing.FOLDER
    assert not list(folder.glob("*.jpg"))
    assert tickets(db) == []


def test_scripts_are_words(db, client):
    answer = file(client, words=SCRIPT, place=SCRIPT, name=SCRIPT)
    [ticket] = tickets(db)
    for page in (answer.location, answer.location + "/slip", f"/feedback/{ticket.code}"):
        assert SCRIPT not in see(client, page)
    assert "&lt;script&gt;" in see(client, f"/feedback/{ticket.code}")
    wrong = text(file(client, words=SCRIPT, place=SCRIPT, name=SCRIPT, phone=SCRIPT))
    assert SCRIPT not in wrong


def test_a_flood_is_stopped_with_a_sentence(db, client, monkeypatch):
    for _n in range(40):
        answer = file(client)
        if answer.status_code != 303:
            break
    assert answer.status_code == 429
    assert "一个小时里最多" in text(answer)
    assert LAMP["words"] in text(answer)
    assert file(client, words="4栋楼道里煤气味好大").status_code == 303  # danger is never kept out
