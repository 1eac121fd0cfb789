"""Write the demo's households and residents."""

from datetime import timedelta

from sqlmodel import Session

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.vocabulary import Education, Reach, Sex
from webapp.demo.community import DemoHousehold, DemoResident
from webapp.demo.content import ESTATE, window_rows
from webapp.matches.reason_codes import Channel
from webapp.residents.models import (
    Consent,
    ConsentPurpose,
    Experience,
    Household,
    Resident,
    SensitiveRecord,
)

NO_LOGIN = "!"  # no password hashes to this
RESIDENT_LOGINS = ("13800000001", "13800000005")


def write_household(
    session: Session, demo: DemoHousehold, hashed: str, branch_id: int, member: Account
) -> None:
    first_seen = max((one.registered_days_ago for one in demo.members), default=0)
    household = Household(
        door=demo.code,
        place=ESTATE,
        tenure=demo.tenure,
        responsible_id=member.id,
        created_at=clock.now() - timedelta(days=first_seen),
    )
    session.add(household)
    session.flush()
    for one in demo.members:
        _resident(session, one, demo, household, hashed, branch_id, member)


def _resident(
    session: Session,
    demo: DemoResident,
    home: DemoHousehold,
    household: Household,
    hashed: str,
    branch_id: int,
    member: Account,
) -> None:
    since = clock.now() - timedelta(days=demo.registered_days_ago)
    account = None
    if demo.phone:
        login = demo.phone in RESIDENT_LOGINS
        account = Account(
            phone=demo.phone,
            name=demo.name,
            password_hash=hashed if login else NO_LOGIN,
            role=Role.RESIDENT,
            created_at=since,
        )
        session.add(account)
        session.flush()
    resident = Resident(
        household_id=household.id,
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
        available=window_rows(demo.available or ()),
        reach=Reach(demo.reach),
        min_pay_fen=None if demo.min_pay is None else demo.min_pay * 100,
        situation=demo.situation,
        created_at=since,
        updated_at=since,
    )
    session.add(resident)
    session.flush()
    for title, employer, years in demo.experience:
        session.add(
            Experience(
                resident_id=resident.id,
                title=title,
                employer=employer,
                months=round(years * 12),
            )
        )
    session.add(
        SensitiveRecord(
            resident_id=resident.id,
            id_number=demo.id_number,
            disability=_disability(demo),
            allowance="低保户" if home.on_allowance else None,
        )
    )
    told_by = account or member
    channel = Channel.PAGE if account else Channel.IN_PERSON
    purposes = [ConsentPurpose.SERVICE, ConsentPurpose.SENSITIVE]
    if account is None:
        purposes.append(ConsentPurpose.ASSISTED)
    session.add_all(
        Consent(
            resident_id=resident.id,
            purpose=purpose,
            given_at=since,
            given_by_id=told_by.id,
            channel=channel,
        )
        for purpose in purposes
    )


def _disability(demo: DemoResident) -> str | None:
    if demo.disability is None:
        return None
    level = "一二三四"[demo.disability_level - 1] if demo.disability_level else ""
    return f"{demo.disability}{level}级" if level else demo.disability
