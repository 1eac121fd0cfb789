"""The commands over a whole community: from files of seekers and openings to a file of results."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from matching.records import Kind, Note, Opening, Seeker
from matching.utils import jsonl

if TYPE_CHECKING:
    from matching.planning.piecework_assignment import PieceworkOrder

# Written only for seekers with piecework.
_PIECEWORK_FIELDS = ("pieces", "hours_a_week")
# Seconds to wait for a scheduler.
_CONNECT_SECONDS = 5
# Openings listed of each pathway.
_MAX_LISTED = 5


class ClusterError(ValueError):
    """A Dask cluster that can't be used; the message says why."""


def read_openings(path: str) -> list[Opening]:
    """Return the openings of a file, whose ids must differ."""
    return list(jsonl.read_distinct(path, Opening, "id"))


def read_seekers(path: str) -> Iterator[Seeker]:
    """Yield the seekers of a file, whose ids must differ."""
    return jsonl.read_distinct(path, Seeker, "id")


@contextmanager
def _cluster(address: str | None) -> Iterator[Any]:
    """Yield the client of a running Dask cluster, None without an address."""
    if address is None:
        yield None
        return
    try:
        from distributed import Client, KilledWorker
    except ImportError as error:
        raise ClusterError("--scheduler needs the extra 'cluster' (dask[distributed])") from error
    connect: Any = Client
    try:
        client = connect(address, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address}: {error}") from error
    with client:
        try:
            yield client
        except KilledWorker as error:
            raise ClusterError(f"the workers of {address} die at their work: {error}") from error


def suggest_file(
    seekers: str,
    openings: str,
    output: str,
    *,
    top: int,
    ranker: Any,
    workers: int = 1,
    scheduler: str | None = None,
    since: str | None = None,
) -> None:
    """Write the ``top`` openings of each seeker, one line a seeker.

    Beside an output that is a file, ``.since`` is written, which a later run can go on from: with
    ``since``, a former output, only what has changed is done again.
    """
    from matching.ranking import former_run
    from matching.ranking.batch import Suggester
    from matching.ranking.incremental import suggest_changed

    former = None if since is None else former_run.FormerOutput(Path(since))
    how = former_run.made_by(ranker, top)
    if former is not None:
        former.check_made_by(how)
    with _cluster(scheduler) as client:
        suggester = Suggester(read_openings(openings), ranker)
        recorder = former_run.Recorder(how)
        found = suggest_changed(
            suggester,
            read_seekers(seekers),
            recorder,
            former,
            top=top,
            n_jobs=workers,
            client=client,
        )
        jsonl.write_encoded(output, jsonl.progress(found, "seekers served"))
    if Path(output).is_file():
        recorder.run(suggester.retriever.catalogue).save(former_run.path_beside(Path(output)))


def _notes(notes: list[Note]) -> list[dict[str, str]]:
    return [{"code": note.code, "text": note.text} for note in notes]


class PastedText(BaseModel):
    """A text as pasted from a chat, typed at the counter or sent as a ticket."""

    text: str


def extract_file(kind: str, source: str, output: str) -> None:
    """Write what each text of a file says, one line a text: ``kind`` vacancies or residents."""
    from matching.extraction.residents import extract_resident
    from matching.extraction.vacancies import extract_vacancies

    extract = {"vacancies": extract_vacancies, "residents": extract_resident}[kind]
    texts = jsonl.progress(jsonl.read_lines(source, PastedText), "texts read")
    jsonl.write_lines(output, (extract(pasted.text) for _number, pasted in texts))


def triage_file(source: str, output: str) -> None:
    """Write what is suggested for each ticket of a file, one line a ticket."""
    from matching.triage.suggest import suggest_lines

    texts = jsonl.progress(jsonl.read_lines(source, PastedText), "tickets read")
    jsonl.write_lines(output, suggest_lines(ticket.text for _number, ticket in texts))


class OpeningRow(Opening):
    """An opening, with the size of its order if it is piecework."""

    pieces: int | None = None
    hours_a_piece: float | None = None
    weeks: float | None = None
    pack: int = 1


def plan_file(
    seekers: str,
    openings: str,
    output: str,
    *,
    ranker: Any,
    first: str | None = None,
    households: bool = False,
) -> None:
    """Write the placement of each seeker, one line a seeker."""
    from matching.planning.planner import plan_community

    people = list(read_seekers(seekers))
    if households:
        from matching.planning.household_planner import plan_households

        orders, others = _read_openings_and_orders(openings)
        rows = plan_households(people, others, orders, first=first, ranker=ranker)
        records = (
            {
                key: value
                for key, value in one._asdict().items()
                if key not in _PIECEWORK_FIELDS or value
            }
            | {"reasons": _notes(one.reasons)}
            for one in rows
        )
        jsonl.write_lines(output, records)
        return
    found = plan_community(people, read_openings(openings), first=first, ranker=ranker)
    jsonl.write_lines(output, ({**one._asdict(), "reasons": _notes(one.reasons)} for one in found))


def _read_openings_and_orders(path: str) -> tuple[list["PieceworkOrder"], list[Opening]]:
    """Return the piecework orders and all other openings of a file."""
    from matching.planning.piecework_assignment import PieceworkOrder

    orders: list[PieceworkOrder] = []
    others: list[Opening] = []
    seen: dict[str, int] = {}
    for number, line in jsonl.read_lines(path, OpeningRow):
        if line.id in seen:
            raise jsonl.LineError(
                path, number, f"id {line.id!r} is on line {seen[line.id]} already"
            )
        seen[line.id] = number
        if line.kind is not Kind.PIECEWORK or line.pieces is None:
            others.append(line)
            continue
        try:
            hours, weeks = line.hours_a_piece or 0.0, line.weeks or 0.0
            orders.append(PieceworkOrder(line, line.pieces, hours, weeks, line.pack))
        except ValueError as error:
            raise jsonl.LineError(path, number, str(error)) from error
    return orders, others


def pathways_file(
    seekers: str,
    openings: str,
    output: str,
    *,
    top: int,
    ranker: Any,
    courses: str | None = None,
) -> None:
    """Write the pathways of each seeker, and the courses that would place more people."""
    from matching.planning.pathways import Pathfinder, courses_to_open

    shown = read_openings(openings)
    people = list(read_seekers(seekers))
    finder = Pathfinder(shown, ranker)
    rows = (
        {
            "seeker": one.id,
            "pathways": [
                {
                    "step": way.step,
                    "what": way.what,
                    "unlocks": len(way.openings),
                    "score": way.score,
                    "best": way.best,
                    "openings": way.openings[:_MAX_LISTED],
                }
                for way in finder.pathways_for(one)[:top]
            ],
        }
        for one in people
    )
    jsonl.write_lines(output, jsonl.progress(rows, "seekers looked at"))
    if courses is not None:
        orders = courses_to_open(people, shown, progress=jsonl.progress)
        records = (
            {"course": o.course, "placed": o.placed, "seats": o.seats, "seekers": o.seekers}
            for o in orders
        )
        jsonl.write_lines(courses, records)
