"""A resident's file as staff read it: what waits, and what has happened, the last first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlmodel import Session, col

from webapp.contacts import queries as contacts
from webapp.contacts.models import Contact
from webapp.core import clock
from webapp.core.formatting import date_words, moment_words
from webapp.employment.lifecycle import Evidence
from webapp.employment.models import EmploymentSpell
from webapp.employment.queries import SpellLine, history
from webapp.matches.blueprint import PERSON, VIA
from webapp.matches.queries import of_resident
from webapp.matches.queries.of_resident import Standing, Suggestion
from webapp.official_facts import queries as official_facts
from webapp.official_facts.queries import FactLine
from webapp.residents import sections
from webapp.residents.models import JoinRequest, Resident, ResidentState
from webapp.residents.queries import File, members_at, own_request

MOST_EVENTS = 12


@dataclass(frozen=True)
class Waiting:
    """One thing that waits about a person; ``urgent``: the branch has to do something."""

    href: str
    title: str
    words: str
    urgent: bool = True


@dataclass(frozen=True)
class Overview:
    """What a resident's file shows beside the file itself."""

    housemates: list[Resident]
    now: list[EmploymentSpell]
    official: list[FactLine]
    waits: list[Waiting]
    suggestions: list[Suggestion]
    hireable: list[Standing]
    over: list[Standing]
    events: list[dict[str, str]]
    last_contact: Any


def read_overview(session: Session, file: File) -> Overview:
    """Return what a file shows, in a fixed number of queries."""
    resident = file.resident
    spells = [line for line in history(session, resident.id) if line.spell.withdrawn_at is None]
    noted = contacts.latest(session, col(Contact.resident_id) == resident.id)
    standing = of_resident.standing_of(session, resident.id)
    request = own_request(session, resident.id)
    return Overview(
        housemates=[
            one for one in members_at(session, resident.household_id) if one.id != resident.id
        ],
        now=[line.spell for line in spells if _lasts(line.spell)],
        official=[
            one
            for one in official_facts.history(session, resident.id)
            if not (one.is_withdrawn or one.has_ended)
        ],
        waits=sorted(
            [*_of_matches(standing), *_of_file(file, spells, noted, request)],
            key=lambda one: not one.urgent,
        ),
        suggestions=of_resident.suggestions_of(session, resident.id),
        hireable=[one for one in standing if one.can_hire],
        over=[one for one in standing if not one.waits],
        events=_events(session, resident, spells, noted),
        last_contact=noted[0] if noted else None,
    )


def _lasts(spell: EmploymentSpell) -> bool:
    today = clock.today()
    return spell.starts_on <= today and (spell.ends_on is None or spell.ends_on >= today)


def match_href(match_id: int, **also: Any) -> str:
    """Return the address of a match that leads back to its person."""
    return url_for("matches.show", **also | {"match_id": match_id, VIA: PERSON})


def _of_matches(standing: Sequence[Standing]) -> list[Waiting]:
    return [
        Waiting(
            match_href(one.id),
            "，".join(part for part in (one.title, one.employer) if part),
            one.waits,
            one.urgent,
        )
        for one in standing
        if one.waits
    ]


def _of_file(
    file: File, spells: Sequence[SpellLine], noted: Sequence[Any], request: JoinRequest | None
) -> list[Waiting]:
    resident, today = file.resident, clock.today()
    if resident.state is ResidentState.LEFT:
        return []
    found: list[Waiting] = []
    if noted and noted[0].next_on is not None:
        due = noted[0].next_on <= today
        found.append(
            Waiting(
                url_for("caseload.contacts", resident_id=resident.id),
                _("再问一次"),
                _("%(day)s：%(words)s", day=date_words(noted[0].next_on), words=noted[0].words),
                due,
            )
        )
    found += [
        Waiting(
            url_for(
                "employment.change", resident_id=resident.id, spell_id=one.spell.id, step="verify"
            ),
            _("核实「%(what)s」", what=one.spell.kind.label),
            _("只是本人说的，看过凭据才算数"),
        )
        for one in spells
        if one.spell.evidence is Evidence.OWN_WORD and one.spell.ends_on is None
    ]
    if request is not None:
        found.append(
            Waiting(
                url_for("residents.join_request", request_id=request.id),
                _("要求算到%(where)s", where=request.unit_address),
                _("%(day)s前答复", day=date_words(clock.local(request.answer_until).date())),
            )
        )
    open_ones = [
        str(sections.SECTIONS[one].title)
        for one in sections.STEPS
        if sections.is_open(resident, one)
    ]
    if open_ones and resident.state is ResidentState.SEEKING:
        first = next(one for one in sections.STEPS if sections.is_open(resident, one))
        found.append(
            Waiting(
                url_for("residents.section", resident_id=resident.id, section=first),
                _("还没问的"),
                "、".join(open_ones),
                urgent=file.is_blank,
            )
        )
    if file.responsible is None:
        found.append(
            Waiting(
                url_for("caseload.responsible", resident_id=resident.id),
                _("定责任人"),
                _("这一户还没有责任人"),
            )
        )
    return found


def _events(
    session: Session, resident: Resident, spells: Sequence[SpellLine], noted: Sequence[Any]
) -> list[dict[str, str]]:
    """Return the last events of a person's course, newest first, as ``timeline`` draws them."""
    found: list[tuple[datetime, str, str, str]] = [
        (at, moment_words(at), text, who)
        for at, text, who in of_resident.steps_of(session, resident.id)
    ]
    found += [
        (
            one.at,
            moment_words(one.at),
            _("%(way)s：%(words)s", way=one.way.label, words=one.words),
            one.name,
        )
        for one in noted
    ]
    for line in spells:
        found += _of_spell(line)
    found.append((resident.created_at, moment_words(resident.created_at), _("登记"), ""))
    found.sort(key=lambda one: one[0], reverse=True)
    return [
        {"when": when, "text": text, "who": who} for _at, when, text, who in found[:MOST_EVENTS]
    ]


def _of_spell(line: SpellLine) -> list[tuple[datetime, str, str, str]]:
    spell = line.spell
    if spell.match_id is not None:  # the steps of its match say it
        return []
    what = "：".join(part for part in (spell.kind.label, spell.words) if part)
    who = line.verified_by or line.recorded_by
    days = [(spell.starts_on, _("开始%(what)s", what=what))]
    if spell.ends_on is not None:
        days.append((spell.ends_on, _("结束%(what)s", what=what)))
    noon = timedelta(hours=12)
    return [(clock.start_of_day(day) + noon, date_words(day), text, who) for day, text in days]
