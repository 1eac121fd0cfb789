"""The blueprint of the supervision page; the views add themselves to it."""

from flask import Blueprint

bp = Blueprint("oversight", __name__)
