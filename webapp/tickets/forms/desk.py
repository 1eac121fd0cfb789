"""Forms of staff's desk, one a step; ``arguments`` are what its service takes. In Chinese."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional

from webapp.branches.models import Branch
from webapp.branches.queries.members import Member
from webapp.core.converters import LARGEST_ID
from webapp.core.formfields import KeyedForm, as_choices, at_most, choices, required, tidy
from webapp.tickets.lifecycle import Outcome, Rating, TicketKind, Urgency
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import publishing

LONGEST = 1000


def words_field(label: Any, ask: Any, hint: Any = "") -> TextAreaField:
    """Return a field of words that must be filled in."""
    return TextAreaField(
        label,
        filters=[tidy],
        validators=[required(ask), at_most(LONGEST)],
        description=hint,
    )


def inside_field() -> TextAreaField:
    """Return a field of words for the colleagues alone."""
    return TextAreaField(
        _("给同事看的话"), filters=[tidy], validators=[Optional(), at_most(LONGEST)]
    )


class StepForm(KeyedForm):
    """A step that asks for nothing: a button."""

    def offer(self, ticket: Ticket, branches: Iterable[Branch], members: Iterable[Member]) -> None:
        """Set the choices and first values that depend on the ticket."""

    def arguments(self) -> dict[str, Any]:
        """Return what the service takes beside the ticket."""
        return {
            name: field.data or ""
            for name, field in self._fields.items()
            if name not in {"idempotency_key", "csrf_token"}
        }


class SortForm(StepForm):
    """What it is, how soon, and which branch leads."""

    branch_id = RadioField(_("归哪个支部"), coerce=int, validators=[required(_("请选一个支部"))])
    kind = RadioField(
        _("是哪一种事"),
        choices=choices(TicketKind),
        validators=[required(_("请选一种"))],
    )
    urgency = RadioField(
        _("有多急"), choices=choices(Urgency), validators=[required(_("请选一样"))]
    )
    is_private = BooleanField(_("不公开，只有本支部看得到"))
    about_account_id = SelectField(_("说的是哪一位工作人员"), coerce=int, validators=[Optional()])

    def offer(self, ticket: Ticket, branches: Iterable[Branch], members: Iterable[Member]) -> None:
        """Offer the branches; the members only for what is said of one of them."""
        self.branch_id.choices = as_choices(
            (one.id, f"{one.name}：{one.purpose}") for one in branches
        )
        if ticket.about_staff:
            self.about_account_id.choices = as_choices(
                [(0, _("还不知道是谁")), *((one.account_id, one.name) for one in members)]
            )
        else:
            del self.about_account_id
        if not self.is_submitted():
            self.branch_id.data = ticket.branch_id
            self.kind.data = ticket.kind.value if ticket.kind else None
            self.urgency.data = ticket.urgency.value
            self.is_private.data = ticket.is_private
            if ticket.about_staff:
                self.about_account_id.data = ticket.about_account_id or 0

    def fill_in(self, branch_id: int | None, kind: TicketKind, urgency: Urgency) -> None:
        """Put in what is suggested where nobody has said anything yet; danger stays danger."""
        self.branch_id.data = self.branch_id.data or branch_id
        self.kind.data = self.kind.data or kind.value
        if self.urgency.data != Urgency.DANGER:
            self.urgency.data = urgency.value

    def arguments(self) -> dict[str, Any]:
        """Return the words as the service knows them."""
        about = self.about_account_id.data if "about_account_id" in self else 0
        return {
            "branch_id": self.branch_id.data,
            "kind": TicketKind(self.kind.data),
            "urgency": Urgency(self.urgency.data),
            "is_private": self.is_private.data,
            "about_account_id": about or None,
        }


class HandsForm(StepForm):
    """Who has it in hand, and who stands in."""

    owner_id = SelectField(
        _("责任人"),
        coerce=int,
        validators=[required(_("请选一位")), NumberRange(min=1, message=_("请选一位"))],
    )
    backup_id = SelectField(
        _("后备"),
        coerce=int,
        validators=[required(_("请选一位")), NumberRange(min=1, message=_("请选一位"))],
        description=_("责任人不在、过期了，找这一位"),
    )

    def offer(self, ticket: Ticket, branches: Iterable[Branch], members: Iterable[Member]) -> None:
        """Offer the members of the branch in the lead first, without whom it is about."""
        names = {one.id: one.name for one in branches}
        ranked = sorted(members, key=lambda one: (one.branch_id != ticket.branch_id, one.branch_id))
        pairs = [
            (one.account_id, f"{one.name}（{names.get(one.branch_id, '')}）")
            for one in ranked
            if one.account_id != ticket.about_account_id
        ]
        for field, now in ((self.owner_id, ticket.owner_id), (self.backup_id, ticket.backup_id)):
            field.choices = as_choices([(0, _("请选")), *pairs])
            if not self.is_submitted():
                field.data = now or 0

    def propose(self, owner_id: int, backup_id: int) -> None:
        """Choose two first, where nobody has it yet and both may take it."""
        offered = {choice.value for choice in self.owner_id.choices or ()}
        if not self.is_submitted() and {owner_id, backup_id} <= offered and owner_id != backup_id:
            self.owner_id.data, self.backup_id.data = owner_id, backup_id


class ReassignForm(HandsForm):
    """Others take it over."""

    inside_words = inside_field()


class StartForm(StepForm):
    """The work begins."""

    words = TextAreaField(
        _("办到哪一步，接下来怎么办"), filters=[tidy], validators=[Optional(), at_most(LONGEST)]
    )


class AskForm(StepForm):
    """The reporter has to say something first."""

    words = words_field(
        _("问本人什么"), _("请写要问什么"), _("回话以前钟停着；最多停十个工作日，过了接着算")
    )


class ResumeForm(StepForm):
    """The reporter said it by telephone."""

    inside_words = words_field(_("本人怎么说的"), _("请写本人怎么回的话"))


class ExtendForm(StepForm):
    """A longer limit, once."""

    days = IntegerField(
        _("延几个工作日"), validators=[required(_("请填几天")), NumberRange(min=1, max=30)]
    )
    words = TextAreaField(
        _("为什么"),
        filters=[tidy],
        validators=[required(_("请写明缘由，本人看得到")), at_most(200)],
    )

    def arguments(self) -> dict[str, Any]:
        """Return days and reason."""
        return {"days": self.days.data, "words": self.words.data}


class ReplyForm(StepForm):
    """An answer to the reporter."""

    words = words_field(
        _("怎么答复本人"),
        _("请写答复，本人会看到"),
        _("说清楚做了什么、还要等什么。公开的件，大家都看得到这几句，别写姓名、电话、门牌"),
    )
    inside_words = inside_field()


class ReferForm(StepForm):
    """Somebody else decides it."""

    where = StringField(
        _("转给哪里"), filters=[tidy], validators=[required(_("请填哪个单位")), at_most(60)]
    )
    reference = StringField(
        _("文号，或者谁收的"),
        filters=[tidy],
        validators=[required(_("请填文号或者收的人，到时候好找")), at_most(60)],
    )
    words = words_field(_("怎么告诉本人"), _("请写几句，本人会看到"))


class InsideForm(StepForm):
    """Something for the colleagues that has to be said."""

    inside_words = words_field(_("记什么"), _("请写几句"))


class EndForm(StepForm):
    """Not for the community, or thanks: with an answer."""

    words = words_field(_("怎么告诉本人"), _("请写几句，本人会看到"))


class MergeForm(StepForm):
    """The same as an earlier one."""

    first_id = IntegerField(
        _("跟第几件是一回事"),
        validators=[
            required(_("请填那一件的号")),
            NumberRange(min=1, max=LARGEST_ID, message=_("没有这一件")),
        ],
        description=_("填最先那一件的号，本人以后跟着看那一件"),
    )
    inside_words = inside_field()


class OutcomeForm(StepForm):
    """What the reporter said on the telephone."""

    outcome = RadioField(
        _("本人说解决了没有"),
        choices=as_choices((one.value, one.label) for one in Outcome),
        validators=[required(_("请选一样"))],
        description=_("没有解决的，自动重新办。没联系上，要打满三次、不在同一天打的"),
    )
    rating = RadioField(_("满意不满意"), choices=choices(Rating), validators=[Optional()])
    inside_words = inside_field()

    def arguments(self) -> dict[str, Any]:
        """Return the words as the service knows them."""
        return {
            "outcome": Outcome(self.outcome.data),
            "rating": Rating(self.rating.data) if self.rating.data else None,
            "inside_words": self.inside_words.data or "",
        }


class PublishForm(StepForm):
    """What everybody may read of it."""

    words = TextAreaField(
        _("大家看到的话"),
        filters=[tidy],
        validators=[required(_("请写几句")), at_most(publishing.MOST_WORDS)],
        description=_("读一遍：有姓名、电话、门牌、身体情况的，删掉再公开"),
    )

    def offer(self, ticket: Ticket, branches: Iterable[Branch], members: Iterable[Member]) -> None:
        """Begin with what the reporter wrote."""
        if not self.is_submitted():
            self.words.data = ticket.published_words or ticket.words
