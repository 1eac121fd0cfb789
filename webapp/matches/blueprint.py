"""The blueprint that the pages of matches hang on."""

from flask import Blueprint

bp = Blueprint("matches", __name__)
