"""Use cases of the rule book: take the shipped rows in, add rows, confirm, end."""

import csv
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.db import Database
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.rulebook import danger, grounds, lint, policy
from webapp.rulebook.figures import KEY, shipped, units
from webapp.rulebook.models import (
    FORBIDDEN,
    DangerCode,
    DangerWord,
    RuleFigure,
    Severity,
    WordingCode,
    WordingRule,
)
from webapp.rulebook.row_cache import forget


def seed(db: Database) -> int:
    """Take in what the program ships and the database lacks; return how many rows that were.

    Rules of wording and danger words that the program no longer ships end today. Running it again
    does nothing.
    """
    with db.transaction(SYSTEM) as session:
        return (
            _seed_figures(session)
            + _seed_wordings(session)
            + _seed_dangers(session)
            + grounds.seed(session)
        )


def _seed_figures(session: Session) -> int:
    rows = session.exec(select(RuleFigure)).all()
    known = {(row.name, row.since, row.value) for row in rows}
    missing = [row for row in shipped() if (row.name, row.since, row.value) not in known]
    session.add_all(
        RuleFigure(
            name=row.name,
            value=row.value,
            unit=row.unit,
            since=row.since,
            source=row.source,
            created_at=clock.now(),
        )
        for row in missing
    )
    session.flush()
    return len(missing)


def _seed_wordings(session: Session) -> int:
    rows = session.exec(select(WordingRule).where(col(WordingRule.added_by_id).is_(None))).all()
    known = {
        (row.pattern, row.code.value, row.severity.value, row.says): row
        for row in rows
        if row.until is None
    }
    changed = 0
    with lint.TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["pattern"], row["code"], row["severity"], row["sentence"])
            if known.pop(key, None) is not None:
                continue
            session.add(
                WordingRule(
                    pattern=row["pattern"],
                    code=WordingCode(row["code"]),
                    severity=Severity(row["severity"]),
                    says=row["sentence"],
                    source=row["source"],
                    since=clock.today(),
                    created_at=clock.now(),
                )
            )
            changed += 1
    for gone in known.values():
        gone.until = clock.today()
        changed += 1
    session.flush()
    return changed


def _seed_dangers(session: Session) -> int:
    rows = session.exec(select(DangerWord)).all()
    known = {row.word for row in rows if row.added_by_id is None}
    in_force = {row.word for row in rows if row.until is None}
    changed = 0
    for one in danger.shipped():
        if one.word not in known | in_force:
            session.add(
                DangerWord(
                    word=one.word,
                    code=one.code,
                    source=one.source,
                    since=clock.today(),
                    created_at=clock.now(),
                )
            )
            changed += 1
    shipped_words = {one.word for one in danger.shipped()}
    for row in rows:
        if row.added_by_id is None and row.until is None and row.word not in shipped_words:
            row.until = clock.today()
            changed += 1
    session.flush()
    return changed


def add_danger(
    session: Session, actor: Actor, *, word: str, code: DangerCode, source: str
) -> DangerWord:
    """Look for this word from today on; ``Conflict`` for one that is looked for already."""
    _refuse_others(actor)
    row = DangerWord(
        word=word,
        code=code,
        source=source,
        since=clock.today(),
        added_by_id=actor.account_id,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict(_("这个词已经在查了")) from error
    audit.record(session, "rule.add_danger", row, word=word, code=code)
    forget(danger.KEY)
    return row


def end_danger(session: Session, actor: Actor, *, danger_id: int) -> DangerWord:
    """Stop looking for a word that somebody added; those of the law stay."""
    _refuse_others(actor)
    row = get_danger(session, danger_id)
    if not policy.can_end_danger(actor, row):
        raise Conflict(_("这个词是法律里的，或者已经停了，不能再停"))
    _end_row(session, actor, row)
    audit.record(session, "rule.end_danger", row, word=row.word)
    session.refresh(row)
    forget(danger.KEY)
    return row


def get_danger(session: Session, danger_id: int) -> DangerWord:
    """Return a danger word or raise ``NotFound``."""
    row = session.get(DangerWord, danger_id)
    if row is None:
        raise NotFound
    return row


def add_figure(
    session: Session, actor: Actor, *, name: str, value: int, since: date, source: str
) -> RuleFigure:
    """Write what ``name`` is from the day ``since`` on; the earlier rows stay as they are.

    The actor has the source before them, so the row counts as confirmed. Raises ``NotFound``
    for a figure the program does not use, ``Conflict`` for a row that stands there already.
    """
    _refuse_others(actor)
    unit = units().get(name)
    if unit is None:
        raise NotFound
    figure = RuleFigure(
        name=name,
        value=value,
        unit=unit,
        since=since,
        source=source,
        confirmed_at=clock.now(),
        confirmed_by_id=actor.account_id,
        added_by_id=actor.account_id,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(figure)
    except IntegrityError as error:
        raise Conflict(_("这一行已经有了：同一个数，同一天开始")) from error
    audit.record(session, "rule.add", figure, name=name, value=value, since=since.isoformat())
    forget(KEY)
    return figure


def confirm_figure(session: Session, actor: Actor, *, figure_id: int) -> RuleFigure:
    """Note that the actor has compared a shipped row with its source; twice is once."""
    _refuse_others(actor)
    figure = session.get(RuleFigure, figure_id)
    if figure is None:
        raise NotFound
    confirm = (
        update(RuleFigure)
        .where(col(RuleFigure.id) == figure_id, col(RuleFigure.confirmed_at).is_(None))
        .values(confirmed_at=clock.now(), confirmed_by_id=actor.account_id)
    )
    if session.exec(confirm).rowcount == 1:
        audit.record(session, "rule.confirm", figure, name=figure.name)
    else:
        audit.record(session, "rule.confirm_again", figure, name=figure.name)
    session.refresh(figure)
    forget(KEY)
    return figure


def add_wording(
    session: Session,
    actor: Actor,
    *,
    phrases: list[str],
    code: WordingCode,
    severity: Severity,
    says: str,
    source: str,
) -> WordingRule:
    """Look for these phrases from today on. The same phrases in force already: ``Conflict``."""
    _refuse_others(actor)
    if code in FORBIDDEN and severity is not Severity.BLOCK:
        raise BadField("severity", _("这一类法律不准写，只能选“不准发布”"))
    text = "\n".join(phrases)
    same = select(WordingRule.id).where(
        WordingRule.pattern == text, WordingRule.code == code, col(WordingRule.until).is_(None)
    )
    if session.exec(same).first() is not None:
        raise Conflict(_("这几句话已经在查了"))
    row = WordingRule(
        pattern=text,
        literal=True,
        code=code,
        severity=severity,
        says=says,
        source=source,
        since=clock.today(),
        added_by_id=actor.account_id,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(session, "rule.add_wording", row, code=code)
    forget(lint.KEY)
    return row


def end_wording(session: Session, actor: Actor, *, wording_id: int) -> WordingRule:
    """Stop looking for a rule's phrases from today on; the row stays, with who ended it."""
    _refuse_others(actor)
    row = get_wording(session, wording_id)
    if not policy.can_end(actor, row):
        raise Conflict(_("这一条是法律禁止的，或者已经停了，不能再停"))
    _end_row(session, actor, row)
    audit.record(session, "rule.end_wording", row, code=row.code)
    session.refresh(row)
    forget(lint.KEY)
    return row


def get_wording(session: Session, wording_id: int) -> WordingRule:
    """Return a rule of wording or raise ``NotFound``."""
    row = session.get(WordingRule, wording_id)
    if row is None:
        raise NotFound
    return row


def _refuse_others(actor: Actor) -> None:
    if not policy.can_write(actor):
        raise Forbidden


def _end_row(session: Session, actor: Actor, row: DangerWord | WordingRule) -> None:
    """End a row of the rule book today, unless another member has just done so."""
    model = type(row)
    end = (
        update(model)
        .where(col(model.id) == row.id, col(model.until).is_(None))
        .values(until=clock.today(), ended_by_id=actor.account_id)
    )
    if session.exec(end).rowcount != 1:
        raise Conflict(_("刚才已经有人停了这一条"))
