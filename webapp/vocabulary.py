"""Words shared by several parts: kinds, schooling, reach, demands, pay units.

The values are those of the ranking library's records; a test holds the two together.
"""

from enum import StrEnum


class Kind(StrEnum):
    """The four kinds of opening."""

    VACANCY = "vacancy"
    PIECEWORK = "piecework"
    COURSE = "course"
    VENTURE = "venture"


class Education(StrEnum):
    """Levels of schooling, lowest first."""

    NONE = "none"
    PRIMARY = "primary"
    JUNIOR_HIGH = "junior_high"
    SENIOR_HIGH = "senior_high"
    VOCATIONAL = "vocational"
    COLLEGE = "college"
    BACHELOR = "bachelor"


class Reach(StrEnum):
    """How far a resident can go, nearest first."""

    HOME = "home"
    ESTATE = "estate"
    STREET = "street"
    DISTRICT = "district"
    CITY = "city"
    ANYWHERE = "anywhere"


class Demand(StrEnum):
    """What work asks of a body; a resident's limits name those they cannot meet."""

    STANDING = "standing"
    WALKING = "walking"
    LIFTING = "lifting"
    STAIRS = "stairs"
    OUTDOORS = "outdoors"
    HEIGHTS = "heights"
    NIGHT = "night"
    FINE_HAND = "fine_hand"
    TWO_HANDS = "two_hands"
    EYESIGHT = "eyesight"
    HEARING = "hearing"
    SPEECH = "speech"
    READING = "reading"
    SMARTPHONE = "smartphone"
    CUSTOMER_CONTACT = "customer_contact"


class PayUnit(StrEnum):
    """What pay is counted by."""

    MONTH = "month"
    DAY = "day"
    HOUR = "hour"
    PIECE = "piece"


class Hours(StrEnum):
    """What kind of hours a list of openings can be narrowed down to."""

    DAYTIME = "daytime"
    OWN_TIME = "own_time"
    WEEKDAYS = "weekdays"


class Sex(StrEnum):
    """Sex as on the identity card; never used in matching."""

    FEMALE = "female"
    MALE = "male"
