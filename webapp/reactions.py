"""Event handlers: what an event of a lower part sets off in higher ones."""

from flask_babel import gettext as _
from sqlmodel import Session

from webapp import events
from webapp.bookmarks import queries as kept
from webapp.bookmarks import service as bookmarks
from webapp.branches.services import responsibilities
from webapp.caseload import service as caseload
from webapp.core.access import Actor
from webapp.core.errors import Fault
from webapp.core.formatting import date_words
from webapp.core.vocabulary import Kind
from webapp.employers.services import brokers as brokers_handover
from webapp.employment.lifecycle import SpellKind
from webapp.employment.services import contract_photos, hires, terms
from webapp.engine.suggestion_requests import request_suggestions
from webapp.intake.services import texts
from webapp.matches import opening_pages as match_pages
from webapp.matches.lifecycle import MatchAction, MatchState
from webapp.matches.models import Match, MatchEvent
from webapp.matches.services import closures, suspensions
from webapp.messages.services import notices
from webapp.openings import own_marks, own_pages
from webapp.openings.models import Opening
from webapp.openings.services import editing as openings
from webapp.openings.services import handover as openings_handover
from webapp.openings.services import publication
from webapp.payment_checks.services import handover as calls_handover
from webapp.payment_checks.services import making as payment_checks
from webapp.piecework import opening_pages as order_pages
from webapp.piecework.lifecycle import AssignmentState
from webapp.piecework.queries import assignments
from webapp.piecework.services import opening_sync, order_review
from webapp.posts.services import drafting
from webapp.posts.services import handover as posts_handover
from webapp.residents.services import handover as households_handover
from webapp.rights.services import findings
from webapp.spot_checks.services import making as spot_checks
from webapp.spot_checks.services import responsibilities as spot_checks_handover
from webapp.standing_services.services import handover as visits_handover
from webapp.standing_services.services import own_data as visit_data
from webapp.tickets.services import from_system, long_case_data
from webapp.tickets.services import responsibilities as tickets_handover
from webapp.training import opening_pages as course_pages
from webapp.training.services import interest, orders, posting
from webapp.trials.lifecycle import FROM_MATCH
from webapp.trials.services import agreement
from webapp.trials.services import days as trial_days
from webapp.trials.services import outcome as trial_outcome
from webapp.ventures import opening_pages as venture_pages
from webapp.ventures.services import applying as venture_cases
from webapp.ventures.services import handover as mentors_handover
from webapp.ventures.services import posting as ventures
from webapp.ventures.services import rounds as venture_rounds

UNFINISHED = sorted(
    frozenset(AssignmentState) - {AssignmentState.CLOSED, AssignmentState.WITHDRAWN}
)
# Every part that has something a member of staff answers for: what there is, and who takes it over.
HANDED_OVER = (
    responsibilities,
    brokers_handover,
    households_handover,
    openings_handover,
    calls_handover,
    mentors_handover,
    posts_handover,
    tickets_handover,
    visits_handover,
    long_case_data,
    spot_checks_handover,
)


def register() -> None:
    """Connect the parts; called once when the application is put together."""
    for without_check in (
        events.EmployerRenamed,
        events.EmployerLapsed,
        events.EmployerSuspended,
        events.EmployerClosed,
    ):
        events.on(without_check, _tell_of_promises)
    events.on(events.EmployerRenamed, _send_openings_back)
    events.on(events.EmployerVerified, _resume_openings)
    events.on(events.EmployerLapsed, _pause_openings)
    events.on(events.EmployerSuspended, _take_openings_down)
    events.on(events.EmployerClosed, _close_openings)
    events.on(events.ResidentChanged, _forget_suggestions)
    events.on(events.WorkFound, _rest_for_work)
    events.on(events.WorkSought, _look_again)
    events.on(events.OpeningClosed, _end_matches)
    events.on(events.OpeningClosed, _tell_of_closed_promise)
    events.on(events.OpeningClosed, _end_entries)
    events.on(events.OpeningReviewed, _ask_piecework)
    events.on(events.OpeningWordsAsked, _add_order_words)
    events.on(events.OpeningTakenBack, _hold_order)
    events.on(events.MatchMoved, _tell_people)
    events.on(events.DecisionUndone, _take_back_notice)
    events.on(events.MatchMoved, _begin_enrolment)
    events.on(events.MatchMoved, _begin_case)
    events.on(events.AccountsConcerned, _tell_accounts)
    events.on(events.OpeningPublished, _note_course)
    events.on(events.OpeningPublished, _note_venture)
    events.on(events.OpeningPublished, _draft_post)
    events.on(events.OpeningClosed, _end_posts)
    events.on(events.DrawDone, _give_out_places)
    events.on(events.DrawCancelled, _reopen_entries)
    events.on(events.MatchMoved, _write_employment)
    events.on(events.MatchMoved, _end_trial_day)
    events.on(events.ProbationAsked, _count_trial_days)
    events.on(events.HoursAsked, _name_trial_days)
    events.on(events.HouseholdEmptied, _ask_for_unfinished_pieces)
    events.on(events.HouseholdAsked, _tell_members)
    events.on(events.FactsErased, _forget_pasted_texts)
    events.on(events.DrawDone, _take_sample)
    events.on(events.DrawCancelled, _draw_sample_again)
    events.on(events.PaymentDoubted, from_system.doubt_payment)
    own_pages.register(Kind.PIECEWORK, order_pages.PAGES)
    own_pages.register(Kind.COURSE, course_pages.PAGES)
    own_pages.register(Kind.VENTURE, venture_pages.PAGES)
    events.on(events.FactsErased, _forget_findings)
    events.on(events.FactsErased, _forget_bookmarks)
    own_pages.register(Kind.VACANCY, match_pages.PAGES)
    for pages in (match_pages, order_pages, course_pages, venture_pages, kept):
        own_marks.register(pages.marks)
    events.on(events.FactsErased, _forget_visit_notes)
    events.on(events.FactsErased, _forget_case_words)
    events.on(events.FactsErased, _forget_work_needs)
    events.on(events.NeedForWork, _call_about_work)
    for part in HANDED_OVER:
        events.on(events.MemberDutiesAsked, part.name_duties)
        events.on(events.MemberLeaves, part.take_over)


def _tell_of_promises(session: Session, actor: Actor, event: events.EmployerEvent) -> int:
    orders.note_trouble(session, employer_id=event.employer_id)
    return 0  # no row of the employer's own


def _tell_of_closed_promise(session: Session, actor: Actor, event: events.OpeningClosed) -> None:
    orders.note_trouble(session, opening_id=event.opening_id)


def _send_openings_back(session: Session, actor: Actor, event: events.EmployerRenamed) -> int:
    return openings.send_back_to_review(session, employer_id=event.employer_id)


def _resume_openings(session: Session, actor: Actor, event: events.EmployerVerified) -> int:
    return publication.resume_all(session, employer_id=event.employer_id)


def _pause_openings(session: Session, actor: Actor, event: events.EmployerLapsed) -> int:
    return openings.pause_all(session, employer_id=event.employer_id)


def _take_openings_down(session: Session, actor: Actor, event: events.EmployerSuspended) -> int:
    return openings.take_down(session, employer_id=event.employer_id, reason=_("单位已被社区暂停"))


def _close_openings(session: Session, actor: Actor, event: events.EmployerClosed) -> int:
    ended = openings.close_all(session, actor, employer_id=event.employer_id)
    # Those of openings that had expired before are still under way.
    closures.end_matches_of_employer(session, actor, employer_id=event.employer_id)
    return ended


def _forget_suggestions(session: Session, actor: Actor, event: events.ResidentChanged) -> None:
    suspensions.forget_suggestions(session, resident_id=event.resident_id)
    request_suggestions(session, resident_id=event.resident_id)


def _rest_for_work(session: Session, actor: Actor, event: events.WorkFound) -> None:
    suspensions.rest_for_work(session, actor, resident_id=event.resident_id)


def _look_again(session: Session, actor: Actor, event: events.WorkSought) -> None:
    suspensions.look_again(session, actor, resident_id=event.resident_id, ended=event.ended)


def _end_matches(session: Session, actor: Actor, event: events.OpeningClosed) -> None:
    closures.close_opening_matches(session, actor, opening_id=event.opening_id)
    request_suggestions(session, resident_id=None)


def _ask_piecework(session: Session, actor: Actor, event: events.OpeningReviewed) -> None:
    if isinstance(event.opening, Opening) and event.opening.kind is Kind.PIECEWORK:
        event.faults.extend(opening_sync.publishing_faults(session, event.opening))


def _add_order_words(session: Session, actor: Actor, event: events.OpeningWordsAsked) -> None:
    if isinstance(event.opening, Opening) and event.opening.kind is Kind.PIECEWORK:
        event.texts.extend(opening_sync.order_words(session, event.opening))


def _hold_order(session: Session, actor: Actor, event: events.OpeningTakenBack) -> None:
    if isinstance(event.opening, Opening) and event.opening.kind is Kind.PIECEWORK:
        order_review.hold_by_opening(session, actor, event.opening, event.reason)


def _tell_people(session: Session, actor: Actor, event: events.MatchMoved) -> None:
    if isinstance(event.match, Match) and isinstance(event.step, MatchEvent):
        notices.note_event(session, actor, event.match, event.step)


def _take_back_notice(session: Session, actor: Actor, event: events.DecisionUndone) -> None:
    notices.take_back(
        session, match_id=event.match_id, key=f"event:{event.step_id}", since=event.decided_at
    )


def _begin_enrolment(session: Session, actor: Actor, event: events.MatchMoved) -> None:
    match, step = event.match, event.step
    if not isinstance(match, Match) or not isinstance(step, MatchEvent):
        return
    if step.to_state == MatchState.INTERESTED and step.from_state != step.to_state:
        opening = session.get_one(Opening, match.opening_id)
        if opening.kind is Kind.COURSE:
            interest.begin_enrolment(session, actor, opening=opening, resident_id=match.resident_id)


def _tell_accounts(session: Session, actor: Actor, event: events.AccountsConcerned) -> int:
    return notices.tell_accounts(session, account_ids=event.account_ids, key=event.key)


def _note_course(session: Session, actor: Actor, event: events.OpeningPublished) -> None:
    if isinstance(event.opening, Opening) and event.opening.kind is Kind.COURSE:
        posting.ensure_course(session, event.opening)


def _begin_case(session: Session, actor: Actor, event: events.MatchMoved) -> None:
    match, step = event.match, event.step
    if not isinstance(match, Match) or not isinstance(step, MatchEvent):
        return
    if step.to_state == MatchState.INTERESTED and step.from_state != step.to_state:
        opening = session.get_one(Opening, match.opening_id)
        if opening.kind is Kind.VENTURE:
            venture = ventures.ensure_venture(session, opening)
            venture_cases.begin_from_match(
                session, actor, venture=venture, resident_id=match.resident_id
            )


def _end_entries(session: Session, actor: Actor, event: events.OpeningClosed) -> None:
    venture_rounds.end_entries(session, opening_id=event.opening_id)


def _note_venture(session: Session, actor: Actor, event: events.OpeningPublished) -> None:
    if isinstance(event.opening, Opening) and event.opening.kind is Kind.VENTURE:
        ventures.ensure_venture(session, event.opening)


def _draft_post(session: Session, actor: Actor, event: events.OpeningPublished) -> None:
    if isinstance(event.opening, Opening):
        drafting.draft_from_opening(session, event.opening)


def _end_posts(session: Session, actor: Actor, event: events.OpeningClosed) -> None:
    drafting.end_with_opening(session, opening_id=event.opening_id)


def _give_out_places(session: Session, actor: Actor, event: events.DrawDone) -> None:
    venture_rounds.draw_done(session, actor, subject=event.subject)


def _reopen_entries(session: Session, actor: Actor, event: events.DrawCancelled) -> None:
    venture_rounds.draw_cancelled(session, subject=event.subject)


#: What a hire for an opening of this kind makes of a person; a course is no employment, and a
#: stall makes a case: only those taken on before there were cases were hired for one.
_SPELL_OF = {Kind.VACANCY: SpellKind.FOUND_HERE, Kind.VENTURE: SpellKind.SELF_EMPLOYED}


def _write_employment(session: Session, actor: Actor, event: events.MatchMoved) -> None:
    match, step = event.match, event.step
    if not isinstance(match, Match) or not isinstance(step, MatchEvent):
        return
    if step.action == MatchAction.LEAVE:
        hires.finish(session, actor, match_id=match.id)
    elif step.action == MatchAction.UNDO_HIRE:
        hires.take_back(session, actor, match_id=match.id)
        terms.forget(session, match_id=match.id)
        contract_photos.forget(session, [match.id])
    elif step.action == MatchAction.HIRE:
        session.refresh(match)
        kind = _SPELL_OF.get(session.get_one(Opening, match.opening_id).kind)
        if kind is not None and match.start_date is not None:
            hires.begin(
                session,
                actor,
                resident_id=match.resident_id,
                match_id=match.id,
                kind=kind,
                starts_on=match.start_date,
                words=match.evidence,
            )


def _end_trial_day(session: Session, actor: Actor, event: events.MatchMoved) -> None:
    match, step = event.match, event.step
    if not isinstance(match, Match) or not isinstance(step, MatchEvent):
        return
    if step.to_state not in FROM_MATCH | {MatchState.HIRED}:
        agreement.cancel_of_match(session, match_id=match.id)


def _count_trial_days(session: Session, actor: Actor, event: events.ProbationAsked) -> None:
    event.days.append(trial_outcome.days_worked(session, match_id=event.match_id))


def _name_trial_days(session: Session, actor: Actor, event: events.HoursAsked) -> None:
    event.words.extend(
        _("跟您约的试岗撞了，%(day)s起", day=date_words(trial.first_day))
        for trial in trial_days.trials_within(session, event.resident_id, event.spans)
    )


def _ask_for_unfinished_pieces(
    session: Session, actor: Actor, event: events.HouseholdEmptied
) -> None:
    if assignments.count_assignments(
        session, household_id=event.household_id, states=sorted(UNFINISHED)
    ):
        event.faults.append(Fault("unit_address", _("您手上还有手工活，先交完、结清，再搬")))


def _tell_members(session: Session, actor: Actor, event: events.HouseholdAsked) -> int:
    return notices.tell_accounts(
        session, account_ids=event.account_ids, key=f"join:{event.request_id}"
    )


def _forget_findings(session: Session, actor: Actor, event: events.FactsErased) -> None:
    findings.forget(session, resident_id=event.resident_id)


def _forget_bookmarks(session: Session, actor: Actor, event: events.FactsErased) -> None:
    bookmarks.forget_of_resident(session, resident_id=event.resident_id)


def _forget_visit_notes(session: Session, actor: Actor, event: events.FactsErased) -> None:
    visit_data.erase_notes(session, resident_id=event.resident_id)


def _forget_case_words(session: Session, actor: Actor, event: events.FactsErased) -> None:
    long_case_data.erase_words(session, resident_id=event.resident_id)


def _forget_work_needs(session: Session, actor: Actor, event: events.FactsErased) -> None:
    caseload.forget_work_needs(session, resident_id=event.resident_id)


def _call_about_work(session: Session, actor: Actor, event: events.NeedForWork) -> None:
    event.told.append(caseload.note_work_need(session, actor, event))


def _take_sample(session: Session, actor: Actor, event: events.DrawDone) -> None:
    if event.subject.startswith(f"{payment_checks.SUBJECT}:"):
        payment_checks.select_drawn(session, draw_id=event.draw_id)
    elif event.subject.startswith(f"{spot_checks.SUBJECT}:"):
        spot_checks.select_drawn(session, draw_id=event.draw_id)


def _draw_sample_again(session: Session, actor: Actor, event: events.DrawCancelled) -> None:
    if event.subject.startswith(f"{payment_checks.SUBJECT}:"):
        payment_checks.draw_again(session, draw_id=event.draw_id)
    elif event.subject.startswith(f"{spot_checks.SUBJECT}:"):
        spot_checks.draw_again(session, draw_id=event.draw_id)


def _forget_pasted_texts(session: Session, actor: Actor, event: events.FactsErased) -> int:
    return texts.forget_texts_of(session, resident_id=event.resident_id)
