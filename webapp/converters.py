"""Shapes of values in addresses."""

from werkzeug.routing import IntegerConverter


class IdConverter(IntegerConverter):
    """A row's id: a positive number that fits into the id column; others give 404."""

    regex = "[0-9]+"  # the usual one takes other scripts' digits too

    def __init__(self, map: object) -> None:  # noqa: A002 - Werkzeug's name
        super().__init__(map, min=1, max=2**31 - 1)  # type: ignore[arg-type]
