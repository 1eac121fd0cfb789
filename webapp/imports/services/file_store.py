"""The files handed in, under random names among the uploads, encrypted like sensitive columns."""

import secrets
from pathlib import Path

from cryptography.fernet import InvalidToken
from flask_babel import gettext as _

from webapp.core import crypto
from webapp.core.errors import Gone


def save(uploads: Path, data: bytes) -> str:
    """Keep a file and return its name."""
    folder = _folder(uploads)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.bin"
    (folder / name).write_bytes(crypto.encrypt(data))
    return name


def load(uploads: Path, name: str) -> bytes:
    """Return a kept file's content; raise ``Gone`` when it is not there any more."""
    path = _folder(uploads) / Path(name).name
    try:
        return crypto.decrypt(path.read_bytes())
    except (OSError, InvalidToken) as error:  # an empty name is the folder itself
        raise Gone(_("原来的文件已经删掉了，请重新上传")) from error


def delete(uploads: Path, name: str) -> None:
    """Delete a stored file; a missing one is ignored."""
    (_folder(uploads) / Path(name).name).unlink(missing_ok=True)


def _folder(uploads: Path) -> Path:
    return uploads / "imports"
