"""The pages of messages: of residents, employers, staff and the admin.

Importing the files by role hangs their pages on the blueprint.
"""

from webapp.messages import views_admin, views_employer, views_me, views_staff
from webapp.messages.blueprint import bp

__all__ = ["bp", "views_admin", "views_employer", "views_me", "views_staff"]
