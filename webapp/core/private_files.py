"""Files that nobody else on the machine may read: 0600, their folders 0700."""

import os
from pathlib import Path

UMASK = 0o077
FOLDER_MODE, FILE_MODE = 0o700, 0o600


def keep_private(folder: Path) -> None:
    """Close a folder and all it holds to other users, and what is made from now on.

    What was made by an earlier version, readable by everyone, is closed too.
    """
    os.umask(UMASK)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(FOLDER_MODE)
    for parent, folders, files in os.walk(folder):
        for name in folders:
            _close(Path(parent, name), FOLDER_MODE)
        for name in files:
            _close(Path(parent, name), FILE_MODE)


def _close(path: Path, mode: int) -> None:
    try:
        if not path.is_symlink() and path.stat().st_mode & 0o077:
            path.chmod(mode)
    except FileNotFoundError:  # a journal of the database that is gone again
        return
