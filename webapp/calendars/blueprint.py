"""The blueprint that the calendar pages hang on."""

from flask import Blueprint

bp = Blueprint("calendars", __name__)
