"""``fumin import``: the same import as on the staff's pages, from the command line."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask import Flask

from webapp.core.cli_context import build_app

if TYPE_CHECKING:
    from webapp.imports.models import ImportKind
    from webapp.imports.readers.table import Table
    from webapp.imports.services.runner import ImportJob

_SHOWN_NOTES = 20


@click.group("import")
def imports() -> None:
    """Import a spreadsheet (.xlsx or .csv).

    Rows that cannot be read are listed and left out, all others come in; the same file again
    adds nothing. Exit status: 0 done, 1 the file cannot be used at all, 2 wrong usage.
    """


def _common(command: Callable[..., None]) -> Callable[..., None]:
    decorators = [
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option(
            "--column",
            "overrides",
            multiple=True,
            metavar="HEADER=FIELD",
            help="What a column means, e.g. 薪资=pay or C=pay; HEADER= leaves it out.",
        ),
        click.option("--dry-run", is_flag=True, help="Read and report, write nothing."),
        click.option(
            "--json",
            "as_json",
            is_flag=True,
            help="With --dry-run: one JSON object a row on standard output, personal data in it.",
        ),
    ]
    for decorate in reversed(decorators):
        command = decorate(command)
    return command


@imports.command("vacancies")
@_common
@click.option("--default-employer", default="", help="Employer of rows that name none.")
def import_vacancies(
    file: Path, overrides: tuple[str, ...], dry_run: bool, as_json: bool, default_employer: str
) -> None:
    """Import vacancies from FILE; they wait for review, employers not known yet are pending."""
    if len(default_employer) > 80:
        raise click.BadParameter("at most 80 characters", param_hint="--default-employer")
    from webapp.imports.models import ImportKind

    options = _looking(dry_run, as_json) | {"default_employer": default_employer.strip()}
    _import(ImportKind.VACANCIES, file, overrides, options)


@imports.command("residents")
@_common
@click.option(
    "--consent",
    default="",
    metavar="NOTE",
    help="Who got the separate consent to sensitive facts (identity number, 低保, 残疾), and "
    "when. Without it these columns are left out.",
)
@click.option("--branch", default="", help="Branch that serves them; default: 富民.")
def import_residents(
    file: Path,
    overrides: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    consent: str,
    branch: str,
) -> None:
    """Import residents from FILE.

    By running it you state that everybody listed agreed to be registered and served with the
    help of staff; this is recorded as their consent.
    """
    if len(consent) > 200:
        raise click.BadParameter("at most 200 characters", param_hint="--consent")
    from webapp.imports.models import ImportKind

    options = _looking(dry_run, as_json) | {"consent": consent.strip(), "branch": branch.strip()}
    _import(ImportKind.RESIDENTS, file, overrides, options)


def _looking(dry_run: bool, as_json: bool) -> dict[str, Any]:
    if as_json and not dry_run:
        raise click.UsageError("--json goes with --dry-run")
    return {"dry_run": dry_run, "as_json": as_json}


def _import(
    kind: "ImportKind",
    file: Path,
    overrides: tuple[str, ...],
    options: dict[str, Any],
) -> None:
    from webapp.core.errors import AppError

    app, _database = build_app()
    with app.app_context():
        try:
            data = file.read_bytes()
            job = _job(kind, file.name, data, overrides, options)
            _tell_columns(job, err=options["as_json"])
            if options["dry_run"]:
                _look(job, as_json=options["as_json"])
            else:
                _write(app, job, file.name, data)
        except AppError as error:
            raise click.ClickException(error.message or type(error).__name__) from error
        except OSError as error:
            raise click.ClickException(f"{file}: {error.strerror}") from error
        finally:
            app.extensions["database"].dispose()


def _look(job: "ImportJob", *, as_json: bool) -> None:
    """Read all rows and tell what would become of them; write nothing."""
    from webapp.core.progress import Progress
    from webapp.imports.services import runner
    from webapp.imports.services.json_lines import lines

    with Progress("reading") as tell:
        prepared = runner.prepare(job, tell)
    if as_json:
        for line in lines(job, prepared):
            click.echo(json.dumps(line, ensure_ascii=False))
        return
    _tell(runner.build_report(job, prepared, imported=0, employers=0), dry_run=True)


def _write(app: Flask, job: "ImportJob", name: str, data: bytes) -> None:
    """Take the same steps as the pages, one after the other."""
    from webapp.core.access import SYSTEM
    from webapp.core.progress import Progress
    from webapp.imports.services import background, batches, file_store, runner

    db, uploads = app.extensions["database"], app.extensions["settings"].uploads
    prepared = runner.prepare(job)
    stored = file_store.save(uploads, data)
    try:
        with db.transaction(SYSTEM) as session:
            batch = batches.hand_in(
                session,
                SYSTEM,
                kind=job.kind,
                filename=name,
                digest=hashlib.sha256(data).hexdigest(),
                stored=stored,
                branch_id=job.branch_id or batches.serving_branch(session),
            )
    except BaseException:
        file_store.delete(uploads, stored)
        raise
    with Progress("importing") as tell:
        done = background.write_at_once(
            db, uploads, SYSTEM, batch_id=batch.id, job=job, prepared=prepared, progress=tell
        )
    _tell(done.report, dry_run=False)


def _job(
    kind: "ImportKind",
    name: str,
    data: bytes,
    overrides: tuple[str, ...],
    options: dict[str, Any],
) -> "ImportJob":
    """Read the file and map its columns to fields."""
    from flask import current_app

    from webapp.core import clock
    from webapp.core.spreadsheets.reading import read_spreadsheet
    from webapp.imports.models import ImportKind
    from webapp.imports.readers import columns as columns_of
    from webapp.imports.readers.defaults import Defaults
    from webapp.imports.readers.fields import SENSITIVE
    from webapp.imports.readers.stitching import read_table
    from webapp.imports.services.runner import ImportJob
    from webapp.imports.services.writing import Consented
    from webapp.residents.models import ConsentChannel

    table = read_table(read_spreadsheet(data, name), kind)
    columns = columns_of.guess_columns(table, kind, clock.today())
    for override in overrides:
        _apply(columns, table, kind, override)
    consented = branch_id = None
    if kind is ImportKind.RESIDENTS:
        # Only looking writes nothing, so nobody's consent is needed for it.
        needs_consent = not options["consent"] and not options["as_json"]
        left_out = sorted(SENSITIVE & set(columns)) if needs_consent else []
        for key in left_out:
            del columns[key]
        if left_out:
            click.echo(f"left out for want of --consent: {', '.join(left_out)}", err=True)
        note = options["consent"] or f"命令行导入 {name}"
        consented = Consented(
            ConsentChannel.SPREADSHEET, note[:200], bool(options["consent"]), None
        )
        branch_id = None if options["dry_run"] else _branch(options["branch"])
    missing = columns_of.lacking(len(table.headers), kind, columns)
    # A program that only looks is told of each row, as long as rows can be told apart.
    named = {"name", "title"} & set(columns)
    if missing and not (options["as_json"] and named):
        headers = "、".join(header for header in table.headers if header)
        raise click.ClickException(
            f"找不到这些列：{'、'.join(missing)}。表头是：{headers}。用 --column 表头=字段 指定"
        )
    return ImportJob(
        kind=kind,
        table=table,
        columns=columns,
        today=clock.today(),
        defaults=Defaults(employer=options.get("default_employer", "")),
        branch_id=branch_id,
        consented=consented,
        pepper=str(current_app.config["SECRET_KEY"]).encode(),
    )


def _apply(columns: dict[str, int], table: "Table", kind: "ImportKind", override: str) -> None:
    """Set one column as the command line says; raise a usage error for what does not exist."""
    from webapp.imports.readers.columns import find_column, find_field
    from webapp.imports.readers.fields import FIELDS

    header, sign, name = override.rpartition("=")
    hint = "--column"
    if not sign or not header:
        raise click.BadParameter(f"{override!r} is not HEADER=FIELD", param_hint=hint)
    column = find_column(table, header.strip())
    if column is None:
        raise click.BadParameter(f"no column {header!r} in the file", param_hint=hint)
    field = find_field(kind, name.strip()) if name.strip() else None
    if name.strip() and field is None:
        known = ", ".join(FIELDS[kind])
        raise click.BadParameter(f"no field {name!r}; there are: {known}", param_hint=hint)
    for key in [key for key, there in columns.items() if there == column]:
        del columns[key]
    if field is not None:
        columns[field.key] = column


def _branch(name: str) -> int:
    from webapp.core.db import get_db
    from webapp.imports.services import batches

    with get_db().reader() as session:
        found = batches.serving_branch(session, name)
    if found is None:
        raise click.ClickException(f"没有支部“{name}”" if name else "还没有支部可以服务这些居民")
    return found


def _tell_columns(job: "ImportJob", *, err: bool) -> None:
    from webapp.imports.readers.fields import FIELDS

    meanings = {column: key for key, column in job.columns.items()}
    for column, header in enumerate(job.table.headers):
        key = meanings.get(column)
        meaning = f"{key} ({FIELDS[job.kind][key].label})" if key else "—"
        click.echo(f"{header or '?'} → {meaning}", err=err)
    if job.table.others:
        click.echo(f"sheets not read: {', '.join(job.table.others)}", err=True)


def _tell(report: dict[str, Any], *, dry_run: bool) -> None:
    from webapp.imports.readers.rows import Fault

    for one in report["refusals"]:
        click.echo(
            str(Fault(one["row"], one["column"], one["message"], sheet=one["sheet"])), err=True
        )
    for note in report["notes"][:_SHOWN_NOTES]:
        click.echo(f"{note['text']}：{note['count']} 行（第 {note['rows'][0]} 行…）", err=True)
    for one in report["skips"]:
        rows = "、".join(str(row) for row in one["rows"])
        click.echo(f"skipped, {one['text']}：{one['count']} 行（第 {rows} 行）", err=True)
    counts = (
        f"refused {report['refused']}, repeated in the file {report['repeated']}, "
        f"skipped {report['skipped']}"
    )
    if dry_run:
        readable = report["rows"] - report["refused"] - report["repeated"]
        click.echo(f"{report['rows']} rows: {readable} can be imported, {counts}")
    else:
        done = f"imported {report['imported']}, there already {report['known']}"
        click.echo(f"{report['rows']} rows: {done}, {counts}")
