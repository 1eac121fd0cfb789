"""Figures of law and rules of wording as dated rows: added and ended, never edited."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum


class Severity(LabelledEnum):
    """What a rule of wording does: forbid outright, or ask for a reviewer's note."""

    BLOCK = "block", "不准发布"
    FLAG = "flag", "审核的人写明理由才能发布"


class WordingCode(LabelledEnum):
    """What kind of wording a rule looks for."""

    DEPOSIT = "deposit", "押金、保证金"
    FEE = "fee", "向求职的人收费"
    ID_RETENTION = "id_retention", "扣证件"
    SEX = "sex", "挑性别"
    MARRIAGE = "marriage", "挑婚姻生育"
    ETHNICITY = "ethnicity", "挑民族"
    DISABILITY = "disability", "把残疾人关在门外"
    LOOKS = "looks", "挑长相身高"
    DISEASE = "disease", "挑有没有病"
    HUKOU = "hukou", "挑户口"
    AGE = "age", "有年龄门槛"
    BAIT = "bait", "夸大收入"


# What the law forbids to ask; pay that merely sounds too good is a matter of judgement.
FORBIDDEN = frozenset(WordingCode) - {WordingCode.BAIT}


class DangerCode(LabelledEnum):
    """What makes work dangerous that a word tells of."""

    TOXIC = "toxic", "有毒"
    FLAMMABLE = "flammable", "容易着火"
    EXPLOSIVE = "explosive", "会爆炸"
    CORROSIVE = "corrosive", "会烧伤"


class RuleFigure(SQLModel, table=True):
    """A figure as it holds from the day ``since`` on; money is in fen, ``unit`` says so.

    Of two rows of one day the later written one holds, so a slip can be put right on the day.
    ``added_by_id`` is null for rows that come with the program; those count as confirmed only
    once somebody has compared them with the source.
    """

    __tablename__ = "rule_figure"
    __table_args__ = (
        UniqueConstraint("name", "since", "value"),
        CheckConstraint("value >= 0", name="value_not_negative"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_somebody"
        ),
    )

    id: int = primary_key()
    name: str = Field(max_length=40)
    value: int
    unit: str = Field(max_length=16)
    since: date
    source: str = Field(max_length=300)
    confirmed_at: datetime | None = None
    confirmed_by_id: int | None = Field(default=None, foreign_key="account.id")
    added_by_id: int | None = Field(default=None, foreign_key="account.id")
    created_at: datetime


class RuleReview(SQLModel, table=True):
    """A figure was compared with ``source`` on ``day`` and still held; look again on ``next_on``.

    Rows are never changed.
    """

    __tablename__ = "rule_review"
    __table_args__ = (
        CheckConstraint("next_on > day", name="looked_at_again_later"),
        CheckConstraint("source <> ''", name="names_its_source"),
    )

    id: int = primary_key()
    figure_id: int = Field(foreign_key="rule_figure.id", index=True)
    day: date
    source: str = Field(max_length=300)
    next_on: date
    by_id: int = Field(foreign_key="account.id")
    at: datetime


class WordingRule(SQLModel, table=True):
    """One rule of wording, in force from ``since`` until the day before ``until``.

    ``pattern`` is a regular expression for rows that come with the program, and plain phrases
    (``literal``), one a line, for rows that people add: a phrase cannot run away, an expression
    of somebody's own could.
    """

    __tablename__ = "wording_rule"
    __table_args__ = (
        CheckConstraint("literal OR added_by_id IS NULL", name="people_write_phrases"),
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
    )

    id: int = primary_key()
    pattern: str = Field(sa_type=Text)
    literal: bool = False
    code: WordingCode = Field(sa_column=enum_column(WordingCode))
    severity: Severity = Field(sa_column=enum_column(Severity))
    says: str = Field(max_length=120)
    source: str = Field(max_length=200)
    since: date
    until: date | None = None
    added_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_by_id: int | None = Field(default=None, foreign_key="account.id")
    created_at: datetime


class ExceptionGround(SQLModel, table=True):
    """A ground of law on which wording of one code may stand, in force from ``since`` to ``until``.

    Codes without a ground in force have no exception: their wording is changed or stays out.
    """

    __tablename__ = "exception_ground"
    __table_args__ = (
        UniqueConstraint("name", "since"),
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
    )

    id: int = primary_key()
    name: str = Field(max_length=40)
    lifts: WordingCode = Field(sa_column=enum_column(WordingCode))
    words: str = Field(max_length=120)
    source: str = Field(max_length=200)
    since: date
    until: date | None = None
    created_at: datetime


class DangerWord(SQLModel, table=True):
    """A word of dangerous work, looked for from ``since`` until the day before ``until``.

    ``added_by_id`` is null for rows that come with the program.
    """

    __tablename__ = "danger_word"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_it_begins"),
        Index(
            "uq_danger_word_in_force", "word", unique=True,
            sqlite_where=text("until IS NULL"), postgresql_where=text("until IS NULL"),
        ),
    )  # fmt: skip

    id: int = primary_key()
    word: str = Field(max_length=20)
    code: DangerCode = Field(sa_column=enum_column(DangerCode))
    source: str = Field(max_length=200)
    since: date
    until: date | None = None
    added_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_by_id: int | None = Field(default=None, foreign_key="account.id")
    created_at: datetime
