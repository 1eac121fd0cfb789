"""Addresses of a resident's file: under /me/ for the person, /staff/residents/ for staff."""

from dataclasses import dataclass

from flask import url_for

from webapp.core.access import current_actor
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.residents.models import Resident
from webapp.residents.services import registration


@dataclass(frozen=True)
class FileUrls:
    """Where a resident's file is being read: ``own`` by the person, else by staff."""

    resident_id: int
    own: bool

    @property
    def overview(self) -> str:
        """The address of the whole file."""
        return self._href("residents.my_profile", "caseload.resident")

    @property
    def sensitive(self) -> str:
        """The address of the sensitive facts."""
        return self._href("residents.my_sensitive", "residents.sensitive")

    @property
    def end(self) -> str:
        """The address of the page that ends the service."""
        return self._href("privacy.leave", "caseload.end_service")

    def section(self, key: str) -> str:
        """Return the address of one section's form."""
        return self._href("residents.my_section", "residents.section", section=key)

    def remove_experience(self, experience_id: int) -> str:
        """Return where to send that a past job is to go."""
        return self._href(
            "residents.my_remove_experience",
            "residents.remove_experience",
            experience_id=experience_id,
        )

    def withdraw(self, consent_id: int) -> str:
        """Return where to send that a consent is withdrawn."""
        return self._href("privacy.my_withdraw", "privacy.withdraw", consent_id=consent_id)

    def _href(self, own: str, staff: str, **values: object) -> str:
        if self.own:
            return url_for(own, **values)  # type: ignore[arg-type]
        return url_for(staff, resident_id=self.resident_id, **values)  # type: ignore[arg-type]


def my_file() -> FileUrls:
    """Return the addresses of the signed-in resident's own file."""
    resident_id = current_actor().resident_id
    if resident_id is None:  # an account that lost its file
        raise NotFound
    return FileUrls(resident_id, own=True)


def staff_file(resident_id: int) -> FileUrls:
    """Return staff's addresses of a resident's file."""
    return FileUrls(resident_id, own=False)


def resident_at(urls: FileUrls) -> Resident:
    """Return the resident of ``urls``, read; 404 for one the actor may not see."""
    return registration.get_resident(reader(), current_actor(), urls.resident_id)
