"""A line of progress for long commands, on a terminal only."""

import sys

import click


class Progress:
    """Show ``done/total`` on standard error while it is a terminal; say nothing otherwise."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            click.echo(err=True)

    def __call__(self, done: int, total: int) -> None:
        if self._shown:
            click.echo(f"\r{self._words}: {done}/{total} ", nl=False, err=True)
