"""The pages of messages: of residents, employers, staff and the admin.

Importing the files by role hangs their pages on the blueprint.
"""

from webapp.messages.blueprint import bp
from webapp.messages.views import admin, employer, resident, staff

__all__ = ["admin", "bp", "employer", "resident", "staff"]
