"""The blueprint of standing services."""

from flask import Blueprint

bp = Blueprint("standing_services", __name__)
