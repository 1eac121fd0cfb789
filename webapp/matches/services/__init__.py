"""Services of matches, by subject; what pages and other parts call."""

from webapp.engine.suggestion_requests import request_suggestions
from webapp.matches.services.closures import (
    close_opening_matches,
    end_matches_of_employer,
    leave_job,
    undo_hire,
    withdraw_all,
    withdraw_from_employer,
)
from webapp.matches.services.contracts import add_contract_photos
from webapp.matches.services.employer_decisions import (
    hire,
    invite,
    judge_remark,
    mark_seen,
    offer_job,
    refuse,
)
from webapp.matches.services.employer_invitations import ask_for
from webapp.matches.services.employer_reminders import chase_employers
from webapp.matches.services.follow_ups import close_one_sided, say_still_there
from webapp.matches.services.interview_wishes import ask_other_time, can_come, keep_time
from webapp.matches.services.offer_expiry import time_out_offers
from webapp.matches.services.resident_answers import (
    apply_directly,
    decline,
    give_decline_reason,
    say_interested,
    share_and_apply,
    withdraw,
)
from webapp.matches.services.staff_decisions import (
    confirm_many,
    confirm_match,
    dismiss_many,
    dismiss_match,
    postpone_match,
    renew_offer,
    suggest_again,
    suggest_own,
)

__all__ = [
    "add_contract_photos",
    "apply_directly",
    "ask_for",
    "ask_other_time",
    "can_come",
    "chase_employers",
    "close_one_sided",
    "close_opening_matches",
    "confirm_many",
    "confirm_match",
    "decline",
    "dismiss_many",
    "dismiss_match",
    "end_matches_of_employer",
    "give_decline_reason",
    "hire",
    "invite",
    "judge_remark",
    "keep_time",
    "leave_job",
    "mark_seen",
    "offer_job",
    "postpone_match",
    "refuse",
    "renew_offer",
    "request_suggestions",
    "say_interested",
    "say_still_there",
    "share_and_apply",
    "suggest_again",
    "suggest_own",
    "time_out_offers",
    "undo_hire",
    "withdraw",
    "withdraw_all",
    "withdraw_from_employer",
]
