"""Households, residents, their experience, sensitive facts and consents."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from webapp.core.crypto import EncryptedText
from webapp.core.db import enum_column, json_list, primary_key
from webapp.core.labels import LabelledEnum
from webapp.core.vocabulary import Education, Reach, Sex


class Household(SQLModel, table=True):
    """People who live at one unit address; ``place`` is the path of their estate."""

    __tablename__ = "household"

    id: int = primary_key()
    unit_address: str = Field(max_length=60)
    place: str = Field(max_length=120)
    tenure: str = Field(default="", max_length=20)
    responsible_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    created_at: datetime

    __table_args__ = (Index("uq_household_unit_address", "place", "unit_address", unique=True),)


class ResidentState(LabelledEnum):
    """Whether suggestions are wanted at present."""

    SEEKING = "seeking", "正在找活路"
    PAUSED = "paused", "暂时不找"
    EMPLOYED = "employed", "已有工作"
    LEFT = "left", "已搬走"


class Resident(SQLModel, table=True):
    """A person able or wishing to work.

    Without an account they are assisted: staff act for them. ``limits`` are demands they
    cannot meet, never a diagnosis. ``available`` is a list of
    ``{"days": "12345", "start": "08:30", "end": "16:30"}``, null for always.
    ``import_key`` names the spreadsheet row a resident came from, so it comes in once.
    """

    __tablename__ = "resident"
    __table_args__ = (
        CheckConstraint("min_pay_fen >= 0", name="min_pay_not_negative"),
        Index("ix_resident_state_branch", "state", "branch_id"),
    )

    id: int = primary_key()
    household_id: int = Field(foreign_key="household.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", unique=True)
    branch_id: int = Field(foreign_key="branch.id", index=True)
    name: str = Field(max_length=40, index=True)
    sex: Sex | None = Field(default=None, sa_column=enum_column(Sex, nullable=True))
    birth_date: date | None = None
    phone: str | None = Field(default=None, max_length=11, index=True)
    contact_note: str = Field(default="", max_length=100)
    education: Education | None = Field(
        default=None, sa_column=enum_column(Education, nullable=True)
    )
    wanted: list[str] = json_list()
    skills: list[str] = json_list()
    certificates: list[str] = json_list()
    limits: list[str] = json_list()
    kinds: list[str] = json_list()
    available: list[dict[str, str]] = json_list()
    reach: Reach | None = Field(default=None, sa_column=enum_column(Reach, nullable=True))
    min_pay_fen: int | None = None
    situation: str = Field(default="", max_length=200)
    state: ResidentState = Field(
        default=ResidentState.SEEKING, sa_column=enum_column(ResidentState)
    )
    import_key: str | None = Field(default=None, max_length=64, unique=True)
    created_at: datetime
    updated_at: datetime

    @property
    def assisted(self) -> bool:
        """Whether staff act for this person, who cannot sign in."""
        return self.account_id is None


class Experience(SQLModel, table=True):
    """One past job; ``months`` is how long it lasted, null when not said.

    ``place`` is a path from broad to narrow, empty when not said.
    """

    __tablename__ = "experience"
    __table_args__ = (CheckConstraint("months >= 0", name="months_not_negative"),)

    id: int = primary_key()
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    title: str = Field(max_length=60)
    employer: str = Field(default="", max_length=60)
    place: str = Field(default="", max_length=120, sa_column_kwargs={"server_default": ""})
    months: int | None = None


class SensitiveRecord(SQLModel, table=True):
    """Facts that only staff may read, each reading audited: encrypted at rest."""

    __tablename__ = "sensitive_record"

    id: int = primary_key()
    resident_id: int = Field(foreign_key="resident.id", unique=True, ondelete="CASCADE")
    id_number: str | None = Field(default=None, sa_type=EncryptedText)
    disability: str | None = Field(default=None, sa_type=EncryptedText)
    allowance: str | None = Field(default=None, sa_type=EncryptedText)


class ConsentPurpose(LabelledEnum):
    """What a resident agreed to."""

    SERVICE = "service", "使用就业服务"
    SENSITIVE = "sensitive", "记录残疾、低保、身份证信息"
    EMPLOYER = "employer", "把我的情况给用人单位看"
    ASSISTED = "assisted", "由社区代办"


class ConsentChannel(LabelledEnum):
    """How a consent was given; SPREADSHEET: the list a file came in says so."""

    PAGE = "page", "网页"
    PHONE = "phone", "电话"
    IN_PERSON = "in_person", "当面"
    SPREADSHEET = "spreadsheet", "表格"


class Consent(SQLModel, table=True):
    """Consent to one purpose; ``employer_id`` is set for sharing with that employer alone.

    ``given_by_id`` is the account that recorded it: the resident's own, or a member of staff
    who was told so (``channel``, a :class:`ConsentChannel`, says how; ``note`` says
    when and who was there).
    """

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint(
            "(purpose = 'employer') = (employer_id IS NOT NULL)", name="employer_consent_names_one"
        ),
        Index(
            "uq_consent_standing",
            "resident_id",
            "purpose",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL AND employer_id IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL AND employer_id IS NULL"),
        ),
        Index(
            "uq_consent_standing_employer",
            "resident_id",
            "employer_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL AND employer_id IS NOT NULL"),
            postgresql_where=text("withdrawn_at IS NULL AND employer_id IS NOT NULL"),
        ),
    )

    id: int = primary_key()
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    purpose: ConsentPurpose = Field(sa_column=enum_column(ConsentPurpose))
    employer_id: int | None = Field(default=None, foreign_key="employer.id", index=True)
    given_at: datetime
    given_by_id: int | None = Field(default=None, foreign_key="account.id")
    channel: str = Field(max_length=20)
    note: str = Field(default="", max_length=200)
    withdrawn_at: datetime | None = None
