"""Fill an empty database with the demo community: people, openings, then their histories.

Each step is one transaction and leaves a marker in it, so a load that was cut off goes on
where it stopped, and nothing comes in twice.
"""

from collections.abc import Callable
from datetime import timedelta

from sqlmodel import Session, select

from webapp import clock
from webapp.access import SYSTEM, Role
from webapp.accounts.models import Account
from webapp.accounts.passwords import hash_password
from webapp.branches.models import Branch
from webapp.db import Database
from webapp.demo import histories
from webapp.demo.community import DemoHousehold, DemoResident, community
from webapp.demo.content import ESTATE, DemoWindow
from webapp.demo.opening import DemoOpening
from webapp.demo.openings import openings
from webapp.demo.organisations import DemoMember, admin, branches, employers
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerMember
from webapp.matches import gateway, suggest
from webapp.matches.reasons import Channel
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening, OpeningSource
from webapp.residents.models import (
    Consent,
    ConsentPurpose,
    Experience,
    Household,
    Resident,
    SensitiveRecord,
)
from webapp.runs import JobRun
from webapp.vocabulary import Education, Kind, Reach, Sex

PASSWORD = "fumin-demo-1"  # noqa: S105 - the demo's, said in the README
NO_LOGIN = "!"  # no password hashes to this
LOGINS = f"""
  密码都是 {PASSWORD}
  13800000001  居民 陈桂芳        13800000005  居民 张建国
  13800000002  用人单位 暖邻家政   13800000006  用人单位 巧手坊
  13800000003  富民支部 李晓梅     13800000007  富民支部 王志强
  13800000004  管理员 赵光明"""

Progress = Callable[[int, int], None]


def load_if_empty(db: Database, progress: Progress) -> None:
    """Load what is missing of the demo community; a complete one is left as it is.

    Suggestions come before the histories, which start from them; whom the histories left
    changed is computed again.
    """
    _once(db, "people", lambda session: _people_and_openings(session))
    _once_outside(db, "suggestions", lambda: suggest.compute_suggestions(db, progress=progress))
    _once_outside(db, "histories", lambda: histories.write(db))
    _once_outside(db, "today", lambda: suggest.process_requests(db))


def _once(db: Database, step: str, work: Callable[[Session], None]) -> None:
    with db.transaction(SYSTEM) as session:
        if not _done(session, step):
            work(session)
            _mark(session, step)


def _once_outside(db: Database, step: str, work: Callable[[], object]) -> None:
    """As :func:`_once`, for work that is safe to repeat and makes its own transactions."""
    with db.reader() as session:
        if _done(session, step):
            return
    work()
    with db.transaction(SYSTEM) as session:
        if not _done(session, step):
            _mark(session, step)


def _done(session: Session, step: str) -> bool:
    marker = select(JobRun.id).where(JobRun.job == "demo", JobRun.period == step)
    return session.exec(marker).first() is not None


def _mark(session: Session, step: str) -> None:
    now = clock.now()
    session.add(JobRun(job="demo", period=step, started_at=now, finished_at=now, outcome="done"))


def _people_and_openings(session: Session) -> None:
    hashed = hash_password(PASSWORD)
    staff = _branches(session, hashed)
    employer_ids = _employers(session, hashed, verified_by=staff[0])
    for demo_opening in openings(clock.today()):
        _opening(session, demo_opening, employer_ids, staff)
    branch_id = staff[0].branch_id or 0
    for number, household in enumerate(community(clock.today())):
        _household(session, household, hashed, branch_id, staff[number % len(staff)])
    session.flush()


def _branches(session: Session, hashed: str) -> list[Account]:
    """Write the branches and their members; return those of the 富民 branch, who do the work."""
    people: list[list[Account]] = []
    without_phone = 0
    for demo_branch in branches():
        branch = Branch(
            name=demo_branch.name,
            purpose=demo_branch.purpose,
            office=demo_branch.office,
            phone=demo_branch.phone,
        )
        session.add(branch)
        session.flush()
        accounts = []
        for member in demo_branch.members:
            without_phone += member.phone is None
            phone = member.phone or f"1992099{without_phone:04d}"
            accounts.append(_account(member, phone, hashed, Role.STAFF, branch.id))
        session.add_all(accounts)
        people.append(accounts)
    head = admin()
    session.add(_account(head, head.phone or "", hashed, Role.ADMIN, None))
    session.flush()
    return people[0]


def _account(
    member: DemoMember, phone: str, hashed: str, role: Role, branch_id: int | None
) -> Account:
    return Account(
        phone=phone,
        name=member.name,
        password_hash=hashed if member.login else NO_LOGIN,
        role=role,
        branch_id=branch_id,
        title=member.duty,
        created_at=clock.now() - timedelta(days=800),
    )


def _employers(session: Session, hashed: str, *, verified_by: Account) -> dict[str, int]:
    ids = {}
    for number, demo in enumerate(employers()):
        checked = clock.now() - timedelta(days=5 + 2 * number)
        employer = Employer(
            name=demo.name,
            credit_code=demo.credit_code,
            industry=demo.industry,
            contact_name=demo.contact,
            phone=demo.phone,
            address=demo.address,
            state=EmployerState.VERIFIED if demo.verified else EmployerState.PENDING,
            verified_at=checked if demo.verified else None,
            verified_by_id=verified_by.id if demo.verified else None,
            created_at=checked - timedelta(days=20),
        )
        agent = Account(
            phone=demo.phone,
            name=demo.contact,
            password_hash=hashed if number < 2 else NO_LOGIN,
            role=Role.EMPLOYER,
            created_at=checked - timedelta(days=20),
        )
        session.add_all([employer, agent])
        session.flush()
        session.add(EmployerMember(employer_id=employer.id, account_id=agent.id))
        ids[demo.key] = employer.id
    return ids


def _opening(
    session: Session, demo: DemoOpening, employer_ids: dict[str, int], staff: list[Account]
) -> None:
    pay = gateway.read_pay(demo.pay_text)
    number = int(demo.key[1:])
    employer = session.get_one(Employer, employer_ids[demo.employer])
    waits = employer.state is not EmployerState.VERIFIED or number % 31 == 5
    days_ago, valid_days = demo.published_days_ago, demo.valid_days
    if waits:
        days_ago = number % 4
    elif number % 7 == 3:  # open for long, so that somebody can have worked there for months
        days_ago, valid_days = 200, 240
    published_at = clock.now() - timedelta(days=days_ago, hours=2)
    valid_until = clock.local(published_at).date() + timedelta(days=valid_days)
    if waits:
        state = OpeningState.SUBMITTED
    elif valid_until < clock.today():
        state = OpeningState.EXPIRED
    elif number % 67 == 9:
        state = OpeningState.RETURNED
    else:
        state = OpeningState.PUBLISHED
    shown = state in {OpeningState.PUBLISHED, OpeningState.EXPIRED}
    session.add(
        Opening(
            kind=Kind(demo.kind),
            employer_id=employer.id,
            title=demo.title,
            category=demo.category,
            description=demo.description,
            place=demo.place,
            address=demo.address,
            at_home=demo.at_home,
            skills=list(demo.skills),
            certificates=list(demo.certificates),
            education=Education(demo.education) if demo.education else None,
            demands=list(demo.demands),
            hours=_windows(demo.hours),
            flexible=demo.flexible,
            hazardous=demo.hazardous,
            teaches=list(demo.teaches),
            pay_text=demo.pay_text,
            pay_min_fen=pay.min_fen,
            pay_max_fen=pay.max_fen,
            pay_unit=pay.unit,
            pay_month_min_fen=pay.month_min_fen,
            pay_month_max_fen=pay.month_max_fen,
            headcount=demo.headcount,
            valid_until=valid_until,
            state=state,
            state_reason="请写明上班地点的门牌" if state is OpeningState.RETURNED else "",
            source=OpeningSource.EMPLOYER,
            responsible_id=staff[number % len(staff)].id,
            published_at=published_at if shown else None,
            reviewed_by_id=staff[0].id if shown else None,
            created_at=published_at - timedelta(days=1),
            updated_at=published_at,
        )
    )


def _household(
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
        login = demo.phone in LOGINS
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
        available=_windows(demo.available or ()),
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


def _windows(windows: tuple[DemoWindow, ...]) -> list[dict[str, str]]:
    return [{"days": one.days, "start": one.start, "end": one.end} for one in windows]
