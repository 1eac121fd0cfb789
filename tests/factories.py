"""Rows for tests: valid by default, every field overridable; each is flushed and has its id."""

import itertools
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, select

from tests.conftest import PASSWORD
from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.passwords import hash_password
from webapp.core.vocabulary import Education, Kind, PayUnit, Reach
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerMember
from webapp.employment.lifecycle import Evidence, Origin, SpellKind
from webapp.employment.models import EmploymentSpell
from webapp.matches.lifecycle import AWAITS_EMPLOYER, MatchOrigin, MatchState, Pick
from webapp.matches.models import Match
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening, OpeningSource
from webapp.residents.models import Consent, ConsentPurpose, Household, Resident

PLACE = "重庆市/九龙坡区/华岩镇/华龙家园"
_numbers = itertools.count(1)
_hash: list[str] = []


def password_hash() -> str:
    """Return the hash of the tests' password, computed once: hashing is slow on purpose."""
    if not _hash:
        _hash.append(hash_password(PASSWORD))
    return _hash[0]


def _add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def make_branch(session: Session, **overrides: Any) -> Branch:
    """Return a branch."""
    n = next(_numbers)
    fields = {
        "name": f"富民{n}",
        "purpose": "就业创业",
        "office": "1号楼",
        "phone": "023-61234567",
        "serves_all": True,
    }
    return _add(session, Branch(**{**fields, **overrides}))


def make_account(session: Session, *, role: Role = Role.RESIDENT, **overrides: Any) -> Account:
    """Return an account with :data:`PASSWORD`; staff get a branch unless one is given."""
    n = next(_numbers)
    if role is Role.STAFF and "branch_id" not in overrides:
        overrides["branch_id"] = make_branch(session).id
    fields = {
        "phone": f"139{n:08d}",
        "name": f"测试{n}",
        "password_hash": password_hash(),
        "role": role,
        "phone_verified_at": clock.now(),
        "created_at": clock.now(),
    }
    return _add(session, Account(**{**fields, **overrides}))


def acting(account: Account, **more: Any) -> Actor:
    """Return the account as it acts, with the branch or employer it acts for."""
    return Actor(account_id=account.id, role=account.role, name=account.name, **more)


def make_household(session: Session, **overrides: Any) -> Household:
    """Return a household in 华龙家园."""
    fields = {
        "unit_address": f"1栋1单元-{next(_numbers)}",
        "place": PLACE,
        "created_at": clock.now(),
    }
    return _add(session, Household(**{**fields, **overrides}))


def make_resident(session: Session, *, with_account: bool = False, **overrides: Any) -> Resident:
    """Return a seeking resident, assisted unless ``with_account``."""
    n = next(_numbers)
    if "household_id" not in overrides:
        overrides["household_id"] = make_household(session).id
    if "branch_id" not in overrides:
        overrides["branch_id"] = make_branch(session).id
    name = overrides.get("name", f"居民{n}")
    if with_account and "account_id" not in overrides:
        number = {"phone": overrides["phone"]} if overrides.get("phone") else {}
        overrides["account_id"] = make_account(session, name=name, **number).id
    fields = {
        "name": name,
        "placed": True,
        "birth_date": date(1980, 5, 1),
        "education": Education.JUNIOR_HIGH,
        "wanted": ["保洁"],
        "skills": ["打扫卫生"],
        "reach": Reach.DISTRICT,
        "created_at": clock.now(),
        "updated_at": clock.now(),
    }
    return _add(session, Resident(**{**fields, **overrides}))


def make_spell(session: Session, **overrides: Any) -> EmploymentSpell:
    """Return a spell of work that a member has verified, begun a month ago."""
    if "resident_id" not in overrides:
        overrides["resident_id"] = make_resident(session).id
    fields = {
        "kind": SpellKind.FOUND_ALONE,
        "starts_on": clock.today() - timedelta(days=30),
        "evidence": Evidence.CONTRACT,
        "origin": Origin.STAFF,
        "recorded_at": clock.now(),
        "verified_at": clock.now(),
    }
    return _add(session, EmploymentSpell(**{**fields, **overrides}))


def make_employer(session: Session, *, member: Account | None = None, **overrides: Any) -> Employer:
    """Return an employer verified today, acted for by ``member`` if given."""
    fields = {
        "name": f"重庆测试{next(_numbers)}有限公司",
        "state": EmployerState.VERIFIED,
        "verified_at": clock.now(),
        "created_at": clock.now(),
    }
    employer = _add(session, Employer(**{**fields, **overrides}))
    if member is not None:
        _add(session, EmployerMember(employer_id=employer.id, account_id=member.id, is_owner=True))
    return employer


def make_opening(session: Session, **overrides: Any) -> Opening:
    """Return a published vacancy with two places."""
    if "employer_id" not in overrides:
        overrides["employer_id"] = make_employer(session).id
    fields = {
        "kind": Kind.VACANCY,
        "title": "保洁员",
        "description": "打扫楼道和电梯，工具由单位准备。",
        "place": PLACE,
        "pay_text": "2800-3200元/月",
        "pay_min_fen": 280000,
        "pay_max_fen": 320000,
        "pay_unit": PayUnit.MONTH,
        "pay_month_min_fen": 280000,
        "pay_month_max_fen": 320000,
        "headcount": 2,
        "valid_until": clock.today() + timedelta(days=30),
        "state": OpeningState.PUBLISHED,
        "source": OpeningSource.STAFF,
        "published_at": clock.now(),
        "created_at": clock.now(),
        "updated_at": clock.now(),
    }
    return _add(session, Opening(**{**fields, **overrides}))


def make_match(session: Session, **overrides: Any) -> Match:
    """Return a match in state ``suggested``."""
    if "resident_id" not in overrides:
        overrides["resident_id"] = make_resident(session).id
    if "opening_id" not in overrides:
        overrides["opening_id"] = make_opening(session).id
    fields = {
        "state": MatchState.SUGGESTED,
        "origin": MatchOrigin.MODEL,
        "score": 0.8,
        "position": 1,
        "reasons": [{"code": "wanted", "text": "您想做保洁"}],
        "model_version": "test",
        "computed_at": clock.now(),
        "since": clock.now(),
    }
    values = {**fields, **overrides}
    if values["state"] is MatchState.SUGGESTED and "pick" not in values:
        values["pick"] = _pick(session, values)
    if values["state"] in AWAITS_EMPLOYER:
        values.setdefault("asked_at", values["since"])
    return _add(session, Match(**values))


def _pick(session: Session, values: dict[str, Any]) -> int | None:
    """Return how a suggestion stands in the queue where no plan was made."""
    if values["origin"] is MatchOrigin.EMPLOYER:
        return Pick.ASKED
    first = select(Match.id).where(
        Match.resident_id == values["resident_id"], Match.pick == Pick.FIRST
    )
    return Pick.FIRST if values["position"] == 1 and not session.exec(first).first() else None


def give_consent(session: Session, resident_id: int, employer_id: int) -> Consent:
    """Return a person's consent to be seen by an employer."""
    consent = Consent(
        resident_id=resident_id,
        purpose=ConsentPurpose.EMPLOYER,
        employer_id=employer_id,
        given_at=clock.now(),
        channel="page",
    )
    return _add(session, consent)
