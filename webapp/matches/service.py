"""The verbs of this part that other parts and the pages use, by subject in their own files."""

from webapp.matches.answers import ask_oneself, decline, say_interested, share_and_apply, withdraw
from webapp.matches.decisions import (
    confirm_many,
    confirm_match,
    dismiss_many,
    dismiss_match,
    postpone_match,
    renew_offer,
    suggest_again,
    suggest_own,
)
from webapp.matches.endings import (
    close_opening_matches,
    leave_job,
    withdraw_all,
    withdraw_from_employer,
)
from webapp.matches.hiring import follow_up_next, hire, invite, mark_seen, offer_job, refuse
from webapp.matches.offers import time_out_offers
from webapp.matches.requests import request_suggestions

__all__ = [
    "ask_oneself",
    "close_opening_matches",
    "confirm_many",
    "confirm_match",
    "decline",
    "dismiss_many",
    "dismiss_match",
    "follow_up_next",
    "hire",
    "invite",
    "leave_job",
    "mark_seen",
    "offer_job",
    "postpone_match",
    "refuse",
    "renew_offer",
    "request_suggestions",
    "say_interested",
    "share_and_apply",
    "suggest_again",
    "suggest_own",
    "time_out_offers",
    "withdraw",
    "withdraw_all",
    "withdraw_from_employer",
]
