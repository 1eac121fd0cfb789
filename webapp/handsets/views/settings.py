"""/manifest.webmanifest for browsers, /me/handset for the person who holds the telephone."""

from flask import Response, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from webapp.core import clock
from webapp.core.access import Permission, public, requires
from webapp.core.db import reader
from webapp.core.memo import page_url
from webapp.core.static_files import static_url
from webapp.handsets import queries
from webapp.handsets.blueprint import bp
from webapp.handsets.forms import SubscriptionForm
from webapp.notices import push_key
from webapp.rulebook.figures import rule

GROUND, ACTIONS = "#FBF8F3", "#0B5D5B"  # of LOOK.md, as in fumin.css
# File, side in pixels, what a telephone may do with it (W3C Web App Manifest, `purpose`).
_ICONS = (
    ("icons/icon-192.png", 192, "any"),
    ("icons/icon-512.png", 512, "any"),
    ("icons/maskable-512.png", 512, "maskable"),
)
_SHORTCUTS = (
    ("openings.index", lazy_gettext("找活路")),
    ("messages.my_inbox", lazy_gettext("消息")),
    ("branches.help", lazy_gettext("求助")),
)


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What a telephone needs to put the portal among its own programs."""
    content = {
        "id": page_url("home.index"),
        "name": _("富民"),
        "short_name": _("富民"),
        "description": _("华龙家园社区：找活路、学手艺、做手工、有话说"),
        "lang": "zh-CN",
        "start_url": page_url("home.resident"),
        "scope": page_url("home.index"),
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": ACTIONS,
        "icons": [
            {
                "src": static_url(name),
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, side, purpose in _ICONS
        ],
        "shortcuts": [
            {"name": str(words), "url": page_url(endpoint)} for endpoint, words in _SHORTCUTS
        ],
    }
    answer = jsonify(content)
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "max-age=86400"
    return answer


@bp.get("/me/handset")
@requires(Permission.RESIDENT_SELF)
def handset() -> ResponseReturnValue:
    """How to have the portal at hand on one's telephone."""
    return settings_page()


def settings_page(*, push_form: SubscriptionForm | None = None) -> str:
    """Draw the page; ``push_form`` is one that was filled in wrongly."""
    key = push_key.load(current_app.extensions["settings"].push_key)
    return render_template(
        "handsets/handset.html",
        back=url_for("home.resident"),
        kept_days=rule("kept_page_days", on=clock.today()),
        push_form=push_form or SubscriptionForm(formdata=None),
        push_public=key.public if key else "",
        shows_notices=queries.shows_notices(reader(), current_user.token),
    )
