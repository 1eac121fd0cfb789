"""Views of posts: for everybody, for readers of feeds, at the desk."""

from webapp.posts.blueprint import bp
from webapp.posts.views import digest, feeds, public, staff, staff_public

__all__ = ["bp", "digest", "feeds", "public", "staff", "staff_public"]
