"""A throw-away PostgreSQL server for the tests, made from the programs on the machine."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """Return the folder with initdb and pg_ctl, or ``None`` when there is no server here."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def server() -> Iterator[str]:
    """Run a server on a free port of the loopback address and yield its address for SQLAlchemy."""
    folder = programs()
    if folder is None:
        raise RuntimeError("no PostgreSQL server programs on this machine")
    # PostgreSQL refuses to run as root: lend it its own user then.
    user = "postgres" if os.geteuid() == 0 else None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = Path(tempfile.mkdtemp(prefix="fumin-pg-"))
    if user:
        os.chown(base, pwd.getpwnam(user).pw_uid, -1)

    def run(*command: str) -> None:
        subprocess.run(
            command, check=True, user=user, cwd=base, stdout=subprocess.DEVNULL, timeout=60
        )

    data = str(base / "data")
    run(str(folder / "initdb"), "-D", data, "-U", "fumin", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={base} -c fsync=off"
    )
    control = str(folder / "pg_ctl")
    run(control, "-D", data, "-o", options, "-w", "-l", str(base / "log"), "start")
    try:
        yield f"postgresql+psycopg://fumin@127.0.0.1:{port}"
    finally:
        run(control, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(base, ignore_errors=True)
