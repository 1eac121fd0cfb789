"""The pages of calendars: a resident's own, the branch's, and the file behind a link.

Importing the files by reader hangs their pages on the blueprint.
"""

from webapp.calendars.blueprint import bp
from webapp.calendars.views import public, resident, staff

__all__ = ["bp", "public", "resident", "staff"]
