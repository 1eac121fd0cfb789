"""Whatever the whole suite writes into the audit trail has Chinese words, or the test fails.

Names that the code puts together from parts are found by no walk through the source; here each
entry that any test has written is looked at as it is written. Actions ``test.…`` are the tests'.
"""

from typing import Any

from sqlalchemy import event

from webapp.admin.presentation.audit import ACTIONS, FORMER_ACTIONS, FORMER_SUBJECTS, SUBJECTS
from webapp.admin.presentation.details import KEYS
from webapp.core.models import AuditEvent


def without_words(action: str, subject: str, details: dict[str, Any]) -> list[str]:
    """Return what of an entry has no words."""
    table = subject.partition(":")[0]
    return [
        *([action] if action not in {*ACTIONS, *FORMER_ACTIONS} else []),
        *([table] if table not in {*SUBJECTS, *FORMER_SUBJECTS} else []),
        *(key for key in details if key not in KEYS),
    ]


def watch() -> None:
    """Look at every entry from now on."""
    event.listen(AuditEvent, "before_insert", _look)


def _look(_mapper: object, _connection: object, row: AuditEvent) -> None:
    if not row.action.startswith("test."):
        missing = without_words(row.action, row.subject, row.details)
        assert missing == [], f"{row.action} of {row.subject}: no Chinese words for {missing}"
