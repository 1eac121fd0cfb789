"""The blueprint shared by the views of posts."""

from flask import Blueprint

bp = Blueprint("posts", __name__)
