"""The blueprint of the pages of matches."""

from flask import Blueprint

bp = Blueprint("matches", __name__)
