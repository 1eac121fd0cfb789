"""Signatures of what the community hands out: certificates, statements, published figures.

Ed25519 (RFC 8032) over the bytes themselves, so that anybody can check one without this
program: ``openssl pkeyutl -verify -pubin -inkey KEY.pem -rawin -in FILE -sigfile SIGNATURE``.
What is signed as JSON is signed as :func:`webapp.core.canonical.canonical` writes it.

The keys stand in a folder of the data directory, one file each, readable by this program alone;
the secret half is encrypted with the keys of the sensitive columns besides, so a backup holds
it. A rotation makes a new key and destroys the old one's secret half: what was signed with it can
be verified for good, but nothing more can be signed.
"""

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from filelock import FileLock

from webapp.core import clock, crypto
from webapp.core.canonical import canonical
from webapp.core.private_files import FILE_MODE, FOLDER_MODE

_ID_DIGITS, _LENGTH = 16, 64
_folder: list[Path] = []


@dataclass(frozen=True)
class PublicKey:
    """The public half of a key: ``key`` is its 32 bytes, ``id`` begins their SHA-256.

    ``retired_at`` is when it stopped signing; ``None`` for the one that signs.
    """

    id: str
    key: bytes
    made_at: datetime
    retired_at: datetime | None

    @property
    def base64(self) -> str:
        """The 32 bytes as text."""
        return base64.b64encode(self.key).decode()

    @property
    def pem(self) -> bytes:
        """The key as other programs read it (X.509 SubjectPublicKeyInfo, PEM)."""
        return Ed25519PublicKey.from_public_bytes(self.key).public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )


@dataclass(frozen=True)
class Signature:
    """A signature and the key it was made with; as text ``KEY_ID.BASE64URL``."""

    key_id: str
    value: bytes

    def __str__(self) -> str:
        return f"{self.key_id}.{base64.urlsafe_b64encode(self.value).decode().rstrip('=')}"

    @classmethod
    def parse(cls, text: str) -> "Signature":
        """Read the text back; raises ``ValueError`` for anything else."""
        key_id, dot, value = text.partition(".")
        padded = value + "=" * (-len(value) % 4)
        try:
            found = cls(key_id, base64.b64decode(padded, altchars=b"-_", validate=True))
        except ValueError as error:
            raise ValueError("not a signature") from error
        if not dot or len(found.value) != _LENGTH or str(found) != text:  # one signature, one text
            raise ValueError("not a signature")
        return found


def use(folder: Path) -> None:
    """Keep the keys in ``folder``; it is made with the first key."""
    _folder[:] = [folder]


def sign(data: bytes) -> Signature:
    """Sign bytes with the current key; the very first signature makes one."""
    current = next((one for one in _read_all() if one["secret"]), None) or _first()
    secret = Ed25519PrivateKey.from_private_bytes(crypto.decrypt(current["secret"].encode()))
    return Signature(current["id"], secret.sign(data))


def sign_json(value: Any) -> Signature:
    """Sign a value as canonical JSON; raises ``ValueError`` for what has none."""
    return sign(canonical(value))


def verify(data: bytes, signature: Signature) -> bool:
    """Return whether one of our keys, current or retired, made this signature of ``data``."""
    key = next((one.key for one in public_keys() if one.id == signature.key_id), None)
    if key is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature.value, data)
    except InvalidSignature:
        return False
    return True


def verify_json(value: Any, signature: Signature) -> bool:
    """Return whether one of our keys signed this value."""
    return verify(canonical(value), signature)


def public_keys() -> list[PublicKey]:
    """Return the public halves of all keys ever used, the newest first."""
    return [
        PublicKey(
            id=one["id"],
            key=base64.b64decode(one["public"]),
            made_at=datetime.fromisoformat(one["made_at"]),
            retired_at=datetime.fromisoformat(one["retired_at"]) if one["retired_at"] else None,
        )
        for one in _read_all()
    ]


def rotate() -> PublicKey:
    """Sign with a new key from now on; the secret half of the old one is destroyed."""
    with _lock():
        new = _make()
        for one in _read_all():
            if one["secret"] and one["id"] != new["id"]:
                _write({**one, "secret": "", "retired_at": clock.now().isoformat()})
    return next(one for one in public_keys() if one.id == new["id"])


def _first() -> dict[str, Any]:
    """Make the first key; of two processes that come at once one makes it, both use it."""
    with _lock():
        return next((one for one in _read_all() if one["secret"]), None) or _make()


def _make() -> dict[str, Any]:
    secret = Ed25519PrivateKey.generate()
    public = secret.public_key().public_bytes_raw()
    entry = {
        "id": hashlib.sha256(public).hexdigest()[:_ID_DIGITS],
        "public": base64.b64encode(public).decode(),
        "secret": crypto.encrypt(secret.private_bytes_raw()).decode(),
        "made_at": clock.now().isoformat(),
        "retired_at": "",
    }
    _write(entry)
    return entry


def _read_all() -> list[dict[str, Any]]:
    """Return the keys, the newest first; the one that signs is the newest with a secret half."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in _home().glob("*.json")]
    return sorted(found, key=lambda one: (one["made_at"], one["id"]), reverse=True)


def _write(entry: dict[str, Any]) -> None:
    """Write a key's file whole or not at all, and onto the disk before anything is signed."""
    path = _home() / f"{entry['id']}.json"
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)  # of a process that was stopped half-way
    part.touch(mode=FILE_MODE, exist_ok=False)
    with part.open("w", encoding="utf-8") as file:
        json.dump(entry, file)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def _lock() -> FileLock:
    _home().mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    return FileLock(_home() / "lock", mode=FILE_MODE)


def _home() -> Path:
    if not _folder:
        raise RuntimeError("no folder for the signing keys")
    return _folder[0]
