"""Dangerous goods in an order: every text of it looked through, each time that it goes on.

What is said to be used may not go into homes at all. What is in doubt is looked at by staff; where
it concerns work at home, by two members: who checked the safety does not publish.
"""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlmodel import Session

from webapp.core.access import Actor
from webapp.core.errors import BadField, Fault, Refused
from webapp.openings.models import Opening
from webapp.piecework.models.order import OrderMaterial, PieceworkOrder
from webapp.piecework.services.access import materials_of
from webapp.rulebook import danger
from webapp.rulebook.danger import DangerFinding

Found = list[tuple[str, DangerFinding]]


def find(session: Session, order: PieceworkOrder) -> Found:
    """Return what all texts of an order hold, each with the form's field it stands in."""
    opening = session.get_one(Opening, order.opening_id)
    return find_in(order, opening, materials_of(session, order.id))


def find_in(order: PieceworkOrder, opening: Opening, materials: Sequence[OrderMaterial]) -> Found:
    """Return the same of an order that was read already."""
    return [
        (field, finding)
        for field, text, is_name in _texts(order, opening, materials)
        for finding in danger.find(text, is_name=is_name)
    ]


def faults(opening: Opening, found: Found) -> list[Fault]:
    """Return what may not be done at home, beside the field that says it."""
    if not opening.at_home:
        return []
    return [
        Fault(
            field,
            _(
                "写到了“%(clause)s”：%(word)s%(kind)s，不能拿回家做（%(source)s）",
                clause=one.clause, word=one.word, kind=one.code.label, source=one.source,
            ),
        )
        for field, one in found
        if one.certain
    ]  # fmt: skip


def refuse_at_safety(opening: Opening, found: Found, note: str) -> None:
    """Raise ``Refused`` for what may not be done at home, ``BadField`` for the rest if no note."""
    refused = faults(opening, found)
    if refused:
        raise Refused("；".join(fault.message for fault in refused))
    if found and not note.strip():
        raise BadField("note", _("单位写到了%(what)s，写明问清楚了什么", what=words(found)))


def refuse_at_publishing(
    actor: Actor, order: PieceworkOrder, opening: Opening, found: Found, note: str
) -> None:
    """Ask for a second member, and a note, where a text in doubt concerns work at home."""
    if not found or not opening.at_home:
        return
    if order.safety_by_id == actor.account_id:
        raise Refused(
            _("写到了%(what)s：要另一位同事看过再发布，您做过安全检查", what=words(found))
        )
    if not note.strip():
        raise BadField("note", _("单位写到了%(what)s，写明为什么没有危险", what=words(found)))


def refuse_in_change(opening: Opening, field: str, text: str) -> None:
    """Refuse a changed text that needs looking at: that is a new order, with its safety review."""
    found = danger.find(text)
    if found and opening.at_home:
        raise BadField(
            field,
            _(
                "写到了%(what)s：拿回家做的活，这样改要另写一张订单，重新做安全检查",
                what=danger.words_of(found),
            ),
        )


def words(found: Found) -> str:
    """Return the clauses found, for people to read."""
    return danger.words_of(one for _field, one in found)


def _texts(
    order: PieceworkOrder, opening: Opening, materials: Sequence[OrderMaterial]
) -> Iterator[tuple[str, str, bool]]:
    """Yield field, text and whether it names a material."""
    yield "title", opening.title, False
    yield "description", opening.description, False
    yield "quality", order.quality, False
    yield "acceptance_note", order.acceptance_note, False
    yield "material_supply", order.material_supply, False
    yield "release_note", order.release_note, False
    yield "piece_unit", order.piece_unit, False
    for one in materials:
        yield "materials", one.name, True
