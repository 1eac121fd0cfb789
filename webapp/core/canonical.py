"""Canonical JSON: one text for one value, so that it can be signed and compared byte by byte.

The text is JSON as RFC 8785 (JSON Canonicalization Scheme) writes it, for the values allowed
here: no blanks, keys in order, UTF-8 without escapes but those JSON demands. Allowed are
objects whose keys are ASCII, lists, strings in Unicode form NFC, whole numbers up to 2^53 - 1 in
size, booleans and null. Amounts are whole fen, days are ISO dates: a fraction has no one way of
being written and is refused.
"""

import json
import unicodedata
from typing import Any

_LARGEST = 2**53 - 1


def canonical(value: Any) -> bytes:
    """Return the canonical text of ``value``; raises ``ValueError`` for what has none.

    >>> canonical({"b": [1, None], "a": "工钱"}).decode()
    '{"a":"工钱","b":[1,null]}'
    """
    _check(value)
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _check(value: Any) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        if not unicodedata.is_normalized("NFC", value):
            raise ValueError("a string is not in Unicode form NFC")
    elif isinstance(value, int):
        if abs(value) > _LARGEST:
            raise ValueError("a whole number is too large for JSON")
    elif isinstance(value, list):
        for one in value:
            _check(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise ValueError("a key is not ASCII text")
            _check(one)
    else:
        raise ValueError(f"{type(value).__name__} has no canonical text")
