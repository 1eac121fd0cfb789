"""The blueprint that the openings' view modules attach to."""

from flask import Blueprint

from webapp.openings.kind_words import by_kind

bp = Blueprint("openings", __name__)
bp.add_app_template_filter(by_kind)
