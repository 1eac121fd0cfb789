"""`fumin plan`: plan the whole community at once."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from webapp.core.cli_context import build_app
from webapp.core.progress import Progress

HEAD = ("居民编号", "姓名", "门牌", "机会编号", "机会", "合适程度", "为什么")


@click.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the plan as a table (CSV) to this file; it holds names.",
)
@click.option("--take-over", is_flag=True, help="Order the staff's queue by the plan at once.")
def plan(output: Path | None, take_over: bool) -> None:
    """Assign seeking residents to openings all at once: as many as possible, then the best.

    Those of households without any work come before others. The plan is kept for staff to look
    at. Prints it, one person a line, unless it goes to a file or is taken over.
    """
    from webapp.core.access import SYSTEM
    from webapp.matches.queries.plans import read_all
    from webapp.matches.services import plans
    from webapp.matches.suggestions import community_plan, picks

    app, database = build_app()
    with app.app_context(), Progress("Planning") as tell:
        made = community_plan.make(database, progress=tell)
        with database.reader() as session:
            lines = read_all(session, made.id)
        if output:
            _write(output, lines)
        if take_over:
            with database.transaction(SYSTEM) as session:
                plans.put_in_force(session, SYSTEM, plan_id=made.id)
            marked = picks.mark(database, made.id)
            click.echo(f"{marked} suggestions in the queue")
    if not output and not take_over:
        for row in lines:
            click.echo(f"{row.PlanLine.resident_id}\t{row.name}\t{row.title or '—'}")
    click.echo(
        f"{made.placed} of {made.people} placed, at most {made.bound} can be; "
        f"{made.homes_reached} of {made.homes} households without any work reached",
        err=True,
    )


def _write(path: Path, lines: Sequence[Any]) -> None:
    """Write the plan as a spreadsheet reads it; no cell begins like a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEAD)
        for row in lines:
            line = row.PlanLine
            why = "；".join(line.reasons) if line.rank else line.gap.label
            table.writerow(
                [
                    line.resident_id,
                    _plain(row.name),
                    _plain(row.unit_address),
                    line.opening_id or "",
                    _plain(row.title or ""),
                    "" if line.score is None else line.score,
                    _plain(why),
                ]
            )


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
