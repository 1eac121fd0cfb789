"""HTTP of the portal on a telephone: the manifest, and the page with its switches."""

from webapp.handsets.blueprint import bp
from webapp.handsets.views import kept_page, notices, settings

__all__ = ["bp", "kept_page", "notices", "settings"]
