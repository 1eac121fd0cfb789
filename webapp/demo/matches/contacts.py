"""Contacts on record (calls, visits), saved filters, and people who registered twice.

Written through the services, with the clock set to the day of each.
"""

from datetime import timedelta

from sqlmodel import Session, col, select

from webapp.accounts.models import Account, FilteredList
from webapp.caseload import service
from webapp.contacts.models import ContactWay
from webapp.contacts.service import Said, note_resident
from webapp.core import clock
from webapp.core.access import ANONYMOUS, Actor, Role
from webapp.demo.act_as import act_as
from webapp.demo.people.loading import NO_LOGIN
from webapp.residents.models import Household, Resident, ResidentState
from webapp.residents.services.registration import register_self

# way, reached, what was said, days ago, days until asking again (none: settled)
_CALLS = (
    (ContactWay.PHONE, True, "想找近一点的保洁，下午四点要接孙子", 12, 12),
    (ContactWay.PHONE, False, "响了没人接，晚上再打", 3, 3),
    (ContactWay.VISIT, True, "腿还没好，下个月再看手工活", 20, 30),
    (ContactWay.OFFICE, True, "来问缝纫班哪天开课，帮他报了名", 8, None),
    (ContactWay.PHONE, True, "面试去过了，单位让等通知，过两天再问", 5, 5),
    (ContactWay.VISIT, True, "家里老人要人照看，只能在家做", 15, None),
    (ContactWay.PHONE, True, "嫌路远，问有没有华岩镇里的", 6, 9),
    (ContactWay.VISIT, False, "敲门没人，邻居说回老家了", 10, 10),
)
_ROUNDS = 5
_TWINS = 3


def write(session: Session) -> None:
    """Write it all; called once, in one transaction."""
    members = [
        Actor(account_id=one.id, role=one.role, name=one.name, branch_id=one.branch_id)
        for one in session.exec(
            select(Account)
            .where(Account.role == Role.STAFF, Account.password_hash != NO_LOGIN)
            .order_by(col(Account.id))
        )
    ]
    _note_contacts(session, members)
    with act_as(session, members[0], clock.now()):
        _keep_filters(session, members[0])
    _register_again(session, _assisted(session))


def _note_contacts(session: Session, members: list[Actor]) -> None:
    people = session.exec(
        select(Resident.id)
        .where(Resident.state == ResidentState.SEEKING)
        .order_by(col(Resident.id))
        .limit(len(_CALLS) * _ROUNDS)
    ).all()
    for number, (way, reached, words, ago, again) in enumerate(_CALLS * _ROUNDS):
        actor = members[number % len(members)]
        with act_as(session, actor, clock.now() - timedelta(days=ago)):
            next_on = clock.today() + timedelta(days=again) if again else None
            said = Said(way, reached, words, next_on)
            note_resident(session, actor, resident_id=people[number], said=said)


def _keep_filters(session: Session, actor: Actor) -> None:
    kept = (
        (FilteredList.QUEUE, "我的代办", "mine=1&assisted=1"),
        (FilteredList.QUEUE, "手工活", "kind=piecework"),
        (FilteredList.RESIDENTS, "还没推荐的", "show=none"),
    )
    for shown, name, query in kept:
        service.keep_filter(session, actor, name=name, shown=shown, query=query)


def _assisted(session: Session) -> list[tuple[str, str]]:
    """Return names and unit addresses of the latest who were put in by staff."""
    rows = session.exec(
        select(Resident.name, Household.unit_address)
        .join(Household, col(Household.id) == Resident.household_id)
        .where(col(Resident.account_id).is_(None), Resident.state == ResidentState.SEEKING)
        .order_by(col(Resident.id).desc())
        .limit(_TWINS)
    )
    return list(rows)


def _register_again(session: Session, people: list[tuple[str, str]]) -> None:
    """Have people whom staff registered register again, for the search of duplicates."""
    for number, (name, unit_address) in enumerate(people):
        with act_as(session, ANONYMOUS, clock.now()):
            register_self(
                session,
                ANONYMOUS,
                phone=f"1992088{number:04d}",
                password_hash=NO_LOGIN,
                name=name,
                unit_address=unit_address,
                sensitive=False,
            )
