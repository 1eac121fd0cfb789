"""Where a person's piecework pay is to go: an account in their own name, looked at twice."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from webapp.core.crypto import EncryptedText
from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum
from webapp.piecework.models.money import PaymentMethod
from webapp.residents.models import ConsentChannel


class PayeeState(LabelledEnum):
    """Where a way of being paid stands."""

    PENDING = "pending", "等社区核对"
    IN_FORCE = "in_force", "在用"
    REFUSED = "refused", "没对上"
    ENDED = "ended", "不用了"


_OPEN = "state IN ('pending', 'in_force')"


class PayeeAccount(SQLModel, table=True):
    """One way a person is paid. Rows are kept as its history, their numbers are not.

    ``holder`` and ``number`` are encrypted, and gone once it is over; ``tail`` (the last four
    signs) is what everybody but the payer reads. It comes into force when somebody who did not
    write it down has seen the card (``checked_by_id``). ``channel`` is how the person agreed.
    """

    __tablename__ = "payee_account"
    __table_args__ = (
        CheckConstraint(
            f"(number IS NOT NULL) = ({_OPEN} AND method <> 'cash')", name="number_while_open"
        ),
        CheckConstraint(f"(holder IS NOT NULL) = ({_OPEN})", name="holder_while_open"),
        CheckConstraint("(state = 'pending') = (settled_at IS NULL)", name="settled_has_moment"),
        CheckConstraint(
            "state <> 'in_force' OR checked_by_id IS NOT NULL", name="in_force_was_checked"
        ),
        CheckConstraint(
            "checked_by_id IS NULL OR checked_by_id <> recorded_by_id", name="two_pairs_of_eyes"
        ),
        CheckConstraint("(state = 'refused') = (reason <> '')", name="refused_says_why"),
        *(
            Index(
                f"uq_payee_account_{state}",
                "resident_id",
                unique=True,
                sqlite_where=text(f"state = '{state}'"),
                postgresql_where=text(f"state = '{state}'"),
            )
            for state in ("pending", "in_force")
        ),
    )

    id: int = primary_key()
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    method: PaymentMethod = Field(sa_column=enum_column(PaymentMethod))
    holder: str | None = Field(default=None, sa_type=EncryptedText)
    bank: str = Field(default="", max_length=40)
    number: str | None = Field(default=None, sa_type=EncryptedText)
    tail: str = Field(default="", max_length=4)
    state: PayeeState = Field(
        default=PayeeState.PENDING, sa_column=enum_column(PayeeState, index=True)
    )
    channel: ConsentChannel = Field(sa_column=enum_column(ConsentChannel))
    recorded_at: datetime
    recorded_by_id: int = Field(foreign_key="account.id")
    checked_by_id: int | None = Field(default=None, foreign_key="account.id")
    settled_at: datetime | None = None
    reason: str = Field(default="", max_length=200)


class PaymentPayee(SQLModel, table=True):
    """Where a payment went. Append-only, beside the payment."""

    __tablename__ = "settlement_payment_payee"

    id: int = primary_key()
    payment_id: int = Field(foreign_key="settlement_payment.id", unique=True)
    payee_id: int = Field(foreign_key="payee_account.id", index=True)
