"""The blueprint that the view modules of piecework share."""

from flask import Blueprint

bp = Blueprint("piecework", __name__)
