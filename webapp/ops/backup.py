"""Back up and restore everything but the secrets, in one file that either database can read.

The file is a tar.gz: ``manifest.json`` (schema revision, rows and SHA-256 of every table),
``tables/NAME.jsonl`` (one row a line; encrypted columns stay encrypted) and the files of the
folders :data:`FOLDERS`; the secret halves of the signing keys stay encrypted too.
All tables are read in one snapshot.

Restoring copies rows that passed every guard when they were written. Triggers that look at what
stands around a row (who agreed, who was of the branch then) are laid aside meanwhile: what stands
around it now may have changed since, or be restored after it. Constraints and references hold all
along, and ``fumin verify`` looks at the sums.
"""

import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import orjson
from cryptography.fernet import InvalidToken
from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    MetaData,
    Table,
    Text,
    func,
    select,
    text,
    type_coerce,
)

from webapp.core import clock
from webapp.core.crypto import EncryptedText
from webapp.core.db import Database
from webapp.core.private_files import keep_private
from webapp.ops import schema

BATCH = 1000
PART = ".part"  # at the end of the name of what is not written to its end
FOLDERS = ("models", "signing_keys", "uploads")  # of the data directory


class BackupError(Exception):
    """The file cannot be written or restored; the message says why."""


class Unreadable(BackupError):
    """It is no backup, or is cut short."""


class Damaged(BackupError):
    """It was changed after it was written."""


class OtherKeys(BackupError):
    """What is encrypted in it was encrypted with keys that this installation does not have."""


class OtherSchema(BackupError):
    """It was made by another version of the program."""


#: What reading a file that is no whole backup may raise.
UNREADABLE = (OSError, EOFError, tarfile.TarError, zlib.error, KeyError, ValueError)


def backup(db: Database, data_dir: Path, target: Path) -> dict[str, int]:
    """Write ``target`` (it appears only when whole) and return the rows of each table.

    Raises :class:`BackupError` when the disk is full.
    """
    part = target.with_name(target.name + PART)
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)  # nobody else reads it, not even while it is being written
    try:
        rows = _write(db, data_dir, part)
        with part.open("rb") as file:
            os.fsync(file.fileno())  # the name must not reach the disk before what it names
        part.rename(target)
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)  # on a full disk it would keep everything else from writing
    return rows


def _write(db: Database, data_dir: Path, part: Path) -> dict[str, int]:
    manifest: dict[str, Any] = {"made_at": clock.now().isoformat(), "tables": {}}
    with db.read_engine.connect() as connection, tarfile.open(part, "w:gz") as archive:
        if not db.is_sqlite:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        manifest["revision"] = _revision(connection)
        for table in schema.all_tables().sorted_tables:
            lines = list(_rows(connection, table))
            content = b"".join(lines)
            manifest["tables"][table.name] = {
                "rows": len(lines),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            _add(archive, f"tables/{table.name}.jsonl", content)
        for path in sorted(one for name in FOLDERS for one in (data_dir / name).rglob("*")):
            if path.is_file():
                with suppress(FileNotFoundError):  # somebody may take a photo away meanwhile
                    archive.add(path, path.relative_to(data_dir).as_posix())
        _add(archive, "manifest.json", json.dumps(manifest, indent=1).encode())
    return {name: entry["rows"] for name, entry in manifest["tables"].items()}


def rows_in(source: Path) -> int:
    """Return how many rows a backup lists; raise :class:`Unreadable` for what is no whole one."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            listed = json.loads(_read(archive, "manifest.json"))["tables"]
            return sum(entry["rows"] for entry in listed.values())
    except UNREADABLE as error:
        raise Unreadable(f"{source} is not a backup of this program, or is cut short") from error


def restore(db: Database, data_dir: Path, source: Path) -> dict[str, int]:
    """Fill an empty database from ``source`` in one transaction.

    Raises :class:`BackupError` when the database holds accounts, and its kinds :class:`Unreadable`,
    :class:`Damaged`, :class:`OtherKeys` and :class:`OtherSchema`.
    """
    schema.upgrade(db)
    tables = schema.all_tables().sorted_tables
    try:
        archive = tarfile.open(source, "r:gz")  # noqa: SIM115 - closed below
        manifest = json.loads(_read(archive, "manifest.json"))
    except UNREADABLE as error:
        raise Unreadable(f"{source} is not a backup of this program, or is cut short") from error
    with archive, db.write_engine.begin() as connection:
        if manifest["revision"] != _revision(connection):
            raise OtherSchema(
                f"the backup has schema revision {manifest['revision']}, "
                f"this program {_revision(connection)}"
            )
        accounts = schema.all_tables().tables["account"]
        if connection.execute(select(func.count()).select_from(accounts)).scalar_one():
            raise BackupError("the database is not empty")
        with _triggers_aside(connection, tables):
            for table in reversed(tables):  # what came with the program is in it, as it was then
                connection.execute(table.delete())
            for table in tables:
                _restore_table(connection, archive, table, manifest["tables"].get(table.name))
        _refuse_other_keys(connection, tables)
    _restore_files(archive_path=source, data_dir=data_dir)
    return {name: entry["rows"] for name, entry in manifest["tables"].items()}


def _restore_table(
    connection: Connection, archive: tarfile.TarFile, table: Table, entry: dict[str, Any] | None
) -> None:
    if entry is None:
        raise Unreadable(f"the backup lacks the table {table.name}")
    try:
        content = _read(archive, f"tables/{table.name}.jsonl")
    except UNREADABLE as error:
        raise Damaged(f"the table {table.name} in the backup cannot be read") from error
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise Damaged(f"the table {table.name} in the backup is damaged")
    rows = [_decode(table, orjson.loads(line)) for line in content.splitlines()]
    rows = _referred_to_first(table, rows)
    for start in range(0, len(rows), BATCH):
        connection.execute(_raw(table).insert(), rows[start : start + BATCH])
    if rows and connection.dialect.name == "postgresql":
        # New ids must start beyond the restored ones.
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), "  # noqa: S608 - our table names
                f'(SELECT max(id) FROM "{table.name}"))'
            )
        )


@contextmanager
def _triggers_aside(connection: Connection, tables: Sequence[Table]) -> Iterator[None]:
    """Lay the triggers of the database aside, and put them back as they were.

    Both are part of the transaction: when it fails, they never were away.
    """
    if connection.dialect.name == "sqlite":
        kept = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        ).all()
        for name, _sql in kept:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        yield
        for _name, sql in kept:
            connection.exec_driver_sql(sql)
        return
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
    yield
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')


def _referred_to_first(table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put rows of the same table that others point to before those."""
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    if not own:
        return rows
    waiting = {row["id"]: row for row in rows}
    ordered: list[dict[str, Any]] = []
    for row in rows:
        chain = [row["id"]]
        while chain:
            here = waiting.get(chain[-1])
            named = [here[name] for name in own] if here else []
            ahead = next((one for one in named if one in waiting and one not in chain), None)
            if ahead is not None:
                chain.append(ahead)
                continue
            chain.pop()
            if here is not None:
                ordered.append(waiting.pop(here["id"]))
    return ordered


def _refuse_other_keys(connection: Connection, tables: Sequence[Table]) -> None:
    """Read all that is encrypted once; raise :class:`OtherKeys` where a key is missing."""
    for table in tables:
        encrypted = [column for column in table.c if isinstance(column.type, EncryptedText)]
        if not encrypted:
            continue
        try:
            for _row in connection.execute(select(*encrypted)):
                pass
        except InvalidToken as error:
            raise OtherKeys(
                f"what is encrypted in {table.name} needs other keys than FUMIN_ENCRYPTION_KEYS"
            ) from error


def _rows(connection: Connection, table: Table) -> Iterator[bytes]:
    columns = [type_coerce(column, _stored_type(column)).label(column.name) for column in table.c]
    query = select(*columns).order_by(table.c.id)
    for row in connection.execute(query).mappings():
        yield orjson.dumps(dict(row), option=orjson.OPT_APPEND_NEWLINE)


def _stored_type(column: Column[Any]) -> Any:
    return Text() if isinstance(column.type, EncryptedText) else column.type


def _raw(table: Table) -> Table:
    """Return the table with encrypted columns as the plain text they are stored as."""
    return Table(
        table.name,
        MetaData(),
        *(Column(column.name, _stored_type(column)) for column in table.c),
    )


def _decode(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    for column in table.c:
        value = row.get(column.name)
        if isinstance(value, str):
            impl = getattr(column.type, "impl", column.type)
            if isinstance(impl, DateTime):
                row[column.name] = datetime.fromisoformat(value)
            elif isinstance(impl, Date):
                row[column.name] = date.fromisoformat(value)
    return row


def _revision(connection: Connection) -> str:
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.mode = 0o600
    archive.addfile(info, io.BytesIO(content))


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member.read()


def _restore_files(*, archive_path: Path, data_dir: Path) -> None:
    with tarfile.open(archive_path, "r:gz") as archive:
        for member in archive.getmembers():
            parts = PurePosixPath(member.name).parts
            if parts[0] not in FOLDERS or not member.isfile() or ".." in parts:
                continue
            target = data_dir.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_read(archive, member.name))
    keep_private(data_dir)
