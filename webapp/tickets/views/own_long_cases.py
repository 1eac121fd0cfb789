"""/me/cases/: a person's own long cases, with all that was written, and their papers to print."""

from flask import render_template, url_for

from webapp.branches.models import Branch
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.tickets import long_case_policy as policy
from webapp.tickets.blueprint import bp
from webapp.tickets.models.long_cases import LongCase
from webapp.tickets.queries import long_cases as queries


@bp.get("/me/cases/")
@requires(Permission.RESIDENT_SELF)
def my_long_cases() -> str:
    """One's own cases."""
    lines = queries.of_resident(reader(), current_actor().resident_id)
    return render_template("tickets/long_cases/mine.html", lines=lines)


@bp.get("/me/cases/<id:case_id>")
@requires(Permission.RESIDENT_SELF)
def my_long_case(case_id: int) -> str:
    """One of one's own: errands made, the next one, papers still missing."""
    session, case = reader(), _own(case_id)
    return render_template(
        "tickets/long_cases/my_case.html",
        line=queries.one(session, case.id),
        branch=session.get_one(Branch, case.branch_id),
        steps=queries.steps_of(session, case.id),
        papers=queries.papers_of(session, case.id),
    )


@bp.get("/me/cases/<id:case_id>/papers")
@requires(Permission.RESIDENT_SELF)
def my_long_case_papers(case_id: int) -> str:
    """The list of papers, to print."""
    session, case = reader(), _own(case_id)
    return render_template(
        "tickets/long_cases/papers.html",
        line=queries.one(session, case.id),
        papers=queries.papers_of(session, case.id),
        back=url_for(".my_long_case", case_id=case.id),
    )


def _own(case_id: int) -> LongCase:
    case = reader().get(LongCase, case_id)
    if case is None or not policy.is_own(current_actor(), case):
        raise NotFound
    return case
