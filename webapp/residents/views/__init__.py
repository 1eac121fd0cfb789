"""The pages of a resident's file. Importing them adds them to the blueprint."""

from webapp.residents.blueprint import bp
from webapp.residents.views import (
    household,
    joining,
    login_cards,
    phone,
    profile,
    recovery,
    registration,
    sensitive,
)

__all__ = [
    "bp",
    "household",
    "joining",
    "login_cards",
    "phone",
    "profile",
    "recovery",
    "registration",
    "sensitive",
]
