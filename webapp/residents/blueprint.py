"""The blueprint of residents' pages; each module in ``views`` adds its own."""

from flask import Blueprint

bp = Blueprint("residents", __name__)
