"""The blueprint of tickets."""

from flask import Blueprint

bp = Blueprint("tickets", __name__)
