"""Headers and limits that hold for every request."""

from flask import Flask, Response, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.core.access import current_actor
from webapp.core.errors import Refused
from webapp.core.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'; report-uri /csp-reports"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Two years and names below this one too: what browsers' lists of such hosts ask for.
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"
MAX_BODY = 8 * 1024 * 1024
MAX_FORM = 512 * 1024


def register(app: Flask, settings: Settings) -> None:
    """Set body limits, cookies, trusted hosts and response headers."""
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_FORM,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_NAME="fumin",
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
    )
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    app.before_request(_refuse_nul)
    app.after_request(_headers)


def _refuse_nul() -> None:
    # PostgreSQL cannot store NUL and no keyboard types it.
    values = [*request.args.values(), *(request.view_args or {}).values()]
    if request.method == "POST":
        values += request.form.values()
    if any(isinstance(value, str) and "\x00" in value for value in values):
        raise Refused


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    if request.endpoint != "static" and (current_actor().role or request.method == "POST"):
        response.headers["Cache-Control"] = "no-store"
    return response
