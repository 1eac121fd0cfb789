"""The blueprint of earnings statements; the views add themselves to it."""

from flask import Blueprint

bp = Blueprint("statements", __name__)
