"""富民: the portal. ``create_app`` wires the parts together and does nothing else."""

import logging
from importlib import import_module

from flask import Flask, g, request
from flask_babel import Babel
from flask_wtf import CSRFProtect

from webapp import access, audit, crypto, errors, memo, navigation, security, words
from webapp.accounts import sessions
from webapp.accounts.views import wants_large_print
from webapp.converters import IdConverter
from webapp.db import Database, close_reader
from webapp.settings import Settings, from_environment

# Every part of the house with pages, in the order of its addresses.
PARTS = (
    "accounts",
    "admin",
    "branches",
    "caseload",
    "duplicates",
    "employers",
    "figures",
    "imports",
    "learning",
    "matches",
    "messages",
    "openings",
    "piecework",
    "residents",
    "rulebook",
)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from ``settings`` (default: the environment)."""
    settings = settings or from_environment()
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        BABEL_DEFAULT_LOCALE="zh_Hans_CN",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        WTF_CSRF_TIME_LIMIT=12 * 3600,
    )
    app.extensions["settings"] = settings
    app.extensions["database"] = Database(settings.database_url, before_commit=audit.write_pending)
    crypto.load_keys(settings.encryption_keys)
    app.url_map.converters["id"] = IdConverter
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    memo.register(app)
    errors.register(app)
    security.register(app, settings)
    sessions.register(app)
    CSRFProtect(app)
    access.register(app)
    words.register(app)
    app.teardown_appcontext(close_reader)
    for part in PARTS:
        app.register_blueprint(import_module(f"webapp.{part}.views").bp)
    app.register_blueprint(import_module("webapp.health").bp)
    app.context_processor(_page_context)
    return app


def _page_context() -> dict[str, object]:
    """Return what base.html needs on every page."""
    actor = access.current_actor()
    return {
        "area": navigation.area(actor),
        "current_account": actor if actor.role else None,
        "large_print": wants_large_print(),
        "navigation": navigation.items(actor, request.endpoint or ""),
        "request_id": g.get("request_id", ""),
    }


def configure_logging() -> None:
    """Log to standard error, each line with its request's id and without personal data."""
    handler = logging.StreamHandler()
    handler.addFilter(errors.RequestIdFilter())
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # else two lines a tick
