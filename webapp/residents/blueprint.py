"""Where the pages of residents hang; each views_*.py adds its own."""

from flask import Blueprint

bp = Blueprint("residents", __name__)
