"""Write and sign the files that anybody may take away: a CSV a figure, definitions, a manifest."""

import base64
import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import clock, signing
from webapp.core.canonical import canonical
from webapp.core.suppression import FEW
from webapp.oversight.figures import YEAR, Derived, Figure, Period, Share, Values
from webapp.oversight.models import PublishedFile, RunningMonth
from webapp.oversight.stored import Edition, editions
from webapp.oversight.topics import TOPICS, by_id
from webapp.oversight.working_out import worked_out

MANIFEST, DEFINITIONS, RUNNING = "manifest.json", "definitions.json", "running.csv"


def count_running(session: Session) -> RunningMonth:
    """Count the month under way and publish it; the row of an hour ago is replaced."""
    period = Period.of(clock.today())
    values: dict[str, int | None] = {}
    for topic in TOPICS:
        values |= topic.measure(session, period)
    row = session.get(RunningMonth, 1) or RunningMonth(id=1, month=period.first, at=clock.now())
    row.month, row.at, row.values = period.first, clock.now(), values
    session.add(row)
    session.flush()
    _store(session, {RUNNING: _running_csv(row)})
    _sign(session)
    return row


def publish(session: Session) -> int:
    """Write the files of all figures anew and sign them; return how many files there are."""
    every = editions(session)
    files = {f"{id_}.csv": _figure_csv(one, every) for id_, one in by_id().items()}
    files[DEFINITIONS] = canonical([_definition(one) for one in by_id().values()]).decode()
    _store(session, files)
    _sign(session)
    return len(files) + 1


def at_least(values: Values) -> dict[str, int]:
    """Return the counts of a month under way in steps of five, each rounded down.

    One more person cannot be told from looking every hour: steps are as wide as what is hidden.
    """
    return {
        id_: value // FEW * FEW
        for id_, value in values.items()
        if value is not None and isinstance(one := by_id().get(id_), Figure) and one.is_count
    }


def _store(session: Session, files: dict[str, str]) -> None:
    known = {
        row.name: row
        for row in session.scalars(select(PublishedFile).where(col(PublishedFile.name).in_(files)))
    }
    for name, body in files.items():
        row = known.get(name) or PublishedFile(name=name, body="", sha256="", at=clock.now())
        if row.body != body or not row.sha256:
            row.body, row.sha256 = body, hashlib.sha256(body.encode()).hexdigest()
            row.at = clock.now()
            session.add(row)
    session.flush()


def _sign(session: Session) -> None:
    """Sign the digests of all files together: one flipped byte, or a file too few, is seen."""
    digests = session.execute(
        select(col(PublishedFile.name), col(PublishedFile.sha256)).where(
            col(PublishedFile.name) != MANIFEST
        )
    )
    content = {
        "files": {row.name: row.sha256 for row in digests},
        "made_at": clock.now().isoformat(timespec="seconds"),
    }
    mark = signing.sign_json(content)
    signed = {
        "content": content,
        "key": mark.key_id,
        "signature": base64.b64encode(mark.value).decode(),
    }
    _store(session, {MANIFEST: canonical(signed).decode()})


def _csv(rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _running_csv(row: RunningMonth) -> str:
    counts = at_least(row.values).items()
    return _csv(
        [("month", "figure", "at_least"), *((f"{row.month:%Y-%m}", *one) for one in counts)]
    )


def _figure_csv(one: Figure | Derived, every: Sequence[Edition]) -> str:
    """Return a line an edition of a month; an empty cell is one that is not published."""
    if isinstance(one, Figure):
        names = [one.id, *([one.id + YEAR] if one.flow else [])]
        heads = ["value", *(["year"] if one.flow else [])]
    else:
        names = [one.top, one.bottom] if isinstance(one, Share) else [one.high, one.low]
        heads = ["top", "bottom", "value"] if isinstance(one, Share) else ["high", "low", "value"]
    rows = [["month", "edition", *heads]]
    for edition in sorted(every, key=lambda each: (each.month, each.number)):
        shown = {id_: value.value for id_, value in edition.values.items() if value.shown}
        cells = ["" if shown.get(name) is None else str(shown[name]) for name in names]
        if not isinstance(one, Figure):
            cells.append(worked_out(one, shown))
        rows.append([f"{edition.month:%Y-%m}", str(edition.number), *cells])
    return _csv(rows)


def _definition(one: Figure | Derived) -> dict[str, Any]:
    said = {"id": one.id, "name": one.name, "meaning": one.meaning, "left_out": one.left_out}
    if isinstance(one, Figure):
        return {**said, "unit": one.unit.value, "flow": one.flow, "source": one.source}
    if isinstance(one, Share):
        return {**said, "share": [one.top, one.bottom]}
    return {**said, "gap": [one.high, one.low]}
