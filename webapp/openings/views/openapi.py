"""The OpenAPI 3.1 description of the JSON interface; a test holds it to what is answered."""

from enum import StrEnum
from typing import Any

from webapp.core.paging import SIZE
from webapp.core.vocabulary import Demand, Education, Hours, Kind, PayUnit, ReservedFor
from webapp.openings.queries.filters import MOST_PAGES, MOST_PAY, NEAR, Sort
from webapp.openings.queries.search import LONGEST

_TEXT = {"type": "string"}
_FLAG = {"type": "boolean"}
_TEXTS = {"type": "array", "items": _TEXT}
_MONEY = {"type": ["number", "null"], "minimum": 0}


def _words(words: type[StrEnum] | list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": [str(word) for word in words]}


def _or_null(words: type[StrEnum]) -> dict[str, Any]:
    return {"enum": [*(str(word) for word in words), None]}


_WINDOW = {
    "type": "object",
    "description": "Hours on some days, 1 = Monday; an end at or before the start is past midnight",
    "required": ["days", "start", "end"],
    "properties": {"days": _TEXT, "start": _TEXT, "end": _TEXT},
}
_PAY = {
    "type": "object",
    "description": "Pay in yuan per unit; min or max is null where it is open",
    "required": ["text", "min", "max", "unit"],
    "properties": {"text": _TEXT, "min": _MONEY, "max": _MONEY, "unit": _or_null(PayUnit)},
}
_OPENING_PROPERTIES = {
    "id": {"type": "integer", "minimum": 1},
    "url": {"type": "string", "format": "uri"},
    "kind": _words(Kind),
    "title": _TEXT,
    "employer": {"type": ["string", "null"]},
    "category": _TEXT,
    "description": _TEXT,
    "place": {"type": "string", "description": "From broad to narrow, parted by slashes"},
    "address": _TEXT,
    "at_home": _FLAG,
    "skills": _TEXTS,
    "certificates": _TEXTS,
    "education": _or_null(Education),
    "demands": _TEXTS,
    "hours": {"type": "array", "items": _WINDOW},
    "flexible": _FLAG,
    "hazardous": _FLAG,
    "reserved_for": _or_null(ReservedFor),
    "teaches": _TEXTS,
    "pay": _PAY,
    "headcount": {"type": "integer", "minimum": 1},
    "places_left": {"type": "integer", "minimum": 0},
    "valid_until": {"type": "string", "format": "date"},
    "published_at": {"type": "string", "format": "date-time"},
    "found_because": {**_TEXTS, "description": "Why a search found it, if its title doesn't say"},
}
_OPENING = {
    "type": "object",
    "required": list(_OPENING_PROPERTIES),
    "properties": _OPENING_PROPERTIES,
    "additionalProperties": False,
}
_PAGE = {
    "type": "object",
    "required": ["items", "nearest", "page", "pages", "total", "next"],
    "properties": {
        "items": {
            "type": "array",
            "maxItems": SIZE,
            "items": {"$ref": "#/components/schemas/Opening"},
        },
        "nearest": {
            "type": "array",
            "description": "What comes near to q where little or nothing answers all of it",
            "items": {"$ref": "#/components/schemas/Opening"},
        },
        "page": {"type": "integer", "minimum": 1},
        "pages": {"type": "integer", "minimum": 1},
        "total": {"type": "integer", "minimum": 0},
        "next": {"type": ["string", "null"], "description": "Address of the next page"},
    },
    "additionalProperties": False,
}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["status", "message"],
            "properties": {"status": {"type": "integer"}, "message": _TEXT},
        }
    },
}


def _parameter(name: str, schema: dict[str, Any], what: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": what}


_PARAMETERS = [
    _parameter(
        "q",
        {"type": "string", "maxLength": LONGEST},
        "Work, conditions (日结) or places; pinyin and initials too",
    ),
    _parameter("kind", _words(Kind), "One kind alone"),
    _parameter("at_home", _FLAG, "What can be done at home"),
    _parameter("near", _words([*NEAR]), "How near to the estate 华龙家园; work at home is near"),
    _parameter("no_schooling", _FLAG, "What asks for no schooling"),
    _parameter(
        "pay",
        {"type": "integer", "minimum": 0, "maximum": MOST_PAY},
        "What may bring as much a month, in yuan",
    ),
    _parameter(
        "avoid", {"type": "array", "items": _words(Demand)}, "What makes none of these demands"
    ),
    _parameter("hours", _words(Hours), "By day, on weekdays, or at one's own time"),
    _parameter("reserved", _words(ReservedFor), "What is kept for these people alone"),
    _parameter("sort", _words(Sort), "Best paid or nearest first; without it the newest"),
    _parameter("page", {"type": "integer", "minimum": 1, "maximum": MOST_PAGES}, "From 1"),
]


def _answer(what: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": what, "content": {"application/json": {"schema": schema}}}


def describe(*, server: str) -> dict[str, Any]:
    """Return the description for the ``server`` (its address without a slash at the end)."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "富民 · 华龙家园：机会",
            "version": "1.0.0",
            "description": "Open vacancies, piecework, courses and ventures, newest first.",
        },
        "servers": [{"url": server}],
        "paths": {
            "/api/v1/openings": {
                "get": {
                    "operationId": "listOpenings",
                    "summary": f"A page of at most {SIZE} open openings",
                    "parameters": _PARAMETERS,
                    "responses": {
                        "200": _answer("A page", {"$ref": "#/components/schemas/Page"}),
                        "400": _answer(
                            "A parameter has no such value", {"$ref": "#/components/schemas/Error"}
                        ),
                    },
                }
            },
            "/api/v1/openapi.json": {
                "get": {
                    "operationId": "describe",
                    "summary": "This description",
                    "responses": {"200": _answer("The description", {"type": "object"})},
                }
            },
        },
        "components": {"schemas": {"Opening": _OPENING, "Page": _PAGE, "Error": _ERROR}},
    }
