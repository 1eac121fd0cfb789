"""Promises to courses: employers sign and take back, staff look at them and end them."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, Forbidden, NotFound
from webapp.core.formatting import date_words
from webapp.core.posting import write_and_redirect
from webapp.training.blueprint import bp
from webapp.training.forms.orders import OrderForm, SettleForm, WithdrawOrderForm
from webapp.training.lifecycle import OrderState
from webapp.training.queries import catalogue, courses, orders
from webapp.training.services import orders as service


@bp.get("/employer/training/")
@requires(Permission.OPENING_SUBMIT)
def employer_orders() -> str:
    """Courses an employer can promise places to, and what it has promised."""
    return render_template(
        "training/employer_orders.html",
        courses=catalogue.public_courses(reader()),
        orders=orders.employer_orders(reader(), _employer_id()),
    )


@bp.route("/employer/training/<id:course_id>/sign", methods=["GET", "POST"])
@requires(Permission.OPENING_SUBMIT)
def sign_order(course_id: int) -> ResponseReturnValue:
    """Promise to take on some of those who pass a course."""
    view = courses.public_course(reader(), course_id)
    if view is None:
        raise NotFound
    openings = orders.own_vacancies(reader(), _employer_id())
    form = OrderForm().offer(openings)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.sign,
                _("说好了，写在这门课的页上，大家都看得到。"),
                url_for("training.employer_orders"),
                course_id=course_id,
                terms=form.terms(),
            )
        except BadField as error:
            form[error.field].errors = [*form[error.field].errors, error.message]
    page = render_template("training/sign_order.html", form=form, view=view, openings=openings)
    return page, 400 if form.is_submitted() else 200


@bp.route("/employer/training/orders/<id:order_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.OPENING_SUBMIT)
def withdraw_order(order_id: int) -> ResponseReturnValue:
    """Take one's own promise back."""
    return _withdraw(order_id, url_for("training.employer_orders"))


@bp.get("/staff/training/orders")
@requires(Permission.TRAINING_MANAGE)
def staff_orders() -> str:
    """All promises, those that need looking at first."""
    return render_template("training/orders.html", orders=orders.all_orders(reader()))


@bp.route("/staff/training/orders/<id:order_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.TRAINING_MANAGE)
def staff_withdraw_order(order_id: int) -> ResponseReturnValue:
    """Take an employer's promise back for it."""
    return _withdraw(order_id, url_for("training.staff_orders"))


@bp.route("/staff/training/orders/<id:order_id>/settle", methods=["GET", "POST"])
@requires(Permission.TRAINING_MANAGE)
def settle_order(order_id: int) -> ResponseReturnValue:
    """End a promise by what was counted, with the cause where it was not kept."""
    order = service.get_order(reader(), current_actor(), order_id)
    form = SettleForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.settle,
                _("结好了，照数出来的公布。"),
                url_for("training.staff_orders"),
                order_id=order_id,
                cause=form.cause.data,
            )
        except BadField as error:
            form.cause.errors = [*form.cause.errors, error.message]
    outcome = service.outcome_of(reader(), order)
    form.cause.flags.required = outcome is not OrderState.KEPT
    page = render_template(
        "training/settle_order.html",
        form=form,
        view=orders.order_view(reader(), order_id),
        outcome=outcome,
        asks_cause=outcome is not OrderState.KEPT,
        too_early=service.is_too_early(order, outcome),
        until=date_words(order.start_until),
    )
    return page, 400 if form.is_submitted() else 200


def _withdraw(order_id: int, back: str) -> ResponseReturnValue:
    service.get_order(reader(), current_actor(), order_id)
    form = WithdrawOrderForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.withdraw,
                _("收回了，学这门课的人都告诉了。"),
                back,
                order_id=order_id,
                reason=form.reason.data,
            )
        except BadField as error:
            form.reason.errors = [*form.reason.errors, error.message]
    page = render_template(
        "training/withdraw_order.html",
        form=form,
        view=orders.order_view(reader(), order_id),
        back_href=back,
    )
    return page, 400 if form.is_submitted() else 200


def _employer_id() -> int:
    employer_id = current_actor().employer_id
    if employer_id is None:
        raise Forbidden
    return employer_id
