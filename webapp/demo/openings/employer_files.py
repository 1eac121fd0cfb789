"""Checks, colleagues, complaints and a lapsed check of the demo's employers.

All through the real services; what would cut a story short comes before the stories.
"""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, col, delete, select, update

from webapp.accounts.models import Account
from webapp.complaints import service
from webapp.complaints.lifecycle import ComplaintKind, ComplaintOutcome
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.vocabulary import Education, Kind
from webapp.demo.openings.organisations import employers
from webapp.demo.people.loading import NO_LOGIN
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerCheck, EmployerMember
from webapp.employers.services import checks, invitations
from webapp.engine.models import SuggestionRequest
from webapp.openings.fields import OpeningFields
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.services import editing as openings
from webapp.residents.models import Resident

RUNS_OUT_SOON, RAN_OUT, COMPLAINED_OF = "zaocan", "tuangou", ("kuaidi", "jianghu", "peisong")


def write(session: Session) -> None:
    """Fill the files; called once, in one transaction."""
    staff = _actor(session, "13800000003")
    names = {demo.key: demo.name for demo in employers()}
    by_name = {row.name: row for row in session.exec(select(Employer)).all()}
    files = {key: by_name[name] for key, name in names.items()}
    _note_checks(session, staff)
    _age_check(session, files[RUNS_OUT_SOON], days=checks.check_days() - 9)
    invited = invitations.invite(session, staff, employer_id=files["nuanlin"].id)
    invitations.join(
        session,
        code=invited.code or "",
        name="罗小兰",
        phone="19930000001",
        password_hash=NO_LOGIN,
    )
    _complain(session, staff, [files[key].id for key in COMPLAINED_OF])
    _write_unlawful(session, _actor(session, "13800000002"))


def let_lapse(session: Session, employer_ids: dict[str, int]) -> None:
    """Let one check run out, before anybody's suggestions are computed."""
    employer = session.get_one(Employer, employer_ids[RAN_OUT])
    _age_check(session, employer, days=checks.check_days() + 1)
    checks.lapse_employers(session)
    session.exec(delete(SuggestionRequest))  # all of them are computed next anyway


def _actor(session: Session, phone: str) -> Actor:
    account = session.exec(select(Account).where(Account.phone == phone)).one()
    resident = session.exec(select(Resident.id).where(Resident.account_id == account.id)).first()
    employer = session.exec(
        select(EmployerMember.employer_id).where(EmployerMember.account_id == account.id)
    ).first()
    return Actor(
        account_id=account.id,
        role=Role(account.role),
        name=account.name,
        resident_id=resident,
        employer_id=employer,
        branch_id=account.branch_id,
    )


def _note_checks(session: Session, staff: Actor) -> None:
    verified = select(Employer).where(Employer.state == EmployerState.VERIFIED)
    for number, employer in enumerate(session.exec(verified.order_by(col(Employer.id))).all()):
        until = clock.today() + timedelta(days=300 + 30 * number) if number % 3 else None
        employer.licence_number = employer.credit_code or ""
        employer.licence_until = until
        session.add(employer)
        session.add(
            EmployerCheck(
                employer_id=employer.id,
                checked_at=employer.verified_at or clock.now(),
                checked_by_id=staff.account_id,
                licence_number=employer.licence_number,
                licence_until=until,
                agent_name=employer.contact_name,
            )
        )
    session.flush()


def _age_check(session: Session, employer: Employer, *, days: int) -> None:
    moment = clock.now() - timedelta(days=days)
    employer.verified_at = moment
    session.add(employer)
    session.exec(
        update(EmployerCheck)
        .where(col(EmployerCheck.employer_id) == employer.id)
        .values(checked_at=moment)
    )


def _complain(session: Session, staff: Actor, employer_ids: list[int]) -> None:
    said = (
        (
            "13800000001",
            ComplaintKind.FALSE_OFFER,
            "招聘上写八小时，去问了说要做十个小时，没有加班费。",
        ),
        ("13800000005", ComplaintKind.FEE, "面试时叫我先交200元工装费，我没有交就走了。"),
    )
    filed = []
    for (phone, kind, words), employer_id in zip(said, employer_ids, strict=False):
        opening = session.exec(
            select(Opening.id)
            .where(Opening.employer_id == employer_id, Opening.state == OpeningState.PUBLISHED)
            .order_by(col(Opening.id))
        ).first()
        filed.append(
            service.file_complaint(
                session,
                _actor(session, phone),
                employer_id=employer_id,
                opening_id=opening,
                kind=kind,
                words=words,
            )
        )
    service.handle_complaint(
        session,
        staff,
        complaint_id=filed[0].id,
        outcome=ComplaintOutcome.SETTLED,
        answer="问过单位了，旺季才做十小时，多的两小时照规定给加班费，招聘上已经改明白。",
    )
    service.file_complaint(
        session,
        staff,
        employer_id=employer_ids[2],
        kind=ComplaintKind.UNPAID,
        words="两位居民到服务大厅说，上个月的工钱拖了十天还没有发。",
    )


def _write_unlawful(session: Session, employer: Actor) -> None:
    """Write a draft that the portal holds back: unlawful wording, too little pay; hand in another.

    The other is the same work as it may be offered, and waits for the reviewer.
    """
    unlawful = OpeningFields(
        title="商场保洁员（女）",
        category="家政",
        description="打扫商场一到三层，早晚两班倒。\n要求女性，45岁以下，五官端正，本地人优先。",
        place="重庆市/九龙坡区/华岩镇",
        address="华岩新城商场一楼",
        at_home=False,
        skills=["打扫卫生"],
        certificates=[],
        education=Education.NONE,
        demands=["standing", "walking"],
        hours=[{"days": "123456", "start": "07:00", "end": "15:00"}],
        flexible=False,
        hazardous=False,
        teaches=[],
        pay_text="2000-2600元/月",
        headcount=2,
        valid_until=clock.today() + timedelta(days=45),
    )
    openings.create_opening(
        session, employer, kind=Kind.VACANCY, fields=unlawful, idempotency_key="e" * 32
    )
    lawful = replace(
        unlawful,
        title="商场保洁员",
        description="打扫商场一到三层的过道、电梯和卫生间，工具单位给。\n干满三天再说合不合适，一周休一天。",
        pay_text="2600-2800元/月",
    )
    handed_in = openings.create_opening(
        session, employer, kind=Kind.VACANCY, fields=lawful, idempotency_key="d" * 32
    )
    openings.submit_opening(session, employer, opening_id=handed_in.id)
