"""/staff/: what waits today."""

from flask import render_template

from webapp.caseload.queries import caseloads as caseload
from webapp.complaints.service import open_complaints
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.duplicates import queries as duplicates
from webapp.employers import queries as employer_queries
from webapp.home import worklist
from webapp.home.blueprint import bp
from webapp.matches import presentation
from webapp.matches.queries import staff_queue
from webapp.piecework.queries import worklist as piecework
from webapp.piecework.services import settlements


@bp.get("/staff/")
@requires(Permission.WORKBENCH)
def staff() -> str:
    """What waits today: how many of each kind, and the first few with one thing to do."""
    session, actor = reader(), current_actor()
    waiting = staff_queue.read_queue(session, actor, staff_queue.Filters(), size=worklist.FEW)
    return render_template(
        "home/staff.html",
        to_decide=(staff_queue.counted(waiting.total), waiting.rows),
        to_call=worklist.first_few(session, worklist.waiting_for_answer()),
        due=worklist.first_few(session, worklist.due()),
        to_review=worklist.first_few(session, worklist.to_review()),
        to_verify=worklist.first_few(session, employer_queries.to_check()),
        complaints=worklist.first_few(session, open_complaints()),
        newly_without_work=worklist.first_few(session, caseload.newly_without_work()),
        to_ask_again=worklist.first_few(session, caseload.to_ask_again()),
        expiring=worklist.first_few(session, caseload.expiring()),
        alike=duplicates.waiting(session),
        to_inspect=worklist.first_few(session, piecework.to_inspect()),
        to_issue=worklist.first_few(session, piecework.to_issue()),
        to_settle=settlements.due(session),
        is_chased=presentation.is_chased,
    )
