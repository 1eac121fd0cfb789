"""A person's copy of their tickets, and what is left when they leave the service."""

from sqlmodel import select

from tests.functional.tickets.world import at
from webapp.core import clock
from webapp.core.photos import Kept
from webapp.privacy.export import export
from webapp.privacy.service import leave
from webapp.tickets.lifecycle import Outcome, TicketChannel, TicketState
from webapp.tickets.models.steps import TicketEvent, TicketPhoto
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import filing, handling

SECRET = "家里的事不想让人晓得"


def test_the_copy_has_ones_words_and_no_secrets_of_others(world):
    world.file("resident", words=SECRET, is_private=True, photos=[Kept("a" * 32 + ".jpg", 9, 9)])
    world.sort("secretary", is_private=True)
    world.dispatch()
    world.do("owner", handling.acknowledge)
    world.do("owner", handling.add_remark, inside_words="这人爱告状")
    world.do("owner", handling.reply, words="办好了")
    with world.db.reader() as session:
        copy = export(session, world.actors["resident"], resident_id=world.resident_id)
    own = copy["tickets"]
    assert [one["words"] for one in own] == [SECRET]
    assert "办好了" in str(own)
    assert len(own[0]["pictures"]) == 1
    assert world.now().pin_hash not in str(own)
    for hidden in ("这人爱告状", "owner_id", "stored", "actor_id"):
        assert hidden not in str(own)


def test_who_leaves_takes_name_and_secrets_along_and_leaves_the_broken_lamp(world):
    with clock.frozen(at("2026-11-30 09:00")):
        lamp = world.file("resident", reporter=filing.Reporter("王小妹", "13812345678")).id
        told = filing.Reporter("王小妹", "13812345678", world.resident_id)
        asked = world.file(
            "clerk",
            words=SECRET,
            is_private=True,
            channel=TicketChannel.COUNTER,
            reporter=told,
            photos=[Kept("b" * 32 + ".jpg", 9, 9)],
        ).id
        danger = world.file("resident", words="他说要打死我", is_private=True).id
        world.act("resident", leave, resident_id=world.resident_id)
    with world.db.reader() as session:
        rows = {one.id: one for one in session.exec(select(Ticket))}
        said = " ".join(one.words + one.inside_words for one in session.exec(select(TicketEvent)))
        assert session.exec(select(TicketPhoto)).all() == []
    for row in rows.values():
        assert (row.reporter_name, row.reporter_phone) == (None, None)
        assert (row.resident_id, row.reporter_account_id) == (None, None)
    assert rows[lamp].words
    assert rows[lamp].state is TicketState.RECEIVED
    assert (rows[asked].words, rows[asked].state) == ("", TicketState.CLOSED)
    assert rows[asked].outcome is Outcome.UNREACHABLE
    # Whoever is in danger still needs help.
    assert rows[danger].words
    assert rows[danger].state is TicketState.RECEIVED
    assert SECRET not in said
