"""The pages of piecework, by whom they are for."""

from webapp.piecework import views_family, views_passbook
from webapp.piecework.blueprint import bp

__all__ = ["bp", "views_family", "views_passbook"]
