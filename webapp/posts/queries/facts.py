"""What a post says of an opening: pay, place, hours, how long."""

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.branches.models import Branch, MemberProfile
from webapp.core.formatting import date_words
from webapp.core.labels import label
from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer
from webapp.openings import presentation
from webapp.openings.kind_words import by_kind
from webapp.openings.models import Opening
from webapp.posts.wording import OpeningFacts


def facts_of(session: Session, opening: Opening) -> OpeningFacts:
    """Return what is said of an opening, in the order people ask for it."""
    employer = session.get(Employer, opening.employer_id) if opening.employer_id else None
    work = opening.kind in {Kind.VACANCY, Kind.PIECEWORK}
    left = _("还要 %(n)d 人") if work else _("还有 %(n)d 个名额")
    return OpeningFacts(
        kind=label(opening.kind),
        title=opening.title,
        pay=presentation.pay_of(opening),
        pay_label=by_kind(_("工钱"), opening.kind),
        place=presentation.place_line(opening.kind, opening.place, opening.at_home),
        hours=presentation.hours_line(opening.hours, opening.flexible),
        places=left % {"n": opening.places_left},
        until=_("%(day)s前报名", day=date_words(opening.valid_until)),
        employer=employer.name if employer else "",
    )


def office_phones(session: Session) -> list[str]:
    """Return the telephones of offices and of members on duty, which everybody may call."""
    branches = session.exec(select(Branch.phone)).all()
    duty = session.exec(
        select(MemberProfile.duty_phone).where(col(MemberProfile.duty_phone) != "")
    ).all()
    return [*branches, *duty]
