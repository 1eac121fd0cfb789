"""A vacancy as a schema.org JobPosting (https://schema.org/JobPosting)."""

import json
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from webapp.core import clock
from webapp.core.labels import label
from webapp.core.vocabulary import PayUnit
from webapp.openings.models import Opening

# Pay by the piece has no unit of time and is left out.
_UNITS = {PayUnit.MONTH: "MONTH", PayUnit.DAY: "DAY", PayUnit.HOUR: "HOUR"}
_TYPES = {PayUnit.MONTH: "FULL_TIME", PayUnit.DAY: "PER_DIEM", PayUnit.HOUR: "PART_TIME"}


def job_posting(opening: Opening, *, employer: str, url: str) -> dict[str, Any]:
    """Return the posting of a published vacancy; only what is known is in it."""
    posting: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": opening.title,
        "description": opening.description,
        "identifier": {"@type": "PropertyValue", "name": "富民", "value": str(opening.id)},
        "hiringOrganization": {"@type": "Organization", "name": employer},
        "jobLocation": {"@type": "Place", "address": _address(opening)},
        "totalJobOpenings": opening.places_left,
        "url": url,
    }
    if opening.published_at:
        posting["datePosted"] = clock.local(opening.published_at).date().isoformat()
    if opening.valid_until:
        end = clock.local(clock.end_of_day(opening.valid_until))
        posting["validThrough"] = end.isoformat()
    if opening.at_home:
        posting["jobLocationType"] = "TELECOMMUTE"
        posting["applicantLocationRequirements"] = {"@type": "Country", "name": "CN"}
    if opening.reserved_for:
        posting["eligibilityToWorkRequirement"] = _(
            "专门留给%(whom)s", whom=label(opening.reserved_for)
        )
    if opening.pay_unit in _UNITS:
        posting["baseSalary"] = _salary(opening)
        posting["employmentType"] = _TYPES[opening.pay_unit]
    else:
        posting["employmentType"] = "OTHER"
    return posting


def script_text(data: dict[str, Any]) -> Markup:
    """Return JSON safe inside a <script> data block: no ``<``, ``>`` or ``&`` in it."""
    text = json.dumps(data, ensure_ascii=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - escaped above


def _address(opening: Opening) -> dict[str, str]:
    parts = [*opening.place.split("/"), "", ""]
    address = {
        "@type": "PostalAddress",
        "addressCountry": "CN",
        "addressRegion": parts[0],
        "addressLocality": parts[1],
        "streetAddress": "".join([*parts[2:], opening.address]),
    }
    return {key: value for key, value in address.items() if value}


def _salary(opening: Opening) -> dict[str, Any]:
    low, high = opening.pay_min_fen, opening.pay_max_fen
    value: dict[str, Any] = {"@type": "QuantitativeValue"}
    if low is not None and low == high:
        value["value"] = low / 100
    else:
        bounds = {"minValue": low, "maxValue": high}
        value |= {name: fen / 100 for name, fen in bounds.items() if fen is not None}
    if opening.pay_unit:
        value["unitText"] = _UNITS[opening.pay_unit]
    return {"@type": "MonetaryAmount", "currency": "CNY", "value": value}
