"""`fumin report`: the month's published figures, printed or as a file."""

import json
from datetime import date
from pathlib import Path

import click

from webapp.core.cli_context import build_app


@click.command("report")
@click.option("--month", help="A frozen month as 2026-10; without one, the newest.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Write an .xlsx.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page.")
def report_command(
    month: str | None, *, as_json: bool, xlsx: Path | None, html: Path | None
) -> None:
    """Print the month's published figures, as the supervision page has them."""
    from flask import render_template

    from webapp.core.errors import NotFound
    from webapp.oversight.queries import published, report

    app, database = build_app()
    with app.test_request_context(), database.reader() as session:
        months = published.frozen(session)
        if not months:
            raise click.ClickException("no month is frozen yet")
        try:
            asked = date.fromisoformat(f"{month}-01") if month else months[0]
            made = report.report(session, asked)
        except (ValueError, NotFound) as error:
            raise click.ClickException(f"{month} is no frozen month (2026-10)") from error
        if xlsx:
            xlsx.write_bytes(report.workbook(made))
        if html:
            html.write_text(render_template("oversight/report.html", report=made), "utf-8")
        if as_json:
            click.echo(json.dumps(report.as_json(made), ensure_ascii=False, indent=1))
        elif not (xlsx or html):
            for column, shown in zip(made.columns, made.rows[-1], strict=True):
                click.echo(f"{column.heading}\t{shown.words}")
