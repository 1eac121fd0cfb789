"""The same pages at two addresses: one's own under /me/, and staff's under /staff/residents/."""

from dataclasses import dataclass

from flask import url_for

from webapp.access import current_actor
from webapp.db import reader
from webapp.errors import NotFound
from webapp.residents import service
from webapp.residents.models import Resident


@dataclass(frozen=True)
class Place:
    """Where a resident's file is being read: ``own`` by the person, else by staff."""

    resident_id: int
    own: bool

    @property
    def overview(self) -> str:
        """The address of the whole file."""
        return self._href("my_profile", "show")

    @property
    def sensitive(self) -> str:
        """The address of the sensitive facts."""
        return self._href("my_sensitive", "sensitive")

    @property
    def end(self) -> str:
        """The address of the page that ends the service."""
        return self._href("leave", "end")

    def section(self, key: str) -> str:
        """Return the address of one section's form."""
        return self._href("my_section", "section", section=key)

    def remove_experience(self, experience_id: int) -> str:
        """Return where to send that a past job is to go."""
        return self._href("my_remove_experience", "remove_experience", experience_id=experience_id)

    def withdraw(self, consent_id: int) -> str:
        """Return where to send that a consent is withdrawn."""
        return self._href("my_withdraw", "withdraw", consent_id=consent_id)

    def _href(self, own: str, staff: str, **values: object) -> str:
        if self.own:
            return url_for(f"residents.{own}", **values)  # type: ignore[arg-type]
        return url_for(f"residents.{staff}", resident_id=self.resident_id, **values)  # type: ignore[arg-type]


def my_place() -> Place:
    """Return the place of the signed-in resident."""
    resident_id = current_actor().resident_id
    if resident_id is None:  # an account that lost its file
        raise NotFound
    return Place(resident_id, own=True)


def staff_place(resident_id: int) -> Place:
    """Return staff's place for a resident."""
    return Place(resident_id, own=False)


def resident_at(place: Place) -> Resident:
    """Return the resident of ``place``, read; 404 for one the actor may not see."""
    return service.get_resident(reader(), current_actor(), place.resident_id)
