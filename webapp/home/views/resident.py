"""/me/: what fits the resident, and what to do next."""

from flask import render_template, url_for

from webapp.accounts import service as accounts
from webapp.core.access import Permission, requires
from webapp.core.db import reader
from webapp.engine.suggestion_requests import is_waiting
from webapp.home.blueprint import bp
from webapp.matches.queries.own_matches import for_resident
from webapp.residents.queries import has_blank_file, requests_to
from webapp.residents.sections import SECTIONS, STEPS, is_open, standing
from webapp.residents.views.file_urls import my_file, resident_at
from webapp.training.queries.own import invitations_to, waits_for
from webapp.trials.queries import own_waiting
from webapp.ventures.queries.own import own_waiting as own_ventures


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
    return render_template(
        "home/resident.html",
        resident=resident,
        tasks=tasks,
        waiting=waiting,
        matches=for_resident(reader(), resident.id),
        blank=has_blank_file(reader(), resident),
        recomputing=is_waiting(reader(), resident_id=resident.id),
        verified=accounts.is_verified(reader(), resident.account_id),
        registered_again=accounts.registered_again(reader(), resident.account_id),
        asked_of_me=requests_to(reader(), resident),
        seats_kept=waits_for(reader(), resident.id),
        invitations=invitations_to(reader(), resident.id),
        trials=own_waiting(reader(), resident.id),
        ventures=own_ventures(reader(), resident.id),
    )
