"""Fill what the columns of a list of vacancies leave open from the description beside them."""

from flask_babel import gettext as _

from webapp.core.vocabulary import Education
from webapp.engine import extraction
from webapp.imports.models import ImportKind
from webapp.imports.readers.fields import FIELDS
from webapp.imports.readers.hours import read_hours
from webapp.imports.readers.rows import ReadRow
from webapp.imports.readers.vacancy_cells import MOST_PEOPLE


def fill_from_description(row: ReadRow) -> None:
    """Fill schooling, headcount, hours, certificates and skills; a column that says so wins.

    What was filled stands in ``row.described``, with one note for who reviews the opening.
    """
    values = row.values
    text = "\n".join(values[key] for key in ("description", "requirements") if values.get(key))
    found = extraction.read_description(values["title"], text) if text else None
    if found:
        _fill(row, "education", values.get("education"), found.education)
        _fill(row, "skills", values.get("skills"), list(found.skills))
        _fill(row, "certificates", values.get("certificates"), list(found.certificates))
        if found.headcount is not None and found.headcount <= MOST_PEOPLE:
            _fill(row, "headcount", values.get("headcount"), found.headcount)
        words = found.hours_words or ""
        written, windows = values.get("hours") or ("", [])
        hours = read_hours(words.replace(extraction.APART, "，")) if words else None
        _fill(row, "hours", written or windows, (words, hours) if hours else None)
    if values.get("headcount") is None:
        _one_for_now(row)
    if row.described:
        names = "、".join(str(FIELDS[ImportKind.VACANCIES][key].label) for key in row.described)
        row.notes.append(_("从描述里读的，请核对：%(names)s", names=names))
        for key in row.described:
            row.doubts.setdefault(key, []).append(_("从描述里读的，请核对"))
    if found:
        _warn(row, found)


def _fill(row: ReadRow, key: str, said: object, found: object) -> None:
    if not said and found:
        row.values[key] = found
        row.described.append(key)


def _one_for_now(row: ReadRow) -> None:
    """Take one person for an open number: an opening needs one, and it can be raised later."""
    row.values["headcount"] = 1
    if "headcount" not in row.columns:
        return
    said = row.written("headcount").rstrip("人 ")
    row.note(
        "headcount",
        _("人数写的是“%(what)s”，先按 1 人", what=said) if said else _("没写人数，先按 1 人"),
    )


def _warn(row: ReadRow, found: extraction.ReadDescription) -> None:
    """Note where the description and a column disagree, and where it is about several jobs."""
    asked = found.education
    if asked and asked is not Education.NONE and row.values.get("education") is Education.NONE:
        row.note(
            "education", _("学历一栏写的不限，描述里要“%(level)s”，请问清单位", level=asked.label)
        )
    if found.several:
        row.note("description", _("描述里不止这一个工作，请核对"))
