"""The production server: gunicorn with threads, and the scheduler beside it in the demo."""

import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from webapp.core.logs import configure_logging
from webapp.core.private_files import UMASK
from webapp.engine import search
from webapp.guides import queries as guides

log = logging.getLogger(__name__)


class Server(BaseApplication):
    """gunicorn, configured from here; each worker builds its own application."""

    def __init__(
        self,
        create_app: Callable[[], Flask],
        *,
        bind: str,
        workers: int,
        threads: int,
        on_exit: Callable[[], None],
    ):
        self._create_app = create_app
        self._options: dict[str, Any] = {
            "bind": bind,
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "worker_tmp_dir": "/dev/shm",  # noqa: S108 - a heartbeat file on disk can stall
            "graceful_timeout": 10,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "on_exit": lambda _server: on_exit(),
            "proc_name": "fumin",
            "loglevel": "warning",
            "umask": UMASK,
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand the options to gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the application, once in every worker."""
        configure_logging()
        return self._create_app()


def port_is_free(host: str, port: int) -> bool:
    """Return whether a server could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def serve(
    create_app: Callable[[], Flask],
    *,
    host: str,
    port: int,
    workers: int,
    threads: int,
    with_scheduler: bool,
) -> None:
    """Serve until told to stop; the scheduler, if wanted, is a child that ends with us."""
    scheduler = SchedulerChild() if with_scheduler else None
    if scheduler:
        scheduler.start()

    def stop_scheduler() -> None:
        if scheduler:
            scheduler.stop()

    # Once, so that the workers share its memory and nobody's first search waits for it.
    search.load()
    guides.search("卖菜")
    bind = f"{host}:{port}"
    Server(create_app, bind=bind, workers=workers, threads=threads, on_exit=stop_scheduler).run()


class SchedulerChild:
    """The scheduler as a child process, started again when it dies."""

    PAUSE = 3.0  # seconds before another start, so that one that can't run does not spin

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Start the process and the thread that watches it."""
        self._process = self._spawn()
        self._watcher.start()

    def stop(self) -> None:
        """End the process and wait for it."""
        self._stopping.set()
        self._watcher.join(timeout=2 * self.PAUSE)
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=15)

    def _watch(self) -> None:
        while not self._stopping.wait(self.PAUSE):
            if self._process is not None and self._process.poll() is not None:
                log.warning("the scheduler ended (%s): starting it again", self._process.returncode)
                self._process = self._spawn()

    @staticmethod
    def _spawn() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "webapp.cli", "scheduler", "--with-parent"]
        return subprocess.Popen(command)  # noqa: S603 - our own program
