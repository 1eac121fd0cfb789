"""Caches of what every page asks for many times: messages, addresses, statements.

Looking up a message or building an address takes microseconds, but a page of a hundred of
each took a third of its time for them. A statement takes longer to build than to run.
"""

from collections.abc import Callable
from functools import cache, lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, request, url_for
from flask_babel import Domain, get_babel

from webapp.core import clock

P = ParamSpec("P")
Built = TypeVar("Built")

_STATEMENTS = 64  # kept of each kind: one for every member of staff at work


class OneLanguage(Domain):
    """Messages read once a process: the interface has one language for all.

    A choice of language by request would have to become part of the memory's key.
    """

    @cache  # noqa: B019 - one domain lives as long as its app
    def get_translations(self) -> Any:
        """Return the catalogue."""
        return super().get_translations()


def register(app: Flask) -> None:
    """Give Python and templates remembering ``gettext``, and templates ``page_url``."""
    domain = get_babel(app).instance.domain_instance = OneLanguage()
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        cache(lambda message: domain.get_translations().ugettext(message)),
        lambda one, many, n: domain.get_translations().ungettext(one, many, n),
        newstyle=True,
    )
    app.jinja_env.globals.update(page_url=page_url)


def page_url(endpoint: str) -> str:
    """Return the address of a page without arguments."""
    return _remembered(request.script_root, endpoint)


@cache
def _remembered(_root: str, endpoint: str) -> str:
    # Endpoints come from templates and tables of ours, so the memory stays small.
    return url_for(endpoint)


def built_once(build: Callable[P, Built]) -> Callable[P, Built]:
    """Remember the statement that ``build`` makes of the same arguments on the same day.

    It may depend on nothing else: the present moment goes in as :func:`webapp.core.db.moment`,
    what is read from the database as an argument.
    """

    of_day: Callable[..., Built] = lru_cache(maxsize=_STATEMENTS)(
        lambda _day, *args, **kwargs: build(*args, **kwargs)
    )

    @wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> Built:
        return of_day(clock.today(), *args, **kwargs)

    return built
