"""Application errors with their HTTP status, and the handlers that turn them into pages."""

import logging
import uuid
from dataclasses import dataclass

from flask import Flask, Response, g, has_request_context, jsonify, render_template, request
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

log = logging.getLogger(__name__)


class AppError(Exception):
    """Something a person did cannot be done; ``message`` tells them why, in plain Chinese."""

    status = 400

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class Refused(AppError):
    """The input breaks a rule."""

    status = 400


@dataclass(frozen=True)
class Fault:
    """What stands in the way of publishing: the form's field and a plain sentence."""

    field: str
    message: str


class BadField(Refused):
    """One field cannot stand as it is; ``field`` is its name in the form."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Incomplete(Refused):
    """The opening lacks what the law asks for, or says what it forbids."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("；".join(fault.message for fault in faults))
        self.faults = faults


class Forbidden(AppError):
    """The actor may not do this."""

    status = 403


class NotFound(AppError):
    """There is no such thing, or it is not the actor's to see."""

    status = 404


class Conflict(AppError):
    """Someone else was first, or the thing has moved on."""

    status = 409


class Gone(AppError):
    """It was there once: expired or closed."""

    status = 410


class TooMany(AppError):
    """Too many tries; ``retry_after`` is in seconds."""

    status = 429

    def __init__(self, message: str = "", *, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


PAGES = {
    400: (_("这一步没有做成"), _("填的内容有问题，请退回上一页检查。什么都没有改动。")),
    403: (_("这里您进不去"), _("这一页是给别的角色用的。如果您觉得不对，请联系社区。")),
    404: (_("没有找到这一页"), _("可能地址写错了，或者内容已经撤下。")),
    405: (_("这一步没有做成"), _("请从页面上的按钮进来。")),
    409: (_("情况有变"), _("刚才已经有人处理了，请刷新看看最新情况。")),
    410: (_("已经结束了"), _("这条信息已过期或已撤下，看看别的吧。")),
    413: (_("文件太大了"), _("请换一个小一点的文件再传。")),
    415: (_("这种文件看不懂"), _("请换一种文件再传。")),
    429: (_("太快了，歇一歇"), _("操作太频繁，请过几分钟再试。")),
    500: (_("我们这边出了点问题"), _("已经记下来了，请过一会儿再试。急事请直接打社区电话。")),
}


def register(app: Flask) -> None:
    """Map every error to a page (or JSON under /api/) and give each request an id."""
    app.before_request(_name_request)
    app.register_error_handler(AppError, _app_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)


def _name_request() -> None:
    g.request_id = uuid.uuid4().hex[:12]


def _app_error(error: AppError) -> Response:
    response = _page(error.status, error.message)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _csrf_error(_error: CSRFError) -> Response:
    return _page(400, str(_("页面放得太久了，请退回上一页，刷新后再试一次。")))


def _http_error(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or (error.code or 500) < 400:  # a redirect raised on the way
        return error
    if isinstance(error, InternalServerError):
        log.error("unhandled error on %s", request.path, exc_info=error.original_exception)
    response = _page(error.code or 500, "")
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _page(status: int, message: str) -> Response:
    title, usual = PAGES.get(status, PAGES[500 if status >= 500 else 400])
    if request.path.startswith("/api/"):
        response = jsonify(error={"status": status, "message": message or str(usual)})
    else:
        html = render_template(
            "error.html",
            status=status,
            heading=title,
            message=message or usual,
            request_id=g.get("request_id", ""),
        )
        response = Response(html)
    response.status_code = status
    return response


class RequestIdFilter(logging.Filter):
    """Put the request's id into every log line; a line outside a request has ``-``."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add ``request_id`` to the record; nothing is filtered out."""
        record.request_id = g.get("request_id", "-") if has_request_context() else "-"
        return True
