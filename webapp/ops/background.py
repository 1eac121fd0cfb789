"""Who does which background job, and the scheduler's look for the next one."""

from flask import current_app

from webapp.core.db import Database
from webapp.core.settings import Settings
from webapp.imports.services import background as imports
from webapp.imports.services import review as import_review
from webapp.jobs.models import JobKind
from webapp.jobs.worker import Handler, run_next
from webapp.matches.services import plans
from webapp.ops import backup_copies, by_hand
from webapp.piecework.services import capacity_planning
from webapp.rights.services import findings
from webapp.training.services import demand

HANDLERS: dict[JobKind, Handler] = {
    JobKind.BACKUP_TRIAL: backup_copies.do_trial,
    JobKind.COMMUNITY_PLAN: plans.do_make,
    JobKind.IMPORT_CHECK: imports.check,
    JobKind.IMPORT_READ: imports.read,
    JobKind.IMPORT_REVIEW: import_review.do_step,
    JobKind.IMPORT_UNDO: imports.take_back,
    JobKind.IMPORT_WRITE: imports.write,
    JobKind.PIECEWORK_PLAN: capacity_planning.do_plan,
    JobKind.PLAN_TAKE_OVER: plans.do_take_over,
    JobKind.RIGHTS_SEARCH: findings.do_search,
    JobKind.SCHEDULED_JOB: by_hand.do,
    JobKind.TRAINING_DEMAND: demand.work,
}


def work(db: Database) -> int:
    """Do the jobs that wait, oldest first, and what was cut off; return how many there were."""
    settings: Settings = current_app.extensions["settings"]
    done = 0
    while run_next(db, settings, HANDLERS):
        done += 1
    plans.finish_taking_over(db)
    return done
