"""The blueprint that the openings' view modules attach to."""

from flask import Blueprint

bp = Blueprint("openings", __name__)
