"""Which limits a try at a password falls under.

The pattern is OWASP's "device cookies": a browser that once signed in to an account carries a
signed cookie and is counted by itself; all other browsers share the account's count. So a
stranger guessing at an account never locks out its owner's own phone. IP addresses have a
generous count of their own: a whole estate may share one.
"""

from datetime import timedelta

from webapp.core.rate_limits import Limit

WINDOW = timedelta(minutes=15)
DAY = timedelta(days=1)
PER_ACCOUNT = 8
PER_DEVICE = 8
PER_ADDRESS = 60
ACCOUNTS_PER_ADDRESS = 12
CODE_WINDOW = timedelta(minutes=30)
CODES_PER_ACCOUNT = 3
CODES_PER_NUMBER = 5
CODES_PER_ADDRESS = 30
JOINS_PER_WEEK = 3
WEEK = timedelta(days=7)


def of_account(phone: str, device: str | None) -> Limit:
    """Return the limit of one account's sign-in.

    ``device`` is the id of a browser known to this very account, else ``None``.
    """
    if device:
        return Limit(f"device:{phone}:{device}", PER_DEVICE, WINDOW)
    return Limit(f"phone:{phone}", PER_ACCOUNT, WINDOW)


def of_address(address: str) -> Limit:
    """Return the limit of tries from one address, whichever account they name."""
    return Limit(f"address:{address}", PER_ADDRESS, WINDOW)


def of_password(account_id: int) -> Limit:
    """Return the limit of an account's own tries to change its password."""
    return Limit(f"password:{account_id}", PER_ACCOUNT, WINDOW)


def of_cards(address: str) -> Limit:
    """Return the limit of tries at login cards from one address."""
    return Limit(f"card-address:{address}", PER_ADDRESS, WINDOW)


def of_new_accounts(address: str) -> Limit:
    """Return the limit of accounts that people open from one address in a day."""
    return Limit(f"new-account:{address}", ACCOUNTS_PER_ADDRESS, DAY)


def of_phone_codes(account_id: int, phone: str, address: str) -> list[Limit]:
    """Return the limits of codes sent: to one account, to one number, from one address."""
    return [
        Limit(f"code-account:{account_id}", CODES_PER_ACCOUNT, CODE_WINDOW),
        Limit(f"code-number:{phone}", CODES_PER_NUMBER, DAY),
        Limit(f"code-address:{address}", CODES_PER_ADDRESS, DAY),
    ]


def of_recovery(phone: str, address: str) -> list[Limit]:
    """Return the limits of codes for a forgotten password: to one number, from one address."""
    return [
        Limit(f"recovery-number:{phone}", CODES_PER_ACCOUNT, CODE_WINDOW),
        Limit(f"code-number:{phone}", CODES_PER_NUMBER, DAY),
        Limit(f"code-address:{address}", CODES_PER_ADDRESS, DAY),
    ]


def of_join_requests(resident_id: int) -> Limit:
    """Return the limit of requests of one person to join a household."""
    return Limit(f"join:{resident_id}", JOINS_PER_WEEK, WEEK)
