"""What the pages of residents and of staff share: the link, shown once after it was made."""

from flask import session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.calendars.services import links
from webapp.core.posting import write_and_redirect

_KEY = "calendar_token"


def make_link(page: str, member_id: int | None = None) -> ResponseReturnValue:
    """Make a link and go back to ``page``, which shows it once."""

    def remember(token: str) -> str:
        session[_KEY] = token
        return page

    return write_and_redirect(
        links.make, _("做好了。下面的链接只显示这一次。"), remember, member_id=member_id
    )


def stop_link(page: str) -> ResponseReturnValue:
    """End the link and go back to ``page``."""
    session.pop(_KEY, None)
    return write_and_redirect(links.stop, _("停了。用这个链接的日历不再更新。"), page)


def shown_once() -> dict[str, str]:
    """Return the addresses of a link that was just made: to open, and to copy; else nothing."""
    token = session.pop(_KEY, None)
    if not token:
        return {}
    copied = url_for("calendars.feed", token=token, _external=True)
    return {"copy": copied, "open": f"webcal://{copied.split('://', 1)[1]}"}
