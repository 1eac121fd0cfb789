"""The key by which push services know this installation, and whom they may write to.

It stands in one file of the data directory, its secret half encrypted with the keys of the
sensitive columns. Without the file nobody is offered notices on a telephone's screen. Losing it
costs every subscription: browsers take messages of the key they subscribed with alone.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from webapp.core import crypto
from webapp.core.private_files import FILE_MODE
from webapp.notices.push_encryption import decode, encode, point


@dataclass(frozen=True)
class PushKey:
    """The private key, and the address (``mailto:`` or ``https:``) of who runs this."""

    private: ec.EllipticCurvePrivateKey
    contact: str

    @property
    def public(self) -> str:
        """The public half as browsers take it (``applicationServerKey``)."""
        return encode(point(self.private.public_key()))


def make(path: Path, contact: str) -> PushKey:
    """Make a key once; raises ``FileExistsError`` where there is one."""
    key = PushKey(ec.generate_private_key(ec.SECP256R1()), contact)
    secret = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    content = {"contact": contact, "private": encode(crypto.encrypt(secret))}
    with open(path, "x", opener=lambda name, flags: os.open(name, flags, FILE_MODE)) as file:
        json.dump(content, file)
    return key


def load(path: Path) -> PushKey | None:
    """Return the key of this installation, ``None`` while none was made."""
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    private = load_der_private_key(crypto.decrypt(decode(content["private"])), None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise ValueError("not a key for push messages")
    return PushKey(private, content["contact"])
