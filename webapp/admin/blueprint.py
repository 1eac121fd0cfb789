"""The blueprint of the administration; the views add themselves to it."""

from flask import Blueprint

bp = Blueprint("admin", __name__)
