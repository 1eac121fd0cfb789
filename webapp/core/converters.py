"""Shapes of values in addresses."""

from datetime import date

from werkzeug.routing import BaseConverter, IntegerConverter, ValidationError

LARGEST_ID = 2**31 - 1  # what an id column holds on both databases


class IdConverter(IntegerConverter):
    """A row's id: a positive number that fits into the id column; others give 404."""

    regex = "[0-9]+"  # the usual one takes other scripts' digits too

    def __init__(self, map: object) -> None:  # noqa: A002 - Werkzeug's name
        super().__init__(map, min=1, max=LARGEST_ID)  # type: ignore[arg-type]


class MonthConverter(BaseConverter):
    """A month as ``2026-10``, given to the view as its first day; others give 404."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """Return the month's first day."""
        try:
            return date.fromisoformat(f"{value}-01")
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: date | str) -> str:
        """Return the month of a day; what is written already stays as it is."""
        return value if isinstance(value, str) else f"{value:%Y-%m}"
