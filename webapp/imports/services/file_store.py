"""The files handed in, under random names among the uploads, encrypted like sensitive columns.

Beside a file stand what was read of it (``.reading``) and its refused rows (``.refused``); they
live and die with it.
"""

import json
import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any

from cryptography.fernet import InvalidToken
from flask_babel import gettext as _

from webapp.core import clock, crypto
from webapp.core.errors import Gone

READING, REFUSED = ".reading", ".refused"
_YOUNG = 24 * 3600  # seconds; a younger file may be one whose row is just being written


def save(uploads: Path, data: bytes) -> str:
    """Keep a file and return its name."""
    folder = _folder(uploads)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.bin"
    _write(folder / name, data)
    return name


def load(uploads: Path, name: str) -> bytes:
    """Return a kept file's content; raise ``Gone`` when it is not there any more."""
    return _read(_folder(uploads) / Path(name).name)


def put(uploads: Path, name: str, ending: str, data: bytes) -> None:
    """Keep what belongs to the file ``name``, in place of what was kept before."""
    path = (_folder(uploads) / Path(name).name).with_suffix(ending)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    _write(fresh, data)
    fresh.replace(path)


def get(uploads: Path, name: str, ending: str) -> bytes:
    """Return what was kept by :func:`put`; raise ``Gone`` when there is nothing."""
    if not name:
        raise _gone()
    return _read((_folder(uploads) / Path(name).name).with_suffix(ending))


def put_json(uploads: Path, name: str, ending: str, value: Any) -> None:
    """Keep a JSON value."""
    put(uploads, name, ending, json.dumps(value, ensure_ascii=False).encode())


def get_json(uploads: Path, name: str, ending: str) -> Any:
    """Return a JSON value; raise ``Gone`` when there is none."""
    return json.loads(get(uploads, name, ending))


def delete(uploads: Path, name: str) -> None:
    """Delete a stored file and what stands beside it; a missing one is ignored."""
    stem = Path(name).stem
    for path in _folder(uploads).glob(f"{stem}.*") if stem else ():
        path.unlink(missing_ok=True)


def delete_unknown(uploads: Path, known: Collection[str]) -> int:
    """Delete files, a day old or more, of which no row is left; return how many.

    A process that died between the file and its row leaves one.
    """
    stems = {Path(name).stem for name in known}
    old = clock.now().timestamp() - _YOUNG
    unknown = [
        path
        for path in (_folder(uploads).iterdir() if _folder(uploads).is_dir() else ())
        if path.name.split(".")[0] not in stems and path.stat().st_mtime < old
    ]
    for path in unknown:
        path.unlink(missing_ok=True)
    return len(unknown)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(crypto.encrypt(data))


def _read(path: Path) -> bytes:
    try:
        return crypto.decrypt(path.read_bytes())
    except (OSError, InvalidToken) as error:  # an empty name is the folder itself
        raise _gone() from error


def _gone() -> Gone:
    return Gone(_("原来的文件已经删掉了，请重新上传"))


def _folder(uploads: Path) -> Path:
    return uploads / "imports"
