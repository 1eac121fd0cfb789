"""Settings from environment variables ``FUMIN_*``, read once at start.

A weak or missing secret stops the program everywhere but in the demo.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from webapp.core.private_files import keep_private

MIN_SECRET_LENGTH = 32
# Of Chrome and its like, Firefox, Safari, Edge.
PUSH_SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    ".notify.windows.com",
)


class SettingsError(Exception):
    """A setting is missing, weak or malformed; the message says which and how to mend it."""


@dataclass(frozen=True)
class Settings:
    """How this installation runs.

    ``encryption_keys``: Fernet keys, the first encrypts, all decrypt (for rotation).
    ``trusted_hosts``: names the server answers to; empty means any (demo only).
    ``proxies``: how many reverse proxies in front set X-Forwarded-For.
    ``notice_addresses``: where notices may be sent, ``scheme`` or ``scheme://host[:port]``.
    ``backup_dir``: where backups go, by default below ``data_dir``; ``backups_kept``: how many.
    ``anchor_file``: where the audit trail's head is noted each day, by default in ``data_dir``.
    ``security_contact``: where to tell of a hole, ``mailto:`` or ``https://``; empty: feedback.
    ``push_services``: hosts, or ends of hosts, that notices to telephones' screens may go to.
    """

    data_dir: Path
    database_url: str
    secret_key: str
    encryption_keys: tuple[str, ...]
    demo: bool = False
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    notice_addresses: tuple[str, ...] = ()
    push_services: tuple[str, ...] = PUSH_SERVICES
    backup_dir: Path | None = None
    backups_kept: int = 14
    anchor_file: Path | None = None
    security_contact: str = ""

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies travel over HTTPS alone: always, but for the demo."""
        return not self.demo

    @property
    def uploads(self) -> Path:
        """Folder of uploaded files, outside anything served as static."""
        return self.data_dir / "uploads"

    @property
    def signing_keys(self) -> Path:
        """Folder of the keys that certificates and statements are signed with."""
        return self.data_dir / "signing_keys"

    @property
    def push_key(self) -> Path:
        """File of the key that push services know this installation by; it may be missing."""
        return self.data_dir / "push_key.json"

    @property
    def backups(self) -> Path:
        """Folder in which the backups of each night stand."""
        return self.backup_dir or self.data_dir / "backups"

    @property
    def anchors(self) -> Path:
        """File of the audit trail's anchors; it is made with the first."""
        return self.anchor_file or self.data_dir / "audit-anchors.txt"

    @property
    def models(self) -> Path:
        """Folder of trained models."""
        return self.data_dir / "models"


def from_environment() -> Settings:
    """Read the settings; raise :class:`SettingsError` for a weak or missing secret."""
    env = os.environ
    data_dir = Path(env.get("FUMIN_DATA_DIR", "instance")).resolve()
    demo = env.get("FUMIN_DEMO") == "1"
    keep_private(data_dir)
    kept = _demo_secrets(data_dir) if demo else {}
    secret = env.get("FUMIN_SECRET_KEY") or kept.get("secret_key", "")
    keys = env.get("FUMIN_ENCRYPTION_KEYS") or kept.get("encryption_key", "")
    hosts = _names(env.get("FUMIN_TRUSTED_HOSTS", ""))
    _check_secret(secret)
    if not demo and not hosts:
        raise SettingsError("FUMIN_TRUSTED_HOSTS is missing: name the hosts this server answers to")
    return Settings(
        data_dir=data_dir,
        database_url=env.get("FUMIN_DATABASE_URL") or f"sqlite:///{data_dir / 'fumin.sqlite3'}",
        secret_key=secret,
        encryption_keys=_check_keys(keys),
        demo=demo,
        trusted_hosts=hosts,
        notice_addresses=_names(env.get("FUMIN_NOTICE_ADDRESSES", "")),
        push_services=_names(env.get("FUMIN_PUSH_SERVICES", "")) or PUSH_SERVICES,
        backup_dir=_path(env.get("FUMIN_BACKUP_DIR")),
        anchor_file=_path(env.get("FUMIN_ANCHOR_FILE")),
        security_contact=_contact(env.get("FUMIN_SECURITY_CONTACT", "")),
        backups_kept=max(
            _whole_number("FUMIN_BACKUPS_KEPT", env.get("FUMIN_BACKUPS_KEPT", "14")), 1
        ),
        proxies=_whole_number("FUMIN_PROXIES", env.get("FUMIN_PROXIES", "0")),
    )


def _contact(text: str) -> str:
    if text and not (
        text.startswith(("mailto:", "https://")) and text.isascii() and text.isprintable()
    ):
        raise SettingsError("FUMIN_SECURITY_CONTACT must begin with mailto: or https://")
    return text


def _path(text: str | None) -> Path | None:
    return Path(text).resolve() if text else None


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _check_secret(secret: str) -> None:
    if len(secret) < MIN_SECRET_LENGTH or len(set(secret)) < 10:
        raise SettingsError(
            "FUMIN_SECRET_KEY is missing or weak: "
            'make one with python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )


def _check_keys(text: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    try:
        for key in keys:
            Fernet(key)
    except ValueError as error:
        raise SettingsError("FUMIN_ENCRYPTION_KEYS holds a malformed key") from error
    if not keys:
        raise SettingsError(
            "FUMIN_ENCRYPTION_KEYS is missing: make one with "
            'python -c "from cryptography.fernet import Fernet; '
            'print(Fernet.generate_key().decode())"'
        )
    return keys


def _whole_number(name: str, text: str) -> int:
    if not text.isdecimal():
        raise SettingsError(f"{name} must be a whole number")
    return int(text)


def _demo_secrets(data_dir: Path) -> dict[str, str]:
    """Make the demo's own secrets once and keep them beside its data, readable by no one else."""
    path = data_dir / "keys.json"
    fresh = {
        "secret_key": secrets.token_urlsafe(48),
        "encryption_key": Fernet.generate_key().decode(),
    }
    try:
        with open(path, "x", opener=_private) as file:
            json.dump(fresh, file)
    except FileExistsError:
        kept: dict[str, str] = json.loads(path.read_text())
        return kept
    return fresh


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
