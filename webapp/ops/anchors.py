"""Anchors of the audit trail: each day its head is written down outside the database.

The chain shows a row that was changed, but not a tail that was cut off, nor one written anew with
digests that fit. An anchor names the last row of that day with its digest. Whoever keeps a copy,
printed or on another machine, sees by ``fumin verify --against`` whether the row still stands.

A line reads ``MOMENT ROW DIGEST SIGNATURE``: UTC (ISO 8601), the row's number, its SHA-256 in hex,
and the signature of the three before it, as :mod:`webapp.core.signing` makes it.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from webapp.core import clock, signing
from webapp.core.db import Database
from webapp.core.models import AuditEvent

SHOWN = 400  # days in the public list: more than a year
_LINE = re.compile(r"(\S+) ([1-9][0-9]{0,18}) ([0-9a-f]{64}) ([\w.-]+)", re.ASCII)


@dataclass(frozen=True)
class Anchor:
    """The head of the trail at a moment: its row's number and digest."""

    moment: str
    row: int
    digest: str
    signature: str

    @property
    def signed(self) -> bytes:
        """What the signature is of."""
        return f"{self.moment} {self.row} {self.digest}".encode()

    def __str__(self) -> str:
        return f"{self.signed.decode()} {self.signature}"


def note(db: Database, path: Path) -> Anchor | None:
    """Append today's anchor to the file and wait until it is on the disk.

    Returns ``None`` when nothing was written to the trail since the last anchor.
    """
    with db.reader() as session:
        head = session.exec(
            select(AuditEvent.id, AuditEvent.digest).order_by(col(AuditEvent.id).desc()).limit(1)
        ).first()
    if head is None:
        return None
    there = path.read_text(encoding="ascii") if path.exists() else ""
    whole, _newline, torn = there.rpartition("\n")
    last = whole.rsplit("\n", 1)[-1]
    if not torn and last and parse(last).row == head[0]:
        return None
    unsigned = Anchor(clock.now().isoformat(timespec="seconds"), head[0], head[1], "")
    anchor = Anchor(unsigned.moment, *head, signature=str(signing.sign(unsigned.signed)))
    with path.open("a", encoding="ascii") as file:
        # A line torn by a crash stays as it is, on a line of its own.
        file.write(("\n" if torn else "") + f"{anchor}\n")
        file.flush()
        os.fsync(file.fileno())
    return anchor


def newest(path: Path) -> list[str]:
    """Return the last lines of the file, the newest first; none before the first anchor."""
    if not path.exists():
        return []
    return path.read_text(encoding="ascii").splitlines()[: -SHOWN - 1 : -1]


def parse(line: str) -> Anchor:
    """Read a line; raises ``ValueError`` for what is none."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError("not an anchor")
    moment, row, digest, signature = found.groups()
    return Anchor(moment, int(row), digest, signature)


def faults(session: Session, lines: Iterable[str]) -> list[str]:
    """Return what the trail and a kept copy of anchors say differently, a line each.

    A copy without any anchor proves nothing, which is a fault too.
    """
    found, held = [], 0
    for number, text in enumerate(lines, start=1):
        line = text.strip()
        if not line:
            continue
        try:
            anchor = parse(line)
            signature = signing.Signature.parse(anchor.signature)
        except ValueError:
            found.append(f"line {number}: not an anchor")
            continue
        held += 1
        if not signing.verify(anchor.signed, signature):
            found.append(f"line {number}: not signed by a key of this installation")
        row = session.get(AuditEvent, anchor.row)
        if row is None:
            found.append(f"audit row {anchor.row}, there on {anchor.moment}, is gone")
        elif row.digest != anchor.digest:
            found.append(f"audit row {anchor.row}, there on {anchor.moment}, is another now")
    return found if held or found else ["no anchor in it"]
