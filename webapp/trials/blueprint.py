"""The blueprint of trial days."""

from flask import Blueprint

bp = Blueprint("trials", __name__)
