"""Write the demo's openings."""

from datetime import timedelta

from sqlmodel import Session

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.vocabulary import Education, Kind
from webapp.demo.content import window_rows
from webapp.demo.openings.record import DemoOpening
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.engine import records
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening, OpeningSource


def write_opening(
    session: Session, demo: DemoOpening, employer_ids: dict[str, int], staff: list[Account]
) -> None:
    pay = records.read_pay(demo.pay_text)
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
            hours=window_rows(demo.hours),
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
