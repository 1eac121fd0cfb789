"""Two at once: exactly one decides, exactly one gets the last place, no suggestion doubles."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, func, select

from tests import factories
from tests.functional import racing
from tests.functional.matches_world import World, second_applicant
from webapp.core import audit, clock
from webapp.core.db import Database
from webapp.core.errors import AppError
from webapp.matches import services
from webapp.matches.lifecycle import HANDED_IN, MatchState
from webapp.matches.models import Match, MatchEvent
from webapp.matches.reason_codes import Channel, DismissReason
from webapp.matches.suggestions import compute
from webapp.openings.models import Opening
from webapp.ops.verify import faults
from webapp.privacy.service import withdraw_consent
from webapp.residents.models import Consent, Resident

S = MatchState


def at_once(app: Flask, world: World, *acts: tuple[str, Callable[[Any, Any], Any]]) -> list[str]:
    """Let people of these roles act in the same moment; return how each ended."""
    return racing.at_once(app, world.db, *((world.actor(role), do) for role, do in acts))


def test_two_members_of_staff_decide_at_once(app: Flask, world: World) -> None:
    def confirm(session: Any, actor: Any) -> None:
        services.confirm_match(session, actor, match_id=world.match_id, channel=Channel.PHONE)

    def dismiss(session: Any, actor: Any) -> None:
        services.dismiss_match(session, actor, match_id=world.match_id, code=DismissReason.PAY)

    ended = at_once(app, world, ("staff", confirm), ("staff", dismiss), ("staff", confirm))
    assert ended == ["409", "409", "done"]
    assert world.state() in {S.OFFERED, S.DISMISSED}
    with world.db.reader() as session:
        firsts = select(func.count()).where(col(MatchEvent.from_state) == "suggested")
        assert session.exec(firsts).one() == 1


@pytest.mark.slow
def test_the_last_place_goes_to_one(app: Flask, world: World) -> None:
    with world.write() as session:
        session.get_one(Opening, world.opening_id).headcount = 1
    people = [second_applicant(world).id for _ in range(4)]

    def hire(match_id: int) -> Callable[[Any, Any], Any]:
        return lambda session, actor: services.hire(
            session, actor, match_id=match_id, start_date=clock.today(), evidence="签了合同"
        )

    ended = at_once(app, world, *(("employer", hire(one)) for one in people))
    assert ended == ["409", "409", "409", "done"]
    assert world.get(Opening, world.opening_id).hired_count == 1
    assert sorted(world.state(one).value for one in people).count("hired") == 1
    assert faults(world.db) == []


def test_one_person_hired_at_two_places_at_once_waits_in_no_circle(
    app: Flask, world: World
) -> None:
    with world.write() as session:
        session.get_one(Match, world.match_id).state = S.APPLIED
        opening = factories.make_opening(session, employer_id=world.employer_id)
        other = factories.make_match(
            session, resident_id=world.resident_id, opening_id=opening.id, state=S.APPLIED
        )

    def hire(match_id: int) -> Callable[[Any, Any], Any]:
        return lambda session, actor: services.hire(
            session, actor, match_id=match_id, start_date=clock.today(), evidence="签了合同"
        )

    ended = at_once(app, world, ("staff", hire(world.match_id)), ("staff", hire(other.id)))
    assert ended == ["409", "done"]
    assert {world.state(), world.state(other.id)} == {S.HIRED, S.HIRED_ELSEWHERE}
    assert faults(world.db) == []


def test_two_taps_of_interest_make_one_match(app: Flask, world: World) -> None:
    with world.write() as session:
        opening = factories.make_opening(session)

    def ask(session: Any, actor: Any) -> None:
        services.apply_directly(session, actor, opening_id=opening.id)

    ended = at_once(app, world, ("resident", ask), ("resident", ask), ("resident", ask))
    assert ended == ["done"] * 3
    with world.db.reader() as session:
        found = session.exec(select(Match).where(Match.opening_id == opening.id)).all()
    assert [match.state for match in found] == [S.INTERESTED]


def test_two_taps_of_consent_give_it_once(app: Flask, world: World) -> None:
    with world.write() as session:
        session.get_one(Match, world.match_id).state = S.INTERESTED

    def share(session: Any, actor: Any) -> None:
        services.share_and_apply(session, actor, match_id=world.match_id, channel=Channel.PAGE)

    ended = at_once(app, world, ("resident", share), ("resident", share))
    assert ended in (["409", "done"], ["done", "done"])
    assert world.state() is S.APPLIED
    with world.db.reader() as session:
        assert len(session.exec(select(Consent)).all()) == 1


def test_two_runs_of_suggestions_at_once(app: Flask, world: World) -> None:
    with world.write() as session:
        for _ in range(3):
            factories.make_opening(session)
        for _ in range(20):
            factories.make_resident(session)

    def run(_: int) -> int:
        with app.app_context():
            return compute.compute_suggestions(world.db)

    with ThreadPoolExecutor(3) as pool:
        counts = list(pool.map(run, range(3)))
    assert counts == [21 * 4] * 3
    with world.db.reader() as session:
        assert session.exec(select(func.count()).select_from(Match)).one() == 21 * 4
        assert session.exec(select(func.count()).select_from(Resident)).one() == 21


def test_consent_withdrawn_while_something_is_handed_in(app: Flask, world: World) -> None:
    """Whoever is first: nothing ends up with an employer who may not look."""
    with world.write() as session:
        session.get_one(Match, world.match_id).state = S.INTERESTED
        opening = factories.make_opening(session, employer_id=world.employer_id)
        other = factories.make_match(
            session, resident_id=world.resident_id, opening_id=opening.id, state=S.INTERESTED
        )
    person = world.actor("resident")
    with app.app_context(), world.db.transaction(person) as session:
        services.share_and_apply(session, person, match_id=other.id, channel=Channel.PAGE)
        consent_id = session.exec(select(Consent)).one().id

    def share(session: Any, actor: Any) -> None:
        services.share_and_apply(session, actor, match_id=world.match_id, channel=Channel.PAGE)

    def take_back(session: Any, actor: Any) -> None:
        withdraw_consent(session, actor, resident_id=world.resident_id, consent_id=consent_id)

    def hire(session: Any, actor: Any) -> None:
        services.hire(
            session, actor, match_id=other.id, start_date=clock.today(), evidence="签了合同"
        )

    at_once(app, world, ("resident", share), ("resident", take_back), ("employer", hire))
    with world.db.reader() as session:
        standing = session.exec(select(Consent).where(col(Consent.withdrawn_at).is_(None))).all()
        for id_ in (world.match_id, other.id):
            assert standing or session.get_one(Match, id_).state not in HANDED_IN
    assert faults(world.db) == []


@pytest.mark.slow
def test_an_employer_closed_with_live_matches(app: Flask, world: World) -> None:
    world.to_applied()
    hired = second_applicant(world)
    with world.write() as session:
        services.hire(
            session,
            world.actor("employer"),
            match_id=hired.id,
            start_date=clock.today(),
            evidence="签了合同",
        )

    def end(session: Any, actor: Any) -> None:
        services.end_matches_of_employer(session, actor, employer_id=world.employer_id)

    def seen(session: Any, actor: Any) -> None:
        services.mark_seen(session, actor, match_id=world.match_id)

    ended = at_once(app, world, ("staff", end), ("employer", seen))
    # Seen before the end, while it came, or when the employer had lost sight of it.
    assert ended in (["done", "done"], ["409", "done"], ["404", "done"])
    assert world.state() is S.OPENING_CLOSED
    assert world.state(hired.id) is S.HIRED  # a job goes on
    assert faults(world.db) == []


def hire_in_a_process(work: tuple[Flask, str, Any, int]) -> str:
    """Hire in a process of its own, with connections of its own; return how it ended."""
    app, url, actor, match_id = work
    db = Database(url, before_commit=audit.write_pending)
    try:
        with app.app_context(), db.transaction(actor) as session:
            services.hire(
                session, actor, match_id=match_id, start_date=clock.today(), evidence="签了合同"
            )
    except AppError as error:
        return str(error.status)
    finally:
        db.dispose()
    return "done"


@pytest.mark.slow
def test_the_last_place_among_processes(app: Flask, world: World) -> None:
    with world.write() as session:
        session.get_one(Opening, world.opening_id).headcount = 1
    people = [second_applicant(world).id for _ in range(3)]
    world.db.dispose()  # no connection is shared with a child
    actor = world.actor("employer")
    context = multiprocessing.get_context("fork")
    pipes = []
    for match_id in people:
        receiver, sender = context.Pipe(duplex=False)
        work = (app, world.db.url, actor, match_id)
        child = context.Process(target=lambda s=sender, w=work: s.send(hire_in_a_process(w)))
        child.start()
        pipes.append((child, receiver))
    ended = sorted(receiver.recv() for _, receiver in pipes)
    for child, _ in pipes:
        child.join()
    assert ended == ["409", "409", "done"]
    assert world.get(Opening, world.opening_id).hired_count == 1
    assert faults(world.db) == []
