"""The blueprint shared by the views of ventures."""

from flask import Blueprint

bp = Blueprint("ventures", __name__)
