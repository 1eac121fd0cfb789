"""The demo as a server of its own: loaded once for all workers, then started on copies."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[1]
LOADING_SECONDS = 400
# The command as it is, with nothing to serve.
_LOADING = """
import sys
from webapp.cli import main
from webapp.ops import server

server.serve = lambda *_, **__: None
main(["demo", "--port", sys.argv[1]])
"""


def load_once(shared: Path) -> Path:
    """Return a data directory that `fumin demo` has filled; whoever comes first has it filled.

    ``shared`` is a folder of all workers. Nothing may be written to what is returned: copy it.
    """
    folder = shared / "demo-loaded"
    with FileLock(shared / "demo-loaded.lock"):
        if not folder.exists():
            part = shared / "demo-loading"
            shutil.rmtree(part, ignore_errors=True)  # of a worker that failed
            part.mkdir()
            _load(part)
            part.rename(folder)
    return folder


def _load(folder: Path) -> None:
    """Run `fumin demo` up to where it would serve what it has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADING, str(_free_port())],
        env=_environment(folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LOADING_SECONDS,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"the demo was not loaded:\n{done.stdout}{done.stderr}")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Run `fumin demo` with its data in ``folder`` on a free port; yield its address."""
    server, address = start(folder)
    try:
        yield address
    finally:
        server.terminate()
        code = server.wait(timeout=30)
        assert code == 0, (folder / "log").read_text()


def start(folder: Path, *, own_group: bool = False) -> tuple[subprocess.Popen[bytes], str]:
    """Start `fumin demo` on ``folder`` and wait until it answers; return it with its address.

    In a group of its own all its processes can be killed at once, but nobody else ends them.
    """
    port = _free_port()
    with (folder / "log").open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "webapp.cli", "demo", "--port", str(port)],
            env=_environment(folder),
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            start_new_session=own_group,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server, folder / "log")
    except BaseException:
        server.kill()
        server.wait()
        raise
    return server, address


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _environment(folder: Path) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("FUMIN_")}
    return {**others, "FUMIN_DATA_DIR": str(folder)}


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + LOADING_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the demo stopped:\n{log.read_text()}")
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the demo did not start in {LOADING_SECONDS} s:\n{log.read_text()}")
