"""What the centre has of an order's material, lot by lot."""

from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.models.ledger import LedgerAccount
from webapp.piecework.models.order import MaterialLot, MaterialUnit, OrderMaterial


class StockRow(NamedTuple):
    """A lot at the centre."""

    lot_id: int
    label: str
    material_id: int
    material: str
    unit: MaterialUnit
    amount: int


def stock(session: Session, order_id: int) -> list[StockRow]:
    """Return the lots of an order with what the centre has of them, oldest first; one query."""
    rows = session.execute(
        select(
            col(MaterialLot.id),
            col(MaterialLot.label),
            col(OrderMaterial.id),
            col(OrderMaterial.name),
            col(OrderMaterial.unit),
            col(LedgerAccount.balance),
        )
        .join(OrderMaterial, col(OrderMaterial.id) == col(MaterialLot.material_id))
        .join(
            LedgerAccount,
            (col(LedgerAccount.lot_id) == col(MaterialLot.id))
            & (col(LedgerAccount.account_type) == AccountType.CENTRE),
        )
        .where(col(MaterialLot.order_id) == order_id)
        .order_by(col(MaterialLot.id))
    ).all()
    return [StockRow._make(row) for row in rows]
