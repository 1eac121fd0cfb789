"""Write the demo's households and residents."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from sqlmodel import Session, SQLModel

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.vocabulary import ALWAYS, Education, Reach, Sex
from webapp.demo.content import ESTATE, window_rows
from webapp.demo.people.community import DemoHousehold, DemoResident
from webapp.residents.models import (
    Consent,
    ConsentChannel,
    ConsentPurpose,
    Experience,
    Household,
    Resident,
    SensitiveRecord,
)

NO_LOGIN = "!"  # no password hashes to this
RESIDENT_LOGINS = ("13800000001", "13800000005")


def write_households(
    session: Session,
    homes: Iterable[tuple[DemoHousehold, Account]],
    hashed: str,
    branch_id: int,
) -> None:
    """Write households, each with the member of staff who looks after it.

    What takes another's id waits until all of those are written: four flushes, not four a home.
    """
    households = [(_household(demo, member), demo, member) for demo, member in homes]
    session.add_all(household for household, _demo, _member in households)
    session.flush()
    people = [
        (_account(one, hashed), one, demo, household, member)
        for household, demo, member in households
        for one in demo.members
    ]
    session.add_all(account for account, *_others in people if account)
    session.flush()
    residents = [_resident(account, one, home, branch_id) for account, one, _, home, _m in people]
    session.add_all(residents)
    session.flush()
    for resident, (account, one, demo, _home, member) in zip(residents, people, strict=True):
        session.add_all(_papers(resident, account, one, demo, member))
    session.flush()


def _household(demo: DemoHousehold, member: Account) -> Household:
    first_seen = max((one.registered_days_ago for one in demo.members), default=0)
    return Household(
        unit_address=demo.code,
        place=ESTATE,
        tenure=demo.tenure,
        responsible_id=member.id,
        created_at=clock.now() - timedelta(days=first_seen),
    )


def _account(demo: DemoResident, hashed: str) -> Account | None:
    if not demo.phone:
        return None
    return Account(
        phone=demo.phone,
        name=demo.name,
        password_hash=hashed if demo.phone in RESIDENT_LOGINS else NO_LOGIN,
        role=Role.RESIDENT,
        phone_verified_at=clock.now() - timedelta(days=demo.registered_days_ago),
        created_at=clock.now() - timedelta(days=demo.registered_days_ago),
    )


def _resident(
    account: Account | None, demo: DemoResident, household: Household, branch_id: int
) -> Resident:
    since = clock.now() - timedelta(days=demo.registered_days_ago)
    return Resident(
        household_id=household.id,
        placed=True,
        account_id=account.id if account else None,
        branch_id=branch_id,
        name=demo.name,
        sex=Sex(demo.sex),
        birth_date=demo.birth_date,
        phone=demo.phone,
        contact_note="" if demo.phone else "没有手机，请上门或让邻居带话",
        education=Education(demo.education),
        wanted=list(demo.wanted),
        skills=list(demo.skills),
        certificates=list(demo.certificates),
        limits=list(demo.limits),
        kinds=list(demo.kinds),
        available=ALWAYS if demo.available is None else window_rows(demo.available),
        reach=Reach(demo.reach),
        min_pay_fen=None if demo.min_pay is None else demo.min_pay * 100,
        situation=demo.situation,
        created_at=since,
        updated_at=since,
    )


def _papers(
    resident: Resident,
    account: Account | None,
    demo: DemoResident,
    home: DemoHousehold,
    member: Account,
) -> Iterator[SQLModel]:
    """Yield what belongs to a resident: work done, the sensitive record, consents."""
    for title, employer, years in demo.experience:
        yield Experience(
            resident_id=resident.id,
            title=title,
            employer=employer,
            months=round(years * 12),
        )
    yield SensitiveRecord(
        resident_id=resident.id,
        id_number=demo.id_number,
        disability=_disability(demo),
        allowance="低保户" if home.on_allowance else None,
    )
    purposes = [ConsentPurpose.SERVICE, ConsentPurpose.SENSITIVE]
    if account is None:
        purposes.append(ConsentPurpose.ASSISTED)
    for purpose in purposes:
        yield Consent(
            resident_id=resident.id,
            purpose=purpose,
            given_at=resident.created_at,
            given_by_id=(account or member).id,
            channel=ConsentChannel.PAGE if account else ConsentChannel.IN_PERSON,
        )


def _disability(demo: DemoResident) -> str | None:
    if demo.disability is None:
        return None
    level = "一二三四"[demo.disability_level - 1] if demo.disability_level else ""
    return f"{demo.disability}{level}级" if level else demo.disability
