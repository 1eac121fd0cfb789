"""The pages of matches: of residents, employers and staff.

Importing the files by subject hangs their pages on the blueprint.
"""

from webapp.matches import views_employer, views_me, views_queue, views_staff
from webapp.matches.blueprint import bp

__all__ = ["bp", "views_employer", "views_me", "views_queue", "views_staff"]
