"""Suggestions from a real Dask cluster of two worker processes, one of which is killed."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from matching.cli import main
from matching.records import Opening, Seeker
from tests.matching.test_cli import dump, write

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="the extra 'cluster' is not installed"
)

# Runs the command with small blocks. A worker's process is killed while the second lot of blocks
# is being worked on: by then both have answered.
COMMAND = """
import os, signal, sys, threading
from matching import cli, file_commands
from matching.ranking import retrieval

retrieval._MAX_BLOCK_SEEKERS = 8
victim, read = int(sys.argv[1]), file_commands.read_seekers

def people(path):
    for number, one in enumerate(read(path)):
        if number == 70:
            threading.Timer(0.1, os.kill, (victim, signal.SIGKILL)).start()
        yield one

file_commands.read_seekers = people
sys.exit(cli.main(sys.argv[2:]))
"""


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.running: list[subprocess.Popen[bytes]] = []
        self.start("scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard")
        self.workers = [self.worker(), self.worker()]

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{command[0]}{len(self.running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command, "--scheduler-file", str(self.file)],
                stdout=log,
                stderr=log,
                env=os.environ | {"OMP_NUM_THREADS": "1"},
            )
        self.running.append(process)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        folder = str(self.folder / f"worker{len(self.running)}")
        alone = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
        return self.start("worker", *alone, "--local-directory", folder)

    def address(self) -> str:
        from json import loads

        end = time.monotonic() + 60
        while not (self.file.exists() and self.file.stat().st_size):
            assert time.monotonic() < end, (self.folder / "scheduler0.log").read_text()
            time.sleep(0.1)
        return loads(self.file.read_text())["address"]

    def stop(self) -> None:
        for process in reversed(self.running):
            process.send_signal(signal.SIGKILL)
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    found = Cluster(tmp_path)
    yield found
    found.stop()


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_even_if_a_worker_dies(
    cluster: Cluster, tmp_path: Path
) -> None:
    # In English, so that no process has to load the table of Chinese skills.
    jobs = ["cleaner", "nanny", "driver", "cook", "guard", "seamstress", "courier"]
    crowd = [
        Seeker(id=f"s{i}", wanted=[jobs[i % 7], jobs[i % 3]], age=15 + i % 9) for i in range(200)
    ]
    catalogue = [
        Opening(id=f"o{i}", title=f"{jobs[i % 7]} {i % 4}", demands=["night"] if i % 2 else [])
        for i in range(30)
    ]
    people = write(tmp_path / "s.jsonl", [dump(one) for one in crowd])
    shown = write(tmp_path / "o.jsonl", [dump(one) for one in catalogue])
    where = ("--scheduler", cluster.address())
    alone = tmp_path / "alone.jsonl"
    command = ["suggest", people, shown, "--top", "3", "--output"]
    assert main([*command, str(alone)]) == 0
    expected = alone.read_bytes()
    assert expected.count(b"\n") == 200
    out, victim = tmp_path / "out.jsonl", str(cluster.workers[0].pid)
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, victim, *command, str(out), *where],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert out.read_bytes() == expected
    assert cluster.workers[0].wait(10) == -signal.SIGKILL
    assert cluster.workers[1].poll() is None


@pytest.mark.slow
def test_no_cluster_at_that_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people, shown = write(tmp_path / "s.jsonl", []), write(tmp_path / "o.jsonl", [])
    command = ["suggest", people, shown, "--output", str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, "-m", "matching", *command, "--scheduler", "tcp://127.0.0.1:9"],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert b"no Dask scheduler answers at tcp://127.0.0.1:9" in done.stderr
    assert not (tmp_path / "out").exists()
