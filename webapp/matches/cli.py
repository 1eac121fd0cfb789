"""`fumin plan`: plan the whole community at once."""

import csv
from pathlib import Path

import click

from webapp.core.cli_context import build_app
from webapp.matches.suggestions.community_plan import GROUPS, CommunityPlan

HEAD = ("居民编号", "姓名", "门牌", "机会编号", "机会", "合适程度", "为什么")


@click.command()
@click.option("--first", type=click.Choice(GROUPS), help="A group whose coverage goes ahead.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the plan as a table (CSV) to this file; it holds names.",
)
@click.option("--store", is_flag=True, help="Keep the plan as suggestions for staff to confirm.")
def plan(first: str | None, output: Path | None, store: bool) -> None:
    """Assign seeking residents to openings all at once: as many as possible, then the best.

    Prints the plan, one person a line, unless it goes to a file or is stored.
    """
    from webapp.matches.suggestions import community_plan

    app, database = build_app()
    with app.app_context():
        made = community_plan.make_plan(database, first=first)
        if output:
            _write(output, made)
        if store:
            click.echo(f"{community_plan.store(database, made)} suggestions stored")
    if not output and not store:
        for line in made.lines:
            click.echo(f"{line.resident_id}\t{line.name}\t{line.title or '—'}")
    group = f", {made.group_placed} of at most {made.group_bound} of {first}" if first else ""
    click.echo(
        f"{made.placed} of {len(made.lines)} placed, at most {made.bound} can be{group}", err=True
    )


def _write(path: Path, made: CommunityPlan) -> None:
    """Write the plan as a spreadsheet reads it; no cell begins like a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEAD)
        for line in made.lines:
            table.writerow(
                [
                    line.resident_id,
                    _plain(line.name),
                    _plain(line.unit_address),
                    line.opening_id or "",
                    _plain(line.title),
                    "" if line.score is None else line.score,
                    _plain("；".join(line.reasons)),
                ]
            )


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
