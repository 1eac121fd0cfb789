"""The blueprint that the caseload's view modules attach to."""

from flask import Blueprint

bp = Blueprint("caseload", __name__)
