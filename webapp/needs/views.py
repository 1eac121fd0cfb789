"""/employer/needs/ and /staff/needs/: what employers need, and what they are told."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.needs import fit, queries, service
from webapp.needs.forms import AnswerForm, NeedForm
from webapp.needs.models import StaffingNeed

bp = Blueprint("needs", __name__)


@bp.route("/employer/needs/", methods=["GET", "POST"])
@requires(Permission.OPENING_SUBMIT)
def mine() -> ResponseReturnValue:
    """Tell a need, and see what was told before."""
    form = NeedForm()
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.tell,
                _told,
                url_for(".mine"),
                words=form.words.data or "",
                people=form.people.data or 1,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    needs = queries.of_employer(current_actor().employer_id)
    page = render_template("needs/mine.html", form=form, page=paginate(reader(), needs))
    return page, 400 if form.is_submitted() else 200


@bp.get("/staff/needs/")
@requires(Permission.OPENING_REVIEW)
def index() -> str:
    """All needs, those that wait first."""
    return render_template("needs/index.html", page=paginate(reader(), queries.all_needs()))


@bp.get("/staff/needs/<id:need_id>")
@requires(Permission.OPENING_REVIEW)
def show(need_id: int) -> str:
    """One need, with the way to people who fit."""
    return _page(need_id, AnswerForm(formdata=None))


@bp.post("/staff/needs/<id:need_id>/answer")
@requires(Permission.OPENING_REVIEW)
def answer(need_id: int) -> ResponseReturnValue:
    """Say something to the employer."""
    form = AnswerForm()
    if form.validate_on_submit():
        return write_and_redirect(
            service.answer,
            _("回好了，单位登录后看得到"),
            url_for(".show", need_id=need_id),
            need_id=need_id,
            words=form.words.data or "",
        )
    return _page(need_id, form), 400


def _page(need_id: int, form: AnswerForm) -> str:
    need = queries.get(reader(), need_id)
    employer, told_by, answered_by = queries.people_of(reader(), need)
    read = fit.read(need.words)
    return render_template(
        "needs/show.html",
        need=need,
        form=form,
        employer=employer,
        told_by=told_by,
        answered_by=answered_by,
        search=read.text if read else need.words,
    )


def _told(need: StaffingNeed) -> str:
    read = fit.read(need.words)
    sentence = _("社区里有人合适，工作人员会来联系您。") if need.some_fit else _(
        "现在还没有合适的人，社区记下了，有了就告诉您。"
    )  # fmt: skip
    if read and read.left_out:
        sentence += _("年龄、住哪里这些不拿来找人：%(what)s。", what="、".join(read.left_out))
    return sentence
