"""Shapes of values in addresses."""

from werkzeug.routing import IntegerConverter

LARGEST_ID = 2**31 - 1  # what an id column holds on both databases


class IdConverter(IntegerConverter):
    """A row's id: a positive number that fits into the id column; others give 404."""

    regex = "[0-9]+"  # the usual one takes other scripts' digits too

    def __init__(self, map: object) -> None:  # noqa: A002 - Werkzeug's name
        super().__init__(map, min=1, max=LARGEST_ID)  # type: ignore[arg-type]
