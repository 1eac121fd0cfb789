"""Accounts, their sessions on the server, and the filters they keep."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from webapp.core.access import Role
from webapp.core.crypto import EncryptedText
from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum


class Account(SQLModel, table=True):
    """Somebody who can sign in with a phone number and a password.

    A number belongs to one account once it is proven (``phone_verified_at``). Until then several
    may have typed it, so that registering tells nobody whether a number is known; the password
    says which of them signs in. ``idempotency_key`` is the form's: sent twice, it opens one
    account. Staff belong to a branch; ``title`` is what they answer for there. One of them, in
    service, may be its secretary.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("role <> 'staff' OR branch_id IS NOT NULL", name="staff_has_branch"),
        CheckConstraint(
            "NOT is_secretary OR (role = 'staff' AND enabled)", name="secretary_is_in_service"
        ),
        Index(
            "uq_account_secretary",
            "branch_id",
            unique=True,
            sqlite_where=text("is_secretary"),
            postgresql_where=text("is_secretary"),
        ),
        Index(
            "uq_account_phone_verified",
            "phone",
            unique=True,
            sqlite_where=text("phone_verified_at IS NOT NULL"),
            postgresql_where=text("phone_verified_at IS NOT NULL"),
        ),
    )

    id: int = primary_key()
    phone: str = Field(max_length=11, index=True)
    phone_verified_at: datetime | None = None
    idempotency_key: str | None = Field(default=None, max_length=36, unique=True)
    name: str = Field(max_length=40)
    password_hash: str = Field(max_length=200)
    role: Role = Field(sa_column=enum_column(Role))
    branch_id: int | None = Field(default=None, foreign_key="branch.id", index=True)
    title: str = Field(default="", max_length=40)
    is_secretary: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    enabled: bool = True
    large_print: bool = False
    picture_mode: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    created_at: datetime


class LoginSession(SQLModel, table=True):
    """One signed-in browser; deleting the row signs it out, whatever cookie it holds.

    ``keeps_page``: its holder wants their appointments kept in it, to be read without network.
    """

    __tablename__ = "login_session"

    id: int = primary_key()
    token_digest: str = Field(max_length=64, unique=True)
    account_id: int = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    created_at: datetime
    expires_at: datetime = Field(index=True)
    keeps_page: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class LoginCard(SQLModel, table=True):
    """A card for somebody without a password: its code says who, the PIN is known by heart.

    An account has one at most. The code stands on the card as a QR and is kept encrypted, to be
    printed again; it is found by its SHA-256. Five wrong PINs in a row lock the card.
    """

    __tablename__ = "login_card"
    __table_args__ = (CheckConstraint("tries BETWEEN 0 AND 5", name="five_tries"),)

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id", unique=True, ondelete="CASCADE")
    code: str = Field(sa_type=EncryptedText)
    code_digest: str = Field(max_length=64, unique=True)
    pin_hash: str = Field(max_length=200)
    tries: int = 0
    issued_at: datetime
    issued_by_id: int = Field(foreign_key="account.id")


class FilteredList(LabelledEnum):
    """The lists whose filters may be kept."""

    QUEUE = "queue", "推荐待确认"
    RESIDENTS = "residents", "居民名单"


class SavedFilter(SQLModel, table=True):
    """A saved filter of one member of staff; ``query`` is the query string of the list."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("account_id", "list", "name"),)

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    list: FilteredList = Field(sa_column=enum_column(FilteredList))
    name: str = Field(max_length=20)
    query: str = Field(max_length=300)
