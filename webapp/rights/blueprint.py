"""The blueprint of rights and income."""

from flask import Blueprint

bp = Blueprint("rights", __name__)
