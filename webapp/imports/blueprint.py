"""The blueprint that the imports' view modules attach to."""

from flask import Blueprint

bp = Blueprint("imports", __name__)
