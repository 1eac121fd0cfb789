"""The blueprint of what of the portal lives on a person's telephone."""

from flask import Blueprint

bp = Blueprint("handsets", __name__)
