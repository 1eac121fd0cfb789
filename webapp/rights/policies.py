"""The policies that ship: what each is, its document, where to go with which papers.

Rows of ``data/policies.csv``; the figures they speak of are rows of the rule book, the conditions
stand in ``data/policy_conditions.csv``. ``digest`` is of a policy's text and conditions: who has
compared them with the document has confirmed that very text.
"""

import csv
import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from webapp.rights import conditions
from webapp.rights.lifecycle import CounterCode

TABLE = Path(__file__).resolve().parents[2] / "data" / "policies.csv"


@dataclass(frozen=True)
class Policy:
    """One policy; ``url`` is a page of the government or empty, ``look_at`` what else is asked."""

    code: str
    name: str
    what: str
    since: date
    document: str
    url: str
    page_date: date
    confidence: str
    counter: CounterCode
    papers: tuple[str, ...]
    figures: tuple[str, ...]
    look_at: str
    digest: str


@cache
def shipped() -> tuple[Policy, ...]:
    """Return the policies in the order of the table: what comes first is needed first."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Policy(
                code=row["policy"],
                name=row["name"],
                what=row["what"],
                since=date.fromisoformat(row["from"]),
                document=row["document"],
                url=row["url"],
                page_date=date.fromisoformat(row["page_date"]),
                confidence=row["confidence"],
                counter=CounterCode(row["counter"]),
                papers=tuple(filter(None, row["papers"].split("|"))),
                figures=tuple(filter(None, row["figures"].split("|"))),
                look_at=row["look_at"],
                digest=_digest(row),
            )
            for row in csv.DictReader(file)
        )


def by_code(code: str) -> Policy | None:
    """Return a policy by its code."""
    return next((one for one in shipped() if one.code == code), None)


def _digest(row: dict[str, str]) -> str:
    terms = [term for term in conditions.shipped() if term.policy == row["policy"]]
    return hashlib.sha256(repr((sorted(row.items()), terms)).encode()).hexdigest()
