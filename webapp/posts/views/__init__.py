"""Views of posts: for everybody, for readers of feeds, at the desk."""

from webapp.posts.blueprint import bp
from webapp.posts.views import feeds, public, staff, staff_public

__all__ = ["bp", "feeds", "public", "staff", "staff_public"]
