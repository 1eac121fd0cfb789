"""The blueprint that the view modules of pasted texts attach to."""

from flask import Blueprint, request

#: Bytes of a form: a text far too long still gets its message beside the box.
MOST_BYTES = 2 * 1024 * 1024

bp = Blueprint("intake", __name__)


@bp.url_value_preprocessor
def _take_long_texts(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Allow a larger form than usual, before anything reads it."""
    request.max_form_memory_size = MOST_BYTES
