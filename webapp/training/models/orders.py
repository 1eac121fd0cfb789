"""What employers sign for before a course: how many of those who pass they take on (订单培训)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.vocabulary import PayUnit
from webapp.training.lifecycle import OrderCause, OrderState

_SIGNED = text("state = 'signed'")


class TrainingOrder(SQLModel, table=True):
    """One employer's promise to take ``people`` of those who pass a course, for one opening.

    ``pay_fen`` per ``pay_unit`` is the least it pays; work begins between ``start_from`` and
    ``start_until``. What was signed never changes (a trigger holds it): it is withdrawn, with
    who and why, or settled once the last day has passed. How many passed and were taken on is
    counted from enrolments and employment spells, never typed in; ``cause`` says why it was not
    kept, or only partly.
    """

    __tablename__ = "training_order"
    __table_args__ = (
        CheckConstraint("people BETWEEN 1 AND 200", name="people_in_reason"),
        CheckConstraint("pay_fen > 0", name="pay_positive"),
        CheckConstraint("start_until >= start_from", name="window_in_order"),
        CheckConstraint(
            "(state IN ('kept', 'partly', 'not_kept')) = (settled_at IS NOT NULL) "
            "AND (settled_at IS NULL) = (settled_by_id IS NULL)",
            name="settled_by_somebody",
        ),
        CheckConstraint(
            "(state IN ('partly', 'not_kept')) = (cause IS NOT NULL)", name="not_kept_has_cause"
        ),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL) "
            "AND (withdrawn_at IS NULL) = (withdrawn_by_id IS NULL) "
            "AND (withdrawn_at IS NULL) = (withdraw_reason = '')",
            name="withdrawn_with_reason",
        ),
        Index(
            "uq_training_order_signed",
            "course_id",
            "opening_id",
            unique=True,
            sqlite_where=_SIGNED,
            postgresql_where=_SIGNED,
        ),
    )

    id: int = primary_key()
    course_id: int = Field(foreign_key="course.id", index=True)
    employer_id: int = Field(foreign_key="employer.id", index=True)
    opening_id: int = Field(foreign_key="opening.id", index=True)
    people: int
    pay_fen: int
    pay_unit: PayUnit = Field(sa_column=enum_column(PayUnit))
    start_from: date
    start_until: date
    conditions: str = Field(default="", max_length=200)
    state: OrderState = Field(sa_column=enum_column(OrderState, index=True))
    signed_at: datetime
    signed_by_id: int = Field(foreign_key="account.id")
    settled_at: datetime | None = None
    settled_by_id: int | None = Field(default=None, foreign_key="account.id")
    cause: OrderCause | None = Field(default=None, sa_column=enum_column(OrderCause, nullable=True))
    withdrawn_at: datetime | None = None
    withdrawn_by_id: int | None = Field(default=None, foreign_key="account.id")
    withdraw_reason: str = Field(default="", max_length=200)
