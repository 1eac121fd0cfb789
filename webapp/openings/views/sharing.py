"""What an opening is handed on as: a slip of paper, a code to scan, the picture beside its link."""

import io

import segno
from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from webapp.core import clock, preview
from webapp.core.access import public
from webapp.openings import policy, presentation
from webapp.openings.blueprint import bp
from webapp.openings.models import Opening
from webapp.openings.views.public import gone, published

_DAY = 24 * 3600
_FOOT = "富民 · 华龙家园社区"


@bp.get("/openings/<id:opening_id>/slip")
@public
def slip(opening_id: int) -> ResponseReturnValue:
    """A slip of A6 to hang up or take along, with the address as a QR code."""
    opening, employer = published(opening_id)
    if not policy.is_open(opening, on=clock.today()):
        return gone(opening)
    code = segno.make(_address(opening_id), error="m").svg_inline(omitsize=True, border=0)
    return render_template(
        "openings/slip.html",
        opening=opening,
        facts=presentation.deciding_facts(opening, employer),
        qr=Markup(code),  # noqa: S704 - drawn by segno from our own address
        paper="a6",
        back_href=url_for("openings.show", opening_id=opening_id),
    )


@bp.get("/openings/<id:opening_id>/code.svg")
@public
def code(opening_id: int) -> ResponseReturnValue:
    """The opening's address, and nothing else, as a QR code for another telephone."""
    opening, _employer = published(opening_id)
    drawn = io.BytesIO()
    segno.make(_address(opening.id), error="m").save(
        drawn, kind="svg", omitsize=True, border=2, light="#fff", xmldecl=False
    )
    return _picture(drawn.getvalue(), "image/svg+xml", f"code-{opening_id}")


@bp.get("/openings/<id:opening_id>/preview.png")
@public
def preview_picture(opening_id: int) -> ResponseReturnValue:
    """The picture that chat groups show beside the link."""
    opening, _employer = published(opening_id)
    pay = presentation.pay_of(opening)
    words = f"{opening.title}，{pay}" if pay else opening.title
    drawn = preview.draw(words, _FOOT, _address(opening_id), font=preview.font_path())
    return _picture(
        drawn, "image/png", f"preview-{opening_id}-{opening.updated_at.timestamp():.0f}"
    )


def text_for_groups(opening: Opening, employer: str, url: str = "") -> str:
    """Return the text to post of an opening; empty if it is not open.

    ``url`` is its page's absolute address where it has one of its own.
    """
    if not policy.is_open(opening, on=clock.today()):
        return ""
    return presentation.share_text(opening, employer, url or _address(opening.id))


def _address(opening_id: int) -> str:
    return url_for("openings.show", opening_id=opening_id, _external=True)


def _picture(content: bytes, mimetype: str, tag: str) -> Response:
    response = make_response(content)
    response.mimetype = mimetype
    response.cache_control.public, response.cache_control.max_age = True, _DAY
    response.set_etag(tag)
    response.make_conditional(request)
    return response
