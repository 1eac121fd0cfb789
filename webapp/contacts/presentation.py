"""The call that a line of work lets one make and note: whom, the number, when again."""

from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from webapp.contacts import queries as contacts
from webapp.core import clock
from webapp.core.access import current_actor
from webapp.core.db import reader
from webapp.core.formatting import date_words, mask_phone
from webapp.core.labels import label
from webapp.residents import policy as residents


def resident(row: Any, called: str, id_: int, *, waits: bool = True) -> dict[str, Any]:
    """Telephone the resident of a row: their number, masked for whoever does not look after them.

    ``row`` has name, phone, contact_note and branch_id; ``called`` and ``id_`` are the address;
    ``waits`` says that something of theirs waits on, whatever they said.
    """
    whole = residents.cares_for(current_actor(), row)
    return {
        "href": url_for("caseload.call", called=called, number=id_),
        "name": row.name,
        "phone": row.phone if whole else mask_phone(row.phone),
        "whole": whole,
        "note": row.contact_note,
        "next_on": tomorrow() if waits else None,
        "key": contacts.Key("resident_id", "match_id" if called == "applicant" else "", id_),
    }


def employer(row: Any, called: str, id_: int, *, waits: bool = True) -> dict[str, Any] | None:
    """Telephone the employer of a row, ``None`` where there is none.

    ``row`` has employer, employer_phone and employer_contact; the rest is as with a resident.
    """
    if not row.employer:
        return None
    about = {"hirer": "match_id", "opening": "opening_id", "employer": ""}[called]
    return {
        "href": url_for("caseload.call", called=called, number=id_),
        "name": " · ".join(part for part in (row.employer_contact, row.employer) if part),
        "phone": row.employer_phone,
        "whole": True,
        "note": "",
        "next_on": tomorrow() if waits else None,
        "key": contacts.Key("employer_id", about, id_),
    }


def called_words(row: Any) -> str:
    """Return a contact as a step of a timeline; ``row`` is one of ``queries.latest``."""
    came = _("联系上了") if row.reached else _("没联系上")
    again = _("，%(day)s再问", day=date_words(row.next_on)) if row.next_on else ""
    return _(
        "%(way)s找%(whom)s，%(came)s：%(words)s%(again)s",
        way=label(row.way), whom=row.whom, came=came, words=row.words, again=again,
    )  # fmt: skip


def with_words(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to lines with a call what was said on the last one about the same; one query."""
    keys = [line["call"]["key"] for line in lines if line.get("call")]
    said = contacts.last_said(reader(), keys)
    for line in lines:
        if line.get("call"):
            line["call"]["said"] = said.get(line["call"]["key"])
    return lines


def tomorrow() -> date:
    """Return the day on which somebody is called again where nobody says otherwise."""
    return clock.today() + timedelta(days=1)
