"""The pages of piecework, by whom they are for."""

from webapp.piecework import (
    views_acts,
    views_assist,
    views_company,
    views_desk,
    views_family,
    views_inspect,
    views_money,
    views_passbook,
    views_write,
)
from webapp.piecework.blueprint import bp

__all__ = [
    "bp",
    "views_acts",
    "views_assist",
    "views_company",
    "views_desk",
    "views_family",
    "views_inspect",
    "views_money",
    "views_passbook",
    "views_write",
]
