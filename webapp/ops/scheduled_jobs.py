"""What the scheduler does by the clock, and when.

Every job is safe to run again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlmodel import col, delete

from webapp.accounts import sessions
from webapp.bookmarks import service as bookmarks
from webapp.branches.services import commitments as branch_commitments
from webapp.contacts import service as contacts
from webapp.core import clock, photos, rate_limits, request_keys
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.models import JobRun
from webapp.duplicates.services import detection
from webapp.employers.services import checks
from webapp.employment.services import contract_photos
from webapp.engine import meanings
from webapp.figures.queries.employment import freeze_month
from webapp.imports.services import batches, file_store
from webapp.intake.services.texts import forget_texts
from webapp.jobs import service as jobs
from webapp.learning.services import retraining
from webapp.matches.services import employer_reminders, offer_expiry, plans
from webapp.matches.suggestions import compute, impressions
from webapp.notices import delivery
from webapp.openings.services.editing import expire_openings
from webapp.openings.services.publication import take_back_unlawful
from webapp.ops import anchors, backup_copies
from webapp.oversight.services import freezing, publishing
from webapp.payment_checks.services import making as payment_checks
from webapp.piecework.services import automatic_settlement, inspections, sample_photos
from webapp.posts.services import writing as posts_writing
from webapp.residents.services import joining
from webapp.rights.services import findings
from webapp.rulebook.figures import rule
from webapp.spot_checks.services import assigning as spot_check_reviewers
from webapp.spot_checks.services import making as spot_checks
from webapp.standing_services.services import missed as missed_visits
from webapp.standing_services.services import stopping as standing_services
from webapp.tickets.services import escalation, filing
from webapp.training.services import demand, due, invitations, reminders
from webapp.trials.services import agreement as trial_agreement
from webapp.trials.services import reminders as trial_reminders
from webapp.trials.services import retention as trial_retention
from webapp.ventures.services import rounds as venture_rounds
from webapp.ventures.services import visits as venture_visits

KEPT = timedelta(days=60)
SHOWN_KEPT = timedelta(days=730)  # as long as decisions are learned from


@dataclass(frozen=True)
class Job:
    """A job, when it is due (cron fields, Asia/Shanghai) and the period it runs once in.

    ``period`` is a strftime pattern. ``work`` takes the database and returns what it did.
    """

    name: str
    work: Callable[[Database], str]
    cron: dict[str, str]
    period: str


def _expire_openings(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        return f"{expire_openings(session)} expired"


def _take_back_unlawful(db: Database) -> str:
    return f"{take_back_unlawful(db)} taken back"


def _time_out_offers(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        return f"{offer_expiry.time_out_offers(session)} timed out"


def _chase_employers(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        return f"{employer_reminders.chase_employers(session)} silences noted"


def _run_courses(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        return f"{due.open_due(session)} opened, {due.begin_due(session)} begun"


def _lapse_seat_offers(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        return (
            f"{due.lapse_offers(session)} seats passed on, "
            f"{invitations.end_due(session)} invitations over"
        )


def _remind_learners(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        return f"{reminders.remind(session)} reminders"


def _follow_trial_days(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        lapsed, reminded = trial_agreement.lapse(session), trial_reminders.remind(session)
        gone = trial_retention.forget(session)
        return f"{lapsed} called off, {reminded} reminders, {gone} old records deleted"


def _standing_visits(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        resumed, missed = standing_services.resume_due(session), missed_visits.note_missed(session)
        backups, secretaries = missed_visits.tell(session)
        return (
            f"{resumed} services resumed, {missed} visits missed, {backups} backups told, "
            f"{secretaries} secretaries told"
        )


def _lapse_venture_offers(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        return f"{venture_rounds.lapse_offers(session)} places passed on"


def _check_survival(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        return f"{venture_visits.check_survival(session)} milestones noted"


def _settle_join_requests(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        return f"{joining.tell_members(session)} told, {joining.settle(session)} ended"


def _check_employers(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        lapsed, forgotten = checks.lapse_employers(session), checks.forget_closed(session)
        contacts.forget_closed(session)
        return f"{lapsed} lapsed, {forgotten} forgotten"


def _freeze_figures(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        return "month kept" if freeze_month(session) else "kept already"


def _freeze_oversight(db: Database) -> str:
    """Freeze each month in a transaction of its own, so that what is done stays done."""
    months = 0
    with db.reader() as session:
        waiting = freezing.due(session)
    for period in waiting:
        with db.transaction(SYSTEM) as session:
            freezing.freeze(session, period)
            publishing.publish(session)
        months += 1
    return f"{months} months frozen"


def _count_running_month(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        return f"{len(publishing.count_running(session).values)} figures counted"


def _settle_piecework(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        return f"{automatic_settlement.settle_when_due(session)} shares settled"


def _check_payments(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        closed, made = payment_checks.close_due(session), payment_checks.make(session)
        return f"{made.sample if made else 0} settlements to ask about, {closed} checks closed"


def _make_spot_checks(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        made, given = spot_checks.make(session), spot_check_reviewers.assign(session)
        return f"{made} to look at this quarter, {given} given to somebody"


def _escalate_tickets(db: Database) -> str:
    return f"{escalation.run(db)} tickets moved on"


def _purge(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        sessions.purge(session)
        rate_limits.purge(session)
        impressions.forget(session, before=clock.now() - SHOWN_KEPT)
        delivery.purge(session)
        meanings.purge(session)
        jobs.forget_old(session)
        findings.forget_old(session)
        session.exec(delete(JobRun).where(col(JobRun.started_at) < clock.now() - KEPT))
    return "purged"


def _forget_request_keys(db: Database) -> str:
    days = timedelta(days=rule("request_key_days", on=clock.today()))
    with db.transaction(SYSTEM) as session:
        return f"{request_keys.forget(session, before=clock.now() - days)} keys deleted"


def _forget_imports(db: Database) -> str:
    uploads = current_app.extensions["settings"].uploads
    with db.transaction(SYSTEM) as session:
        names = batches.forget_old(session)
        kept = batches.stored_names(session)
    for name in names:  # after the commit: a row without its file is mended by the next line
        file_store.delete(uploads, name)
    unknown = file_store.delete_unknown(uploads, kept)
    return f"{len(names)} files deleted, {unknown} of no import"


def _forget_photos(db: Database) -> str:
    uploads = current_app.extensions["settings"].uploads
    with db.transaction(SYSTEM) as session:
        sample_photos.forget_old(session)
    with db.reader() as session:  # files are old enough to go when their row is gone
        known = {
            branch_commitments.PHOTOS: branch_commitments.stored_photos(session),
            contract_photos.FOLDER: contract_photos.stored_names(session),
            inspections.PHOTOS: inspections.stored_photos(session),
            sample_photos.FOLDER: sample_photos.stored_names(session),
            filing.FOLDER: filing.stored_names(session),
            venture_visits.PHOTOS: venture_visits.stored_photos(session),
            posts_writing.PHOTOS: posts_writing.stored_photos(session),
        }
    gone = sum(photos.discard_unknown(uploads / name, kept) for name, kept in known.items())
    return f"{gone} pictures deleted"


def _forget_pasted_texts(db: Database) -> str:
    with db.transaction(SYSTEM) as session:
        return f"{forget_texts(session)} texts deleted"


def _nightly_suggestions(db: Database) -> str:
    return f"{compute.nightly(db)} suggestions"


def _community_plan(db: Database) -> str:
    return f"{plans.nightly(db)} suggestions picked"


def _training_demand(db: Database) -> str:
    return f"{demand.compute(db)} ways to learn"


def _weekly_retraining(db: Database) -> str:
    version = retraining.retrain(db)
    return "in work elsewhere" if version is None else str(version.report["reason"])


def _tell_of_new_openings(db: Database) -> str:
    return f"{bookmarks.tell_of_new(db)} searches with something new"


def _find_duplicates(db: Database) -> str:
    return f"{detection.find(db)} pairs"


def _nightly_backup(db: Database) -> str:
    copy = backup_copies.make(db, current_app.extensions["settings"])
    return f"{copy.rows} rows backed up"


def _anchor_audit(db: Database) -> str:
    anchor = anchors.note(db, current_app.extensions["settings"].anchors)
    return "nothing new" if anchor is None else f"row {anchor.row} anchored"


def _watch_upkeep(db: Database) -> str:
    # It looks at the jobs listed below.
    from webapp.ops import watch

    new, over = watch.look(db, current_app.extensions["settings"])
    return f"{new} matters noticed, {over} matters over"


NIGHTLY_BACKUP = "nightly_backup"
DAILY, WEEKLY = "%Y-%m-%d", "%G-W%V"
HOURLY, MINUTELY = "%Y-%m-%dT%H", "%Y-%m-%dT%H:%M"
JOBS = (
    Job("expire_openings", _expire_openings, {"minute": "*/5"}, MINUTELY),
    Job("time_out_offers", _time_out_offers, {"minute": "*/5"}, MINUTELY),
    Job("forget_pasted_texts", _forget_pasted_texts, {"minute": "*/5"}, MINUTELY),
    Job("chase_employers", _chase_employers, {"minute": "*/5"}, MINUTELY),
    Job("settle_join_requests", _settle_join_requests, {"minute": "*/5"}, MINUTELY),
    Job("run_courses", _run_courses, {"minute": "*/5"}, MINUTELY),
    Job("lapse_seat_offers", _lapse_seat_offers, {"minute": "*/5"}, MINUTELY),
    Job("remind_learners", _remind_learners, {"minute": "25"}, HOURLY),
    Job("trial_days", _follow_trial_days, {"minute": "35"}, HOURLY),
    Job("standing_visits", _standing_visits, {"minute": "40"}, HOURLY),
    Job("lapse_venture_offers", _lapse_venture_offers, {"minute": "*/5"}, MINUTELY),
    Job("venture_survival", _check_survival, {"hour": "0", "minute": "25"}, DAILY),
    Job("check_employers", _check_employers, {"hour": "0", "minute": "10"}, DAILY),
    Job("take_back_unlawful", _take_back_unlawful, {"hour": "0", "minute": "20"}, DAILY),
    Job("freeze_figures", _freeze_figures, {"hour": "0", "minute": "15"}, DAILY),
    Job("freeze_oversight", _freeze_oversight, {"hour": "0", "minute": "45"}, DAILY),
    Job("count_running_month", _count_running_month, {"minute": "50"}, HOURLY),
    Job(automatic_settlement.JOB, _settle_piecework, {"minute": "0"}, HOURLY),
    Job("search_alerts", _tell_of_new_openings, {"hour": "9", "minute": "10"}, DAILY),
    Job("payment_checks", _check_payments, {"hour": "8", "minute": "5"}, DAILY),
    Job("spot_checks", _make_spot_checks, {"hour": "8", "minute": "15"}, DAILY),
    Job("escalate_tickets", _escalate_tickets, {"minute": "*/5"}, MINUTELY),
    Job(NIGHTLY_BACKUP, _nightly_backup, {"hour": "3", "minute": "10"}, DAILY),
    Job("anchor_audit", _anchor_audit, {"hour": "3", "minute": "5"}, DAILY),
    Job("watch_upkeep", _watch_upkeep, {"minute": "*/5"}, MINUTELY),
    Job("purge", _purge, {"hour": "3", "minute": "30"}, DAILY),
    Job("forget_request_keys", _forget_request_keys, {"hour": "3", "minute": "35"}, DAILY),
    Job("forget_photos", _forget_photos, {"hour": "3", "minute": "45"}, DAILY),
    Job("forget_imports", _forget_imports, {"hour": "3", "minute": "40"}, DAILY),
    Job(
        "weekly_retraining",
        _weekly_retraining,
        {"day_of_week": "sun", "hour": "4", "minute": "0"},
        WEEKLY,
    ),
    Job("find_duplicates", _find_duplicates, {"hour": "1", "minute": "30"}, DAILY),
    Job("nightly_suggestions", _nightly_suggestions, {"hour": "2", "minute": "0"}, DAILY),
    Job("community_plan", _community_plan, {"hour": "2", "minute": "20"}, DAILY),
    Job("training_demand", _training_demand, {"hour": "2", "minute": "40"}, DAILY),
)
