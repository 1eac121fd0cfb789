"""Who of a member's own residents may be entitled to something they have not claimed.

Only residents who agreed to their sensitive facts being kept (for claims, as that consent says) are
looked at. Facts are opened in small lots, each opening is in the audit trail, and of them nothing
is kept but which policies may fit.
"""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, exists, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Forbidden
from webapp.employment import queries as employment
from webapp.employment.lifecycle import WORK
from webapp.jobs import service as jobs
from webapp.jobs.models import BackgroundJob, JobKind
from webapp.jobs.worker import Work
from webapp.residents.models import (
    Consent,
    ConsentPurpose,
    Household,
    Resident,
    ResidentState,
    SensitiveRecord,
)
from webapp.rights import known_facts, policies, policy, queries
from webapp.rights.conditions import Finding, check
from webapp.rights.lifecycle import SETTLED, Answer, ClaimState
from webapp.rights.models import PolicyClaim, PolicyFinding
from webapp.rights.questions import Fact, facts_from
from webapp.rulebook.figures import rule

_LOT = 20
#: Nobody claims it: the school is paid without an application (渝人社〔2022〕189号).
_NOT_CLAIMED = frozenset({"training_subsidy"})
_DENIED = re.compile(r"^\s*(?:无|没|否|不)")
#: Who is recognised as such is asked first: other policies follow from it.
_FIRST = "difficult_person"
#: What a standing claim says of a question.
_BY_CLAIM = {"unemployment_registration": "registered", _FIRST: "difficult"}


def start_search(session: Session, actor: Actor) -> BackgroundJob:
    """Have the actor's own residents looked through anew."""
    if not policy.can_look_for_claims(actor):
        raise Forbidden
    return jobs.start(
        session,
        actor,
        kind=JobKind.RIGHTS_SEARCH,
        arguments={"account_id": actor.account_id},
        result_url="/staff/rights/",
    )


def do_search(work: Work) -> dict[str, Any]:
    """Look through the residents of whoever asked, lot by lot; safe to repeat."""
    account_id = work.actor.account_id or 0
    with work.db.reader() as session:
        ids = list(session.exec(_own(account_id)))
    with work.db.transaction(work.actor) as session:
        session.exec(delete(PolicyFinding).where(col(PolicyFinding.account_id) == account_id))
        audit.record(session, "policy.search", f"account:{account_id}", residents=len(ids))
    found = 0
    for at in range(0, len(ids), _LOT):
        work.progress(at, len(ids))
        with work.db.transaction(work.actor) as session:
            found += _look_at(session, work.actor, ids[at : at + _LOT])
    work.progress(len(ids), len(ids))
    return {"residents": len(ids), "found": found}


def _own(account_id: int) -> Any:
    """Return the statement of ids of a member's own residents who agreed."""
    agreed = exists().where(
        col(Consent.resident_id) == col(Resident.id),
        col(Consent.purpose) == ConsentPurpose.SENSITIVE,
        col(Consent.withdrawn_at).is_(None),
    )
    return (
        select(Resident.id)
        .join(Household, col(Household.id) == Resident.household_id)
        .where(
            Household.responsible_id == account_id,
            Resident.state != ResidentState.LEFT,
            agreed,
        )
        .order_by(col(Resident.id))
    )


def _look_at(session: Session, actor: Actor, ids: list[int]) -> int:
    # The consent is asked again in this transaction: it may have been withdrawn meanwhile.
    still = select(Resident).where(
        col(Resident.id).in_(ids), col(Resident.id).in_(_own(actor.account_id or 0))
    )
    found = 0
    for resident in session.exec(still).all():
        claims = {
            row.policy: row.state
            for row in session.exec(
                select(PolicyClaim).where(PolicyClaim.resident_id == resident.id)
            )
        }
        facts = _facts(session, actor, resident, claims)
        audit.record(session, "policy.read_facts", resident, fields=["disability", "allowance"])
        for shipped in policies.shipped():
            if shipped.code in _NOT_CLAIMED or claims.get(shipped.code) in SETTLED:
                continue
            finding = check(shipped.code, facts, queries.figure)
            if _worth_telling(finding):
                found += 1
                session.add(
                    PolicyFinding(
                        account_id=actor.account_id or 0,
                        resident_id=resident.id,
                        policy=shipped.code,
                        answer=finding.answer,
                        found_at=clock.now(),
                    )
                )
    return found


def _worth_telling(finding: Finding) -> bool:
    """Whether something speaks for it, and nothing comes first that is told of by itself."""
    comes_first = finding.policy != _FIRST and "difficult" in finding.unanswered
    if finding.answer is Answer.UNSURE:
        return finding.met > 0 and not (finding.to_ask or finding.unclear or comes_first)
    return finding.answer is not Answer.NO and not comes_first


def _facts(
    session: Session, actor: Actor, resident: Resident, claims: dict[str, ClaimState]
) -> dict[str, Fact]:
    told = known_facts.answers_of(session, actor, resident.id)
    told.setdefault("business", "no")
    for code, question in _BY_CLAIM.items():
        if claims.get(code) is ClaimState.GRANTED:
            told[question] = "yes"
    row = session.exec(
        select(SensitiveRecord).where(SensitiveRecord.resident_id == resident.id)
    ).first()
    family = [
        name
        for name in ("allowance", "disability")
        if row is not None and _says_so(getattr(row, name))
    ]
    if not _somebody_works(session, resident.household_id):
        family.append("zero_employment")
    facts = facts_from(told, family)
    # What the file does not hold is unknown here, where an unticked box would say no.
    return {name: fact for name, fact in facts.items() if not _unasked(name, fact)}


def _unasked(name: str, fact: Fact) -> bool:
    return fact == "no" and name in {"veteran", "lifted_poverty", "graduate"}


def _says_so(text: str | None) -> bool:
    return bool(text) and not _DENIED.match(text or "")


def _somebody_works(session: Session, household_id: int) -> bool:
    member = aliased(Resident)
    at_work = employment.people_in(WORK, on=clock.today())
    statement = select(member.id).where(
        member.household_id == household_id,
        member.state != ResidentState.LEFT,
        col(member.id).in_(at_work) | (col(member.state) == ResidentState.EMPLOYED),
    )
    return session.exec(statement.limit(1)).first() is not None


def forget(session: Session, *, resident_id: int) -> None:
    """Delete what was found of a person: their facts are gone."""
    session.exec(delete(PolicyFinding).where(col(PolicyFinding.resident_id) == resident_id))


def forget_old(session: Session) -> int:
    """Delete what was found too long ago; return how many."""
    days = timedelta(days=rule("rights_findings_days", on=clock.today()))
    old = delete(PolicyFinding).where(col(PolicyFinding.found_at) < clock.now() - days)
    return session.exec(old).rowcount
