"""Back up and restore everything but the secrets, in one file that either database can read.

The file is a tar.gz: ``manifest.json`` (schema revision, rows and SHA-256 of every table),
``tables/NAME.jsonl`` (one row a line; encrypted columns stay encrypted) and the files of the
folders :data:`FOLDERS`; the secret halves of the signing keys stay encrypted too.
All tables are read in one snapshot.
"""

import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import orjson
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
SEEDED = ("rule_figure", "wording_rule", "exception_ground", "danger_word")
FOLDERS = ("models", "signing_keys", "uploads")  # of the data directory


class BackupError(Exception):
    """The file cannot be written or restored; the message says why."""


# What reading a file that is no whole backup may raise.
_UNREADABLE = (OSError, EOFError, tarfile.TarError, zlib.error, KeyError, ValueError)


def backup(db: Database, data_dir: Path, target: Path) -> dict[str, int]:
    """Write ``target`` (it appears only when whole) and return the rows of each table."""
    part = target.with_name(target.name + ".part")
    manifest: dict[str, Any] = {"made_at": clock.now().isoformat(), "tables": {}}
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)  # nobody else reads it, not even while it is being written
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
                archive.add(path, path.relative_to(data_dir).as_posix())
        _add(archive, "manifest.json", json.dumps(manifest, indent=1).encode())
    part.rename(target)
    return {name: entry["rows"] for name, entry in manifest["tables"].items()}


def restore(db: Database, data_dir: Path, source: Path) -> dict[str, int]:
    """Fill an empty database from ``source`` in one transaction.

    Raises :class:`BackupError` when the database holds accounts, the file is damaged, or it
    was made with another schema revision.
    """
    schema.upgrade(db)
    tables = schema.all_tables().sorted_tables
    try:
        archive = tarfile.open(source, "r:gz")  # noqa: SIM115 - closed below
        manifest = json.loads(_read(archive, "manifest.json"))
    except _UNREADABLE as error:
        raise BackupError(f"{source} is not a backup of this program, or is cut short") from error
    with archive, db.write_engine.begin() as connection:
        if manifest["revision"] != _revision(connection):
            raise BackupError(
                f"the backup has schema revision {manifest['revision']}, "
                f"this program {_revision(connection)}"
            )
        if connection.execute(select(func.count()).select_from(tables[0])).scalar_one():
            raise BackupError("the database is not empty")
        for name in SEEDED:  # what came with the program is in the backup, as it was then
            connection.execute(schema.all_tables().tables[name].delete())
        for table in tables:
            _restore_table(connection, archive, table, manifest["tables"].get(table.name))
    _restore_files(archive_path=source, data_dir=data_dir)
    return {name: entry["rows"] for name, entry in manifest["tables"].items()}


def _restore_table(
    connection: Connection, archive: tarfile.TarFile, table: Table, entry: dict[str, Any] | None
) -> None:
    if entry is None:
        raise BackupError(f"the backup lacks the table {table.name}")
    content = _read(archive, f"tables/{table.name}.jsonl")
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise BackupError(f"the table {table.name} in the backup is damaged")
    rows = [_decode(table, orjson.loads(line)) for line in content.splitlines()]
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
