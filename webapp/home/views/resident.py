"""/me/: what fits the resident, and what to do next."""

from flask import render_template, url_for

from webapp.accounts import service as accounts
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.engine.suggestion_requests import is_waiting
from webapp.home.blueprint import bp
from webapp.home.own_list import own_list
from webapp.matches.queries.own_matches import for_resident
from webapp.residents.queries import has_blank_file
from webapp.residents.sections import SECTIONS, STEPS, is_open, standing
from webapp.residents.views.file_urls import my_file, resident_at


@bp.get("/me/")
@requires(Permission.RESIDENT_SELF)
def resident() -> str:
    """The resident's home: what fits them, what to do next."""
    resident = resident_at(my_file())
    tasks = [
        {
            "label": SECTIONS[key].title,
            "href": url_for("residents.my_section", section=key),
            "status": standing(resident, key),
            "tone": "warn" if is_open(resident, key) else "neutral",
        }
        for key in STEPS
    ]
    waiting = [key for key in STEPS if is_open(resident, key)]
    matches = for_resident(reader(), resident.id)
    return render_template(
        "home/resident.html",
        resident=resident,
        tasks=tasks,
        waiting=waiting,
        matches=matches,
        waits=own_list(reader(), current_actor(), resident, matches),
        blank=has_blank_file(reader(), resident),
        recomputing=is_waiting(reader(), resident_id=resident.id),
        verified=accounts.is_verified(reader(), resident.account_id),
        registered_again=accounts.registered_again(reader(), resident.account_id),
    )
