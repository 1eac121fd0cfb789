"""Outside channels for notices, and the outbox of notices to send."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

from webapp.core.crypto import EncryptedText
from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum


class Audience(LabelledEnum):
    """Whom a channel reaches: the staff's group, people through a gateway, or residents' groups."""

    STAFF = "staff", "社区工作群"
    PEOPLE = "people", "居民和单位（经短信、公众号网关）"
    COMMUNITY = "community", "居民群（发华龙天空的帖子）"


class OutsideChannel(SQLModel, table=True):
    """A channel set up by the admin; ``url`` is an apprise address and contains secrets."""

    __tablename__ = "outside_channel"

    id: int = primary_key()
    name: str = Field(max_length=40, unique=True)
    url: str = Field(sa_type=EncryptedText)
    audience: Audience = Field(sa_column=enum_column(Audience))
    enabled: bool = True
    created_at: datetime
    tested_at: datetime | None = None
    last_error: str = Field(default="", max_length=200)


class PushSubscription(SQLModel, table=True):
    """A browser that shows notices on its telephone's screen, for as long as a session lasts.

    ``endpoint`` is the push service's address of that browser, found again by its SHA-256: a
    telephone shows notices of one person at a time. ``p256dh`` and ``auth`` are the keys that
    messages to it are written with (RFC 8291), in base64url.
    """

    __tablename__ = "push_subscription"

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    session_id: int = Field(foreign_key="login_session.id", unique=True, ondelete="CASCADE")
    endpoint: str = Field(sa_type=EncryptedText)
    endpoint_digest: str = Field(max_length=64, unique=True)
    p256dh: str = Field(sa_type=EncryptedText)
    auth: str = Field(sa_type=EncryptedText)
    created_at: datetime


class OutboxRow(SQLModel, table=True):
    """One notice for one channel or one telephone; ``key`` is its idempotency key.

    ``claim`` is the token of who is sending it now. ``attempts`` beyond the waiting times of
    :data:`BACKOFF` leave it lying until a person has it sent again.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("(channel_id IS NULL) <> (subscription_id IS NULL)", name="one_way"),
        CheckConstraint("firm_at IS NULL OR due_at >= firm_at", name="goes_out_firm"),
        Index(
            "ix_outbox_due",
            "due_at",
            sqlite_where=text("delivered_at IS NULL"),
            postgresql_where=text("delivered_at IS NULL"),
        ),
    )

    id: int = primary_key()
    key: str = Field(max_length=120, unique=True)
    channel_id: int | None = Field(
        default=None, foreign_key="outside_channel.id", index=True, ondelete="CASCADE"
    )
    subscription_id: int | None = Field(
        default=None, foreign_key="push_subscription.id", index=True, ondelete="CASCADE"
    )
    account_id: int | None = Field(
        default=None, foreign_key="account.id", index=True, ondelete="CASCADE"
    )
    is_test: bool = False
    # What an urgent notice says, to whom first, parted by a line; erased once it has arrived.
    urgent: str | None = Field(default=None, sa_type=EncryptedText)
    # What is said in full to everybody; such a row is kept, so that nothing is said twice.
    words: str | None = Field(default=None, sa_type=Text)
    created_at: datetime
    due_at: datetime
    # Before this moment it may be taken back, and does not go out.
    firm_at: datetime | None = None
    expires_at: datetime | None = None
    claim: str = Field(default="", max_length=32)
    claimed_until: datetime | None = None
    attempts: int = 0
    delivered_at: datetime | None = None
    last_error: str = Field(default="", max_length=200)
