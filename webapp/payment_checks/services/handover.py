"""Calls about pay that a leaving member has open: they end without an answer."""

from flask_babel import gettext as _
from sqlmodel import Session, col, func, select, update

from webapp.core import clock
from webapp.core.access import Actor
from webapp.events import MemberDutiesAsked, MemberLeaves
from webapp.payment_checks.models import PaymentCall


def name_duties(session: Session, actor: Actor, event: MemberDutiesAsked) -> None:
    """Add how many calls a member has begun and not written down."""
    own = PaymentCall.caller_id == event.account_id, col(PaymentCall.ended_at).is_(None)
    event.add(_("没记完的工钱回访电话"), session.exec(select(func.count()).where(*own)).one())


def take_over(session: Session, actor: Actor, event: MemberLeaves) -> int:
    """End them: whoever calls next, with no stake in that pay, begins anew."""
    return session.exec(
        update(PaymentCall)
        .where(col(PaymentCall.caller_id) == event.account_id, col(PaymentCall.ended_at).is_(None))
        .values(ended_at=clock.now())
    ).rowcount
