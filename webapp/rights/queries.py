"""What the pages of rights show: policies with their figures, counters, and what was confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.formatting import date_words
from webapp.residents.models import Household, Resident
from webapp.rights import policies
from webapp.rights.lifecycle import Answer, CounterCode, Verdict
from webapp.rights.models import PolicyCheck, PolicyCounter, PolicyFinding
from webapp.rulebook import presentation
from webapp.rulebook.figures import Rule, known, units


@dataclass(frozen=True)
class FigureLine:
    """One figure as people read it; ``words`` is empty for a hole."""

    name: str
    label: str
    words: str
    source: str
    confirmed: bool
    since: str = ""


@dataclass(frozen=True)
class Counter:
    """Where to go; an empty ``address`` is a hole."""

    code: CounterCode
    name: str
    address: str = ""
    phone: str = ""
    hours: str = ""


@dataclass(frozen=True)
class PolicyView:
    """One policy as its page shows it; ``checked_at`` is None while nobody confirmed the text."""

    policy: policies.Policy
    figures: tuple[FigureLine, ...]
    counter: Counter
    checked_at: datetime | None
    checked_by: str
    gone: str


def figure(name: str) -> int | None:
    """Return a figure as it holds today, ``None`` for a hole."""
    row = known(name, on=clock.today())
    return None if row is None else row.value


def figure_line(name: str) -> FigureLine:
    """Return a figure with its words, its source and whether somebody confirmed it."""
    row: Rule | None = known(name, on=clock.today())
    label = presentation.name_words(name)
    if row is None:
        return FigureLine(name, label, "", "", confirmed=False)
    return FigureLine(
        name=name,
        label=label,
        words=presentation.value_words(row.value, row.unit),
        source=row.source,
        confirmed=row.confirmed,
        since=date_words(row.since),
    )


def with_figures(sentence: str) -> str:
    """Return a sentence with its ``{figure}`` in words; a hole says that it is not known."""
    names = [name for name in units() if f"{{{name}}}" in sentence]
    lines = {name: figure_line(name) for name in names}
    return sentence.format(**{name: line.words or "（还没有查到）" for name, line in lines.items()})


def views(session: Session) -> list[PolicyView]:
    """Return every policy with its figures, counter and check, in the order of the table."""
    places = counters(session)
    checks = _checks(session)
    found = []
    for policy in policies.shipped():
        check, by = checks.get(policy.code, (None, ""))
        stands = check is not None and check.digest == policy.digest
        gone = check is not None and check.verdict is Verdict.GONE
        found.append(
            PolicyView(
                policy=policy,
                figures=tuple(figure_line(name) for name in policy.figures),
                counter=places[policy.counter],
                checked_at=check.at if check and stands else None,
                checked_by=by if stands else "",
                gone=check.note if check and gone else "",
            )
        )
    return found


def _checks(session: Session) -> dict[str, tuple[PolicyCheck, str]]:
    rows = session.exec(
        select(PolicyCheck, Account.name)
        .join(Account, col(Account.id) == PolicyCheck.account_id)
        .order_by(col(PolicyCheck.id))
    )
    return {check.policy: (check, name) for check, name in rows}


def counters(session: Session) -> dict[CounterCode, Counter]:
    """Return every counter; the branch's own is where the branch for work is."""
    rows = {row.code: row for row in session.exec(select(PolicyCounter))}
    found = {
        code: Counter(code, code.label, row.address, row.phone, row.hours)
        if (row := rows.get(code))
        else Counter(code, code.label)
        for code in CounterCode
    }
    if not found[CounterCode.BRANCH].address:
        branch = session.exec(select(Branch).where(col(Branch.serves_all))).first()
        if branch is not None:
            code = CounterCode.BRANCH
            found[code] = Counter(code, code.label, branch.office, branch.phone)
    return found


def counters_of(shown: Iterable[PolicyView]) -> list[Counter]:
    """Return the counters that some policies lead to, each once."""
    return list({view.counter.code: view.counter for view in shown}.values())


def findings_of(account_id: int) -> Any:
    """Return the statement of what a member's last look found, by person."""
    return (
        select_columns(
            col(PolicyFinding.resident_id),
            col(Resident.name),
            col(Household.unit_address),
            col(PolicyFinding.policy),
            col(PolicyFinding.answer),
            col(PolicyFinding.found_at),
        )
        .join(Resident, col(Resident.id) == PolicyFinding.resident_id)
        .join(Household, col(Household.id) == Resident.household_id)
        .where(col(PolicyFinding.account_id) == account_id)
        .order_by(col(Resident.name), col(PolicyFinding.resident_id), col(PolicyFinding.id))
    )


def found_of(session: Session, account_id: int, resident_id: int) -> dict[str, Answer]:
    """Return policy → answer of what a member's last look found of one person."""
    rows = session.exec(
        select(PolicyFinding).where(
            PolicyFinding.account_id == account_id, PolicyFinding.resident_id == resident_id
        )
    )
    return {row.policy: row.answer for row in rows}
