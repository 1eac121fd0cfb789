"""Fill an empty database with the demo community: people, openings, then their histories.

A step is one transaction with a marker in it, or safe to repeat until its marker is set; so a
load that was cut off goes on where it stopped, and nothing comes in twice.
"""

import itertools
from collections.abc import Callable
from datetime import timedelta

from sqlmodel import Session, select

from webapp.accounts.models import Account
from webapp.branches.models import Branch, MemberProfile
from webapp.branches.services import duties
from webapp.caseload import phrase_meanings
from webapp.core import clock
from webapp.core.access import SYSTEM, Role
from webapp.core.db import Database
from webapp.core.models import JobRun
from webapp.core.passwords import hash_password
from webapp.demo import (
    attendance,
    branch_life,
    handwork,
    house_rules,
    invitations,
    long_cases,
    needs,
    oversight,
    payees,
    payment_checks,
    posts,
    promises,
    spot_checks,
    standing_services,
    statements,
    ticket_printing,
    tickets,
    training,
    trials,
    ventures,
)
from webapp.demo.matches import contacts, decisions, histories, messages
from webapp.demo.openings import employer_files
from webapp.demo.openings.catalogue import openings
from webapp.demo.openings.loading import write_opening
from webapp.demo.openings.organisations import DemoMember, admin, branches, employers
from webapp.demo.people import newcomers, working_lives
from webapp.demo.people.community import community
from webapp.demo.people.loading import NO_LOGIN, write_households
from webapp.duplicates.services import detection
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerMember
from webapp.figures.queries.employment import freeze_month
from webapp.matches.services import plans
from webapp.matches.suggestions import compute
from webapp.openings import catalogue_cache
from webapp.training.services import demand

PASSWORD = "fumin-demo-1"  # noqa: S105 - the demo's, said in the README
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
    once(db, "people", people_and_openings)
    once_outside(db, "suggestions", lambda: compute.compute_suggestions(db, progress=progress))
    once(db, "branches", branch_life.write)
    once(db, "histories", histories.write)
    once(db, "employer files", employer_files.write)
    once(db, "contacts", contacts.write)
    once_outside(db, "duplicates", lambda: detection.find(db))
    once(db, "handwork", handwork.write)
    once(db, "payees", payees.write)
    once(db, "house rules", house_rules.write)
    once(db, "payment checks", payment_checks.write)
    once(db, "newcomers", newcomers.write)
    once(db, "working lives", working_lives.write)
    once(db, "messages", messages.write)
    once(db, "decisions", decisions.write)
    once(db, "attendance", attendance.write)
    once(db, "training", training.write)
    once(db, "trials", trials.write)
    once(db, "promises", promises.write)
    once(db, "ventures", ventures.write)
    once(db, "statements", statements.write)
    once(db, "standing services", standing_services.write)
    once(db, "long cases", long_cases.write)
    once(db, "posts", posts.write)
    once(db, "ticket printing", ticket_printing.write)
    once(db, "tickets", tickets.write)
    once(db, "spot checks", spot_checks.write)
    once(db, "figures", _freeze)
    once(db, "needs", needs.write)
    once_outside(db, "today", lambda: compute.process_requests(db))
    once_outside(db, "plan", lambda: plans.nightly(db))
    # The scheduler would do it in its first minute, and load for it what is loaded here already.
    once_outside(db, "meanings", lambda: _keep_meanings(db))
    once_outside(db, "demand", lambda: demand.compute(db))
    once(db, "invitations", invitations.write)
    once_outside(db, "oversight", lambda: oversight.freeze_and_publish(db))
    once_outside(db, "statistics", db.refresh_statistics)


def _freeze(session: Session) -> None:
    freeze_month(session)


def _keep_meanings(db: Database) -> None:
    catalogue_cache.keep_meanings(db)
    phrase_meanings.keep_meanings(db)


def once(db: Database, step: str, work: Callable[[Session], None]) -> None:
    """Do ``work`` and mark it as done, in one transaction, unless a marker is there."""
    with db.transaction(SYSTEM) as session:
        if not _done(session, step):
            work(session)
            _mark(session, step)


def once_outside(db: Database, step: str, work: Callable[[], object]) -> None:
    """Like :func:`once`, for idempotent work with transactions of its own."""
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


def people_and_openings(session: Session) -> None:
    """Write branches, staff, employers, openings and households."""
    hashed = hash_password(PASSWORD)
    staff = _branches(session, hashed)
    employer_ids = _employers(session, hashed, verified_by=staff[0])
    for demo_opening in openings(clock.today()):
        write_opening(session, demo_opening, employer_ids, staff)
    session.flush()
    employer_files.let_lapse(session, employer_ids)
    branch_id = staff[0].branch_id or 0
    homes = zip(community(clock.today()), itertools.cycle(staff), strict=False)
    write_households(session, homes, hashed, branch_id)


def _branches(session: Session, hashed: str) -> list[Account]:
    """Write the branches and their members; return those of the 富民 branch, who do the work."""
    duties.seed_session(session)
    people: list[list[Account]] = []
    without_phone = 0
    for demo_branch in branches():
        branch = session.exec(select(Branch).where(Branch.name == demo_branch.name)).one()
        branch.purpose, branch.office = demo_branch.purpose, demo_branch.office
        branch.phone = demo_branch.phone
        session.add(branch)
        accounts = []
        for member in demo_branch.members:
            without_phone += member.phone is None
            phone = member.phone or f"1992099{without_phone:04d}"
            accounts.append(_account(member, phone, hashed, Role.STAFF, branch.id))
        session.add_all(accounts)
        session.flush()
        session.add_all(map(_profile, demo_branch.members, accounts))
        people.append(accounts)
    head = admin()
    session.add(_account(head, head.phone or "", hashed, Role.ADMIN, None))
    session.flush()
    return people[0]


def _profile(member: DemoMember, account: Account) -> MemberProfile:
    return MemberProfile(
        account_id=account.id,
        volunteer=member.role == "volunteer",
        institution=member.institution,
        trades=list(member.trades),
        languages=list(member.languages),
        hours=[{"days": days, "start": start, "end": end} for days, start, end in member.hours],
        updated_at=account.created_at,
    )


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
        phone_verified_at=clock.now() - timedelta(days=800),
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
            phone_verified_at=checked - timedelta(days=20),
            created_at=checked - timedelta(days=20),
        )
        session.add_all([employer, agent])
        session.flush()
        session.add(EmployerMember(employer_id=employer.id, account_id=agent.id, is_owner=True))
        ids[demo.key] = employer.id
    return ids
