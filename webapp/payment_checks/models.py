"""Whether settled pay arrived: a month's check, its settlements, the calls about them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, false, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.payment_checks.lifecycle import Answer, CheckState, Resolution

_OPEN = text("ended_at IS NULL")


class PaymentCheck(SQLModel, table=True):
    """The check of one month (``2026-11``): ``sample`` of its ``settled`` lines are called back.

    The figures the size rests on are kept as they were. ``list_hash`` is that of the draw's list,
    or, where all are called and nothing is drawn, of the numbered list of codes.
    """

    __tablename__ = "payment_check"
    __table_args__ = (
        CheckConstraint("sample BETWEEN 1 AND settled", name="sample_of_the_settled"),
        CheckConstraint("sample = settled OR draw_id IS NOT NULL", name="a_part_is_drawn"),
        CheckConstraint("length(list_hash) = 64", name="whole_hash"),
        CheckConstraint("(state = 'awaiting') = (selected_at IS NULL)", name="selected_has_moment"),
        CheckConstraint("(state = 'done') = (closed_at IS NOT NULL)", name="done_has_moment"),
    )

    id: int = primary_key()
    month: str = Field(max_length=7, unique=True)
    draw_id: int | None = Field(default=None, foreign_key="draw.id", unique=True)
    state: CheckState = Field(sa_column=enum_column(CheckState, index=True))
    settled: int
    sample: int
    confidence_permille: int
    margin_permille: int
    list_hash: str = Field(max_length=64)
    made_at: datetime
    selected_at: datetime | None = None
    closed_at: datetime | None = None


class PaymentCheckLine(SQLModel, table=True):
    """One settlement of the month, and what its household says where it is ``selected``.

    ``amount_fen`` is what came where it was less. A doubt has a day by which somebody looked into
    it, and then what came of that.
    """

    __tablename__ = "payment_check_line"
    __table_args__ = (
        CheckConstraint("answer IS NULL OR selected", name="answers_of_the_sample"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_moment"),
        CheckConstraint(
            "(answer IS NOT NULL AND answer = 'less') = (amount_fen IS NOT NULL)",
            name="less_has_amount",
        ),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint(
            "(answer IS NOT NULL AND answer IN ('less', 'not')) = (due_on IS NOT NULL)",
            name="doubt_has_day",
        ),
        CheckConstraint(
            "(resolution IS NULL) = (resolved_at IS NULL)"
            " AND (resolution IS NULL) = (resolved_by_id IS NULL)"
            " AND (resolution IS NULL) = (resolution_words = '')",
            name="resolved_whole",
        ),
        CheckConstraint("resolution IS NULL OR due_on IS NOT NULL", name="doubts_are_resolved"),
    )

    id: int = primary_key()
    check_id: int = Field(foreign_key="payment_check.id", index=True)
    settlement_line_id: int = Field(foreign_key="settlement_line.id", unique=True)
    draw_entry_id: int | None = Field(default=None, foreign_key="draw_entry.id", unique=True)
    code: str = Field(max_length=16, unique=True)
    selected: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    answer: Answer | None = Field(default=None, sa_column=enum_column(Answer, nullable=True))
    amount_fen: int | None = None
    answered_at: datetime | None = None
    due_on: date | None = Field(default=None, index=True)
    resolution: Resolution | None = Field(
        default=None, sa_column=enum_column(Resolution, nullable=True)
    )
    resolution_words: str = Field(default="", max_length=200)
    resolved_by_id: int | None = Field(default=None, foreign_key="account.id")
    resolved_at: datetime | None = None


class PaymentCall(SQLModel, table=True):
    """One call: the number is shown from ``opened_at`` until ``ended_at``, to the caller alone.

    One that was left without an answer ends by itself, ``answer`` empty. Append-only.
    """

    __tablename__ = "payment_call"
    __table_args__ = (
        CheckConstraint("answer IS NULL OR ended_at IS NOT NULL", name="answered_has_ended"),
        Index(
            "uq_payment_call_open",
            "line_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: int = primary_key()
    line_id: int = Field(foreign_key="payment_check_line.id", index=True)
    caller_id: int = Field(foreign_key="account.id")
    opened_at: datetime
    ended_at: datetime | None = None
    answer: Answer | None = Field(
        default=None, sa_column=enum_column(Answer, nullable=True, name="call_answer")
    )
