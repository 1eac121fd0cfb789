"""The blueprint that the view modules of the branches attach to."""

from flask import Blueprint

bp = Blueprint("branches", __name__)
