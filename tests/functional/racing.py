"""Several people act in the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier
from typing import Any

from flask import Flask
from sqlmodel import Session

from webapp.core.access import Actor
from webapp.core.db import Database
from webapp.core.errors import AppError

Act = tuple[Actor, Callable[[Session, Actor], Any]]


def at_once(app: Flask, db: Database, *acts: Act) -> list[str]:
    """Run the acts in as many threads, each its own transaction; return how each ended, sorted.

    ``done``, or the status of the error it was refused with. A clock held still is held in the
    threads too.
    """
    barrier = Barrier(len(acts))

    def run(act: Act) -> str:
        actor, do = act
        with app.app_context():
            barrier.wait()
            try:
                with db.transaction(actor) as session:
                    do(session, actor)
            except AppError as error:
                return str(error.status)
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(
            one.result() for one in [pool.submit(copy_context().run, run, a) for a in acts]
        )
