"""Sensitive columns: encrypted at rest, decrypted only where a page asks for them."""

import hashlib
import hmac

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_keyring: list[Fernet] = []
_mac_keys: list[bytes] = []


def load_keys(keys: tuple[str, ...]) -> None:
    """Take the keys this process uses: the first encrypts, all of them decrypt."""
    _keyring[:] = [Fernet(key) for key in keys]
    _mac_keys[:] = [hashlib.sha256(b"codes\n" + key.encode()).digest() for key in keys]


def _cipher() -> MultiFernet:
    if not _keyring:
        raise RuntimeError("encryption keys are not loaded")
    return MultiFernet(_keyring)


def encrypt(data: bytes) -> bytes:
    """Encrypt a file for the disk, with the keys of the sensitive columns."""
    return _cipher().encrypt(data)


def decrypt(data: bytes) -> bytes:
    """Decrypt what :func:`encrypt` gave; another key's or changed data raise ``InvalidToken``."""
    return _cipher().decrypt(data)


def mac(text: str) -> bytes:
    """Return 32 bytes that nobody without the first key can make of this text (HMAC-SHA-256)."""
    if not _mac_keys:
        raise RuntimeError("encryption keys are not loaded")
    return hmac.digest(_mac_keys[0], text.encode(), "sha256")


def macs(text: str) -> list[bytes]:
    """Return what :func:`mac` makes of this text, with each of the keys."""
    return [hmac.digest(key, text.encode(), "sha256") for key in _mac_keys]


def is_mac_of(text: str, code: bytes) -> bool:
    """Return whether :func:`mac` made the code of this text, with whichever of the keys."""
    return any(hmac.compare_digest(one, code) for one in macs(text))


class EncryptedText(TypeDecorator[str]):
    """Text kept as a Fernet token (AES-128-CBC with HMAC-SHA256)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt before writing; ``None`` stays ``None``."""
        return None if value is None else _cipher().encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt after reading; a token of an unknown key raises ``InvalidToken``."""
        return None if value is None else _cipher().decrypt(value.encode()).decode()
