"""/staff/residents/<id>/card: a login card for somebody without a password."""

import segno
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.accounts import cards
from webapp.accounts.forms import CardForm
from webapp.branches.queries.members import serving_phone
from webapp.core import passwords
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import Forbidden, NotFound
from webapp.core.formfields import EmptyForm
from webapp.core.posting import write_and_redirect
from webapp.residents import policy
from webapp.residents.blueprint import bp
from webapp.residents.services import login_cards
from webapp.residents.views.file_urls import resident_at, staff_file


@bp.route("/staff/residents/<id:resident_id>/card", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def login_card(resident_id: int) -> ResponseReturnValue:
    """The card somebody has, and a new one whose PIN they type themself."""
    urls = staff_file(resident_id)
    resident = resident_at(urls)
    if not policy.can_reset_password(current_actor(), resident):
        raise Forbidden
    form = CardForm()
    if not form.validate_on_submit():
        card = cards.card_of(reader(), resident.account_id)
        page = render_template(
            "residents/login_card.html",
            urls=urls,
            resident=resident,
            card=card,
            locked=card is not None and card.tries >= cards.TRIES,
            form=form,
        )
        return page, 400 if form.errors else 200
    return write_and_redirect(
        login_cards.issue,
        _("卡办好了，打印出来交给本人。以前的卡作废了。"),
        url_for("residents.login_card", resident_id=resident_id),
        resident_id=resident_id,
        pin_hash=passwords.hash_password(form.pin.data),
    )


@bp.post("/staff/residents/<id:resident_id>/card/print")
@requires(Permission.RESIDENT_MANAGE)
def print_card(resident_id: int) -> ResponseReturnValue:
    """The card for paper, on this one answer; its reading is audited."""
    if not EmptyForm().validate_on_submit():
        return redirect(url_for("residents.login_card", resident_id=resident_id), 303)
    actor = current_actor()
    with get_db().transaction(actor) as session:
        code = login_cards.read_for_printing(session, actor, resident_id=resident_id)
    if code is None:
        raise NotFound
    address = url_for("accounts.card", code=code, _external=True)
    drawn = segno.make(address, error="m").svg_inline(omitsize=True, border=0)
    return render_template(
        "residents/login_card_print.html",
        code=code,
        qr=Markup(drawn),  # noqa: S704 - drawn by segno from our own address
        phone=serving_phone(reader()),
        paper="a6",
        back_href=url_for("residents.login_card", resident_id=resident_id),
    )


@bp.post("/staff/residents/<id:resident_id>/card/revoke")
@requires(Permission.RESIDENT_MANAGE)
def revoke_card(resident_id: int) -> ResponseReturnValue:
    """Take the card back."""
    onward = url_for("residents.login_card", resident_id=resident_id)
    if not EmptyForm().validate_on_submit():
        return redirect(onward, 303)
    return write_and_redirect(login_cards.revoke, _("卡作废了。"), onward, resident_id=resident_id)
