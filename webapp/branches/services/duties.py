"""What each branch does: seeded once, then kept by its secretary and the admin."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from sqlmodel import Session, col, delete, select

from webapp.branches import policy
from webapp.branches.models import Branch, BranchDuty
from webapp.branches.queries.members import secretary_of
from webapp.branches.services import telephones
from webapp.core import audit
from webapp.core.access import SYSTEM, Actor
from webapp.core.db import Database
from webapp.core.errors import BadField, NotFound

TABLE = Path(__file__).parents[3] / "data" / "branch_duties.csv"
SERVES_ALL = "富民"
_LONGEST_PURPOSE = 100


@dataclass(frozen=True)
class DutyWords:
    """A duty as it is typed in: its name and one sentence."""

    title: str
    words: str


def shipped() -> dict[str, list[DutyWords]]:
    """Return the duties that the program ships, by the name a branch's begins with."""
    found: dict[str, list[DutyWords]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["branch"], []).append(DutyWords(row["title"], row["words"]))
    return found


def seed(db: Database) -> int:
    """Make the branches that are missing, and give those without duties the shipped ones.

    Returns how many branches changed; running it again does nothing. Office and telephone of a
    branch made here are still to be filled in.
    """
    with db.transaction(SYSTEM) as session:
        return seed_session(session)


def seed_session(session: Session) -> int:
    """Do :func:`seed` in a transaction that is open."""
    changed = 0
    branches = list(session.exec(select(Branch).order_by(col(Branch.id))))
    for name, duties in shipped().items():
        branch = next((one for one in branches if one.name.startswith(name)), None)
        if branch is None:
            branch = Branch(
                name=_("%(name)s支部", name=name),
                purpose="、".join(one.title for one in duties)[:_LONGEST_PURPOSE],
                office="",
                phone="",
                serves_all=name == SERVES_ALL,
            )
            session.add(branch)
            session.flush()
        has_some = select(BranchDuty.id).where(BranchDuty.branch_id == branch.id)
        if session.exec(has_some).first() is None:
            _write(session, branch.id, duties)
            changed += 1
    return changed


def get_branch(session: Session, actor: Actor, branch_id: int) -> Branch:
    """Return a branch whose page the actor may write; any other raises ``NotFound``."""
    branch = session.get(Branch, branch_id)
    if branch is None or not policy.can_lead(
        actor, branch_id, secretary_id=secretary_of(session, branch_id)
    ):
        raise NotFound
    return branch


def save_branch(
    session: Session,
    actor: Actor,
    *,
    branch_id: int,
    purpose: str,
    office: str,
    phone: str,
    duties: Sequence[DutyWords],
) -> Branch:
    """Write what a branch does and how it is reached."""
    branch = get_branch(session, actor, branch_id)
    telephones.refuse_own(session, phone, field="phone")
    if len({one.title for one in duties}) < len(duties):
        raise BadField("duties", _("有两行的名字一样，改一个"))
    session.refresh(branch, with_for_update=True)
    branch.purpose, branch.office, branch.phone = purpose, office, phone
    session.add(branch)
    session.exec(delete(BranchDuty).where(col(BranchDuty.branch_id) == branch_id))
    _write(session, branch_id, duties)
    audit.record(session, "branch.duties", branch, count=len(duties))
    return branch


def _write(session: Session, branch_id: int, duties: Sequence[DutyWords]) -> None:
    session.add_all(
        BranchDuty(branch_id=branch_id, position=at, title=one.title, words=one.words)
        for at, one in enumerate(duties)
    )
    session.flush()
