"""富民: the portal. ``create_app`` wires the parts together and does nothing else."""

from importlib import import_module

from flask import Flask, g, request
from flask_babel import Babel
from flask_login import current_user
from flask_wtf import CSRFProtect

from webapp import reactions
from webapp.accounts import actors
from webapp.accounts.views import wants_large_print, wants_pictures
from webapp.core import (
    access,
    audit,
    compression,
    crypto,
    errors,
    memo,
    posting,
    security,
    signing,
    static_files,
    template_filters,
)
from webapp.core.converters import IdConverter, MonthConverter
from webapp.core.db import Database, close_reader
from webapp.core.settings import Settings, from_environment
from webapp.ops import (
    backup_pages,
    health,
    list_export,
    navigation,
    public_keys,
    running,
    security_pages,
)

# Every part of the house with pages, lower parts first.
PARTS = (
    "accounts",
    "jobs",
    "rulebook",
    "branches",
    "guides",
    "draws",
    "employers",
    "residents",
    "official_facts",
    "employment",
    "openings",
    "bookmarks",
    "matches",
    "piecework",
    "payment_checks",
    "training",
    "trials",
    "statements",
    "ventures",
    "rights",
    "messages",
    "learning",
    "complaints",
    "tickets",
    "standing_services",
    "posts",
    "spot_checks",
    "duplicates",
    "figures",
    "oversight",
    "privacy",
    "caseload",
    "needs",
    "calendars",
    "handsets",
    "home",
    "imports",
    "intake",
    "admin",
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
    signing.use(settings.signing_keys)
    app.url_map.converters.update(id=IdConverter, month=MonthConverter)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    compression.register(app)  # runs last of all
    memo.register(app)
    static_files.register(app)
    errors.register(app)
    security.register(app, settings)
    actors.register(app)
    csrf = CSRFProtect(app)
    access.register(app)
    posting.register(app)
    reactions.register()
    template_filters.register(app)
    app.teardown_appcontext(close_reader)
    for part in PARTS:
        app.register_blueprint(import_module(f"webapp.{part}.views").bp)
    app.register_blueprint(health.bp)
    app.register_blueprint(public_keys.bp)
    app.register_blueprint(list_export.bp)
    app.register_blueprint(running.bp)
    app.register_blueprint(backup_pages.bp)
    app.register_blueprint(security_pages.bp)
    csrf.exempt(security_pages.bp)  # a browser's report carries no token, and moves nothing
    app.context_processor(_page_context)
    return app


def _page_context() -> dict[str, object]:
    """Return what base.html needs on every page."""
    actor = access.current_actor()
    return {
        "area": navigation.area(actor),
        "current_account": actor if actor.role else None,
        "keeps_page": getattr(current_user, "keeps_page", False),
        "session_mark": getattr(current_user, "mark", ""),
        "large_print": wants_large_print(),
        "picture_mode": wants_pictures(),
        "navigation": navigation.drawn(actor, request.endpoint or ""),
        "request_id": g.get("request_id", ""),
    }
