"""Households, residents, their experience, sensitive facts and consents."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, event, false, text
from sqlalchemy.orm import attributes
from sqlmodel import Field, SQLModel

from webapp.core import clock
from webapp.core.crypto import EncryptedText
from webapp.core.db import enum_column, json_list, primary_key
from webapp.core.labels import LabelledEnum
from webapp.core.vocabulary import Education, Reach, Sex
from webapp.residents import allowance


class Household(SQLModel, table=True):
    """People who live at one unit address; ``place`` is the path of their estate.

    A provisional one holds somebody who typed the address and whom nobody has placed there; any
    number of them may name one address, or none as long as they were not asked.
    """

    __tablename__ = "household"

    id: int = primary_key()
    unit_address: str = Field(max_length=60)
    place: str = Field(max_length=120)
    tenure: str = Field(default="", max_length=20)
    responsible_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    provisional: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    created_at: datetime

    __table_args__ = (
        Index(
            "uq_household_unit_address",
            "place",
            "unit_address",
            unique=True,
            sqlite_where=text("NOT provisional"),
            postgresql_where=text("NOT provisional"),
        ),
        CheckConstraint("provisional OR unit_address <> ''", name="people_are_placed_somewhere"),
    )


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
    ``{"days": "12345", "start": "08:30", "end": "16:30"}``, empty when nobody has asked yet;
    :data:`webapp.core.vocabulary.ALWAYS` for always.
    ``placed``: staff have recorded that the person lives in this household. ``joined_at`` is set
    for somebody who asked and was let in: they see of the household what came after.
    ``import_key`` names the spreadsheet row a resident came from, so it comes in once.
    ``state_since`` is when the state became what it is, null where nobody kept it then.
    """

    __tablename__ = "resident"
    __table_args__ = (
        CheckConstraint("min_pay_fen >= 0", name="min_pay_not_negative"),
        Index("ix_resident_state_branch", "state", "branch_id"),
    )

    id: int = primary_key()
    household_id: int = Field(foreign_key="household.id", index=True)
    placed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    joined_at: datetime | None = None
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
    state_since: datetime | None = None  # before the state, which fills it in as a row is made
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


@event.listens_for(Resident.state, "set", active_history=True)
def _date_state(resident: Resident, state: ResidentState, before: object, _how: object) -> None:
    """Date a new state, whoever sets it; an UPDATE by hand has to say the moment itself."""
    if state != before:
        resident.state_since = clock.now()


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
    """Facts that only staff may read, each reading audited: encrypted at rest.

    ``allowance_code`` follows the allowance: a keyed code of its kind, by which those with the
    right find people (:mod:`webapp.residents.allowance`).
    """

    __tablename__ = "sensitive_record"

    id: int = primary_key()
    resident_id: int = Field(foreign_key="resident.id", unique=True, ondelete="CASCADE")
    id_number: str | None = Field(default=None, sa_type=EncryptedText)
    disability: str | None = Field(default=None, sa_type=EncryptedText)
    allowance_code: str | None = Field(default=None, max_length=64, index=True)
    allowance: str | None = Field(default=None, sa_type=EncryptedText)


@event.listens_for(SensitiveRecord, "before_insert")
@event.listens_for(SensitiveRecord, "before_update")
def _code_allowance(_mapper: object, _connection: object, record: SensitiveRecord) -> None:
    """Keep the code with the allowance; an INSERT by hand has to do so itself."""
    if attributes.get_history(record, "allowance").has_changes():
        record.allowance_code = allowance.code_of(record.allowance)


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


class PhoneChannel(LabelledEnum):
    """How a telephone number was proven."""

    CODE = "code", "验证码"
    COUNTER = "counter", "窗口当面"
    CALL_BACK = "call_back", "社区回拨"


class JoinState(LabelledEnum):
    """Where a request to join a household stands."""

    ASKED = "asked", "等回话"
    ACCEPTED = "accepted", "已答应"
    OBJECTED = "objected", "有人不同意"
    WITHDRAWN = "withdrawn", "本人撤回"
    EXPIRED = "expired", "过了时间"


class JoinRequest(SQLModel, table=True):
    """Somebody asks to be counted among those who live at an address.

    ``household_id`` is null where nobody is recorded there. ``approved_by_id`` said yes; the
    person moves in when all others could object until ``answer_until``, or nobody else is there
    to. What somebody objected to is decided by staff (``decided_by_id``).
    """

    __tablename__ = "join_request"
    __table_args__ = (
        CheckConstraint("state <> 'accepted' OR approved_by_id IS NOT NULL", name="accepted_by"),
        CheckConstraint("state <> 'objected' OR objected_by_id IS NOT NULL", name="objected_by"),
        Index(
            "uq_join_request_open",
            "resident_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
        Index("ix_join_request_state", "state", "answer_until"),
    )

    id: int = primary_key()
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    unit_address: str = Field(max_length=60)
    household_id: int | None = Field(default=None, foreign_key="household.id", index=True)
    state: JoinState = Field(default=JoinState.ASKED, sa_column=enum_column(JoinState))
    asked_at: datetime
    answer_until: datetime
    told_at: datetime | None = None
    approved_at: datetime | None = None
    approved_by_id: int | None = Field(default=None, foreign_key="account.id")
    objected_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    note: str = Field(default="", max_length=200)


class PhoneCode(SQLModel, table=True):
    """The code last sent to an account's number; encrypted, since six digits are soon guessed."""

    __tablename__ = "phone_code"
    __table_args__ = (CheckConstraint("tries BETWEEN 0 AND 5", name="five_tries"),)

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id", unique=True, ondelete="CASCADE")
    code: str = Field(sa_type=EncryptedText)
    sent_at: datetime
    expires_at: datetime
    tries: int = 0
