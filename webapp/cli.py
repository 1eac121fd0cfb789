"""The `fumin` command. Exit status: 0 done, 1 refused with a clear message, 2 wrong usage."""

import contextlib
import os
import sys
from pathlib import Path
from typing import Any, TextIO

import click

from webapp import create_app
from webapp.core.access import SYSTEM, Role
from webapp.core.cli_context import build_app
from webapp.core.logs import configure_logging
from webapp.core.progress import Progress
from webapp.core.settings import SettingsError
from webapp.imports.cli import imports
from webapp.learning.cli import retrain
from webapp.matches.cli import plan
from webapp.ops import schema
from webapp.oversight.cli import report_command

# Who push services would write to; nobody reads it.
DEMO_CONTACT = "mailto:demo@fumin.invalid"


class Program(click.Group):
    """Turn a settings error into a message and exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.ClickException(str(error)) from error


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "obj": lambda: create_app()},
)
def main() -> None:
    """富民: work and livelihood matching for a community."""


for _command in (imports, plan, report_command, retrain):
    main.add_command(_command)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def demo(host: str, port: int) -> None:
    """Serve the demo community: made at the first run, kept from then on."""
    from webapp.branches.services import duties
    from webapp.demo import load
    from webapp.notices import push_key
    from webapp.ops import server
    from webapp.rulebook import service as rulebook

    os.environ["FUMIN_DEMO"] = "1"
    if not server.port_is_free(host, port):
        raise click.ClickException(f"port {port} is in use; choose another with PORT=…")
    app, database = build_app()
    schema.upgrade(database)
    with app.app_context(), Progress("Loading the demo community") as tell:
        rulebook.seed(database)
        duties.seed(database)
        load.load_if_empty(database, tell)
    database.dispose()
    with contextlib.suppress(FileExistsError):  # made at the first run
        push_key.make(app.extensions["settings"].push_key, DEMO_CONTACT)
    click.echo(load.LOGINS)
    click.echo(f"\n  http://{host}:{port}\n\nCtrl-C stops it.")
    sys.stdout.flush()
    server.serve(create_app, host=host, port=port, workers=2, threads=4, with_scheduler=True)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the portal; run `fumin db upgrade` before and `fumin scheduler` beside it."""
    from webapp.ops import server

    if not server.port_is_free(host, port):
        raise click.ClickException(f"port {port} is in use")
    _a, database = build_app()
    if schema.differences(database):
        raise click.ClickException("the database is not up to date: run `fumin db upgrade`")
    database.dispose()
    server.serve(
        create_app, host=host, port=port, workers=workers, threads=threads, with_scheduler=False
    )


@main.command()
@click.option("--with-parent", is_flag=True, help="Stop when the starting process is gone.")
def scheduler(with_parent: bool) -> None:
    """Run the scheduled jobs; a second one on the same data waits to take over."""
    from webapp.ops import scheduler as jobs

    configure_logging()
    parent = os.getppid() if with_parent else None
    app, _db = build_app()
    jobs.run(app, parent=parent)


@main.group()
def db() -> None:
    """Look after the database's schema."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema; run it before the workers start."""
    from webapp.branches.services import duties
    from webapp.openings.services import publication
    from webapp.rulebook import service as rulebook

    app, database = build_app()
    schema.upgrade(database)
    with app.app_context():
        rulebook.seed(database)
        duties.seed(database)
        taken = publication.take_back_unlawful(database)
    if taken:
        click.echo(f"{taken} public openings break a rule and went back to review")
    click.echo("the database is up to date")


@db.command("revision")
@click.argument("message")
@click.option("--empty", is_flag=True, help="To be written by hand: a CHECK or a trigger changes.")
def db_revision(message: str, empty: bool) -> None:
    """Write a migration for what the models have and the database has not (for developers)."""
    _app, database = build_app()
    try:
        path = schema.new_revision(database, message, empty=empty)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"written: {path}; read it, and seal by triggers what must not change")


@main.command("create-admin")
@click.option("--phone", required=True)
@click.option("--name", required=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def create_admin(phone: str, name: str, password: str) -> None:
    """Open an account of an administrator."""
    from webapp.accounts import service
    from webapp.core import passwords
    from webapp.core.errors import AppError
    from webapp.core.formfields import MOBILE

    app, database = build_app()
    with app.test_request_context():
        fault = passwords.fault(password, phone)
        if not MOBILE.fullmatch(phone):
            raise click.ClickException("a phone number of 11 digits is needed")
        if fault or not 0 < len(name) <= 40:
            raise click.ClickException(fault or "the name must have 1 to 40 characters")
        hashed = passwords.hash_password(password)
        try:
            with database.transaction(SYSTEM) as session:
                service.open_account(
                    session,
                    phone=phone,
                    name=name,
                    password_hash=hashed,
                    role=Role.ADMIN,
                    verified=True,
                )
        except AppError as error:
            raise click.ClickException(error.message) from error
    click.echo(f"administrator {phone} can sign in")


@main.command()
def suggest() -> None:
    """Compute everybody's suggestions now."""
    from webapp.matches.suggestions import compute as suggesting

    app, database = build_app()
    with app.app_context(), Progress("Computing suggestions") as tell:
        count = suggesting.compute_suggestions(database, progress=tell)
    click.echo(f"{count} suggestions")


@main.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Write everything but the keys to TARGET (tar.gz); keep the keys elsewhere."""
    from webapp.ops import backup as backups

    app, database = build_app()
    if target.exists():
        raise click.ClickException(f"{target} exists already")
    try:
        rows = backups.backup(database, app.extensions["settings"].data_dir, target)
    except backups.BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{sum(rows.values())} rows of {len(rows)} tables written to {target}")


@main.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(source: Path) -> None:
    """Fill an empty database from SOURCE, made by `fumin backup`."""
    from webapp.ops import backup as backups

    app, database = build_app()
    try:
        rows = backups.restore(database, app.extensions["settings"].data_dir, source)
    except backups.BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{sum(rows.values())} rows of {len(rows)} tables restored")


@main.command("rotate-signing-key")
def rotate_signing_key() -> None:
    """Sign with a new key from now on; what was signed with the old one can still be verified."""
    from webapp.core import signing

    build_app()
    click.echo(f"new signing key {signing.rotate().id}; publish it: /signing-keys/")


@main.command("make-push-key")
@click.argument("contact")
def make_push_key(contact: str) -> None:
    """Make the key for notices on telephones' screens; CONTACT (mailto: or https:) is told to the
    push services, which write there when something is wrong."""
    from webapp.notices import push_key

    if not contact.startswith(("mailto:", "https://")) or not contact.isascii():
        raise click.ClickException(
            "CONTACT must be mailto:somebody@example.org or an https address"
        )
    app, _db = build_app()
    try:
        push_key.make(app.extensions["settings"].push_key, contact)
    except FileExistsError as error:
        raise click.ClickException(
            "there is a key already; a new one would end every subscription"
        ) from error
    click.echo("key made: residents are offered notices on their telephones from now on")


@main.command()
@click.option(
    "--against",
    type=click.File(encoding="utf-8", errors="replace"),
    help="A kept copy of the audit trail's anchors: shows what was cut off or written anew.",
)
def verify(against: TextIO | None) -> None:
    """Check schema, foreign keys, the audit chain and the ledgers; 0 only if all hold."""
    from webapp.ops import anchors
    from webapp.ops.verify import faults

    _a, database = build_app()
    found = faults(database)
    if against is not None:
        with database.reader() as session:
            found += anchors.faults(session, against)
    for fault in found:
        click.echo(fault, err=True)
    if found:
        raise click.ClickException(f"{len(found)} faults")
    click.echo("all holds")


if __name__ == "__main__":
    main()
