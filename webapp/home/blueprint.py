"""The blueprint of the first pages: of the public, residents, employers and staff."""

from flask import Blueprint

bp = Blueprint("home", __name__)
