"""The blueprint that the employers' view modules attach to."""

from flask import Blueprint

bp = Blueprint("employers", __name__)
