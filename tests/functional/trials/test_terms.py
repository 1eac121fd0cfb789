"""The least pay of a day, the paper of people past retirement age, and how long a day lasts."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.functional.trials.world import DAY
from webapp.core import clock
from webapp.core.vocabulary import PayUnit, Sex
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.trials.lifecycle import Cause, Outcome
from webapp.trials.services import outcome
from webapp.trials.services.days import spans
from webapp.trials.services.terms import agreement_for, least_pay


@pytest.mark.parametrize(
    ("pay", "hours", "least"),
    [
        ({}, ("08:30", "16:30"), 10713),  # 2330 a month over 21.75 days
        ({}, ("08:00", "20:00"), 14730),  # eleven hours and a meal
        ({"pay_month_min_fen": 600000}, ("08:30", "16:30"), 22069),  # 80% of the post
        ({"pay_unit": PayUnit.DAY, "pay_min_fen": 30000}, ("09:00", "17:00"), 24000),
        ({"pay_unit": PayUnit.HOUR, "pay_min_fen": 2500}, ("09:00", "13:00"), 9200),
        ({"pay_unit": PayUnit.HOUR, "pay_min_fen": 4000}, ("22:00", "02:00"), 12800),
        ({"place": "北京市/海淀区", "pay_month_min_fen": None}, ("09:00", "17:00"), 11771),
    ],
)
def test_the_least_pay_of_a_day(app: Flask, write: Any, pay: Any, hours: Any, least: int) -> None:
    with app.app_context(), write() as session:
        opening: Opening = factories.make_opening(session, **pay)
        assert least_pay(opening, DAY, hours) == least


@pytest.mark.parametrize(
    ("born", "sex", "kind"),
    [
        (date(1963, 1, 1), Sex.MALE, "service_agreement"),
        (date(1966, 12, 1), Sex.MALE, "labour"),
        (date(1968, 1, 1), Sex.FEMALE, "service_agreement"),
        (None, None, "labour"),
    ],
)
def test_people_past_the_age_sign_another_paper(app: Flask, born: Any, sex: Any, kind: str) -> None:
    with app.app_context():
        assert agreement_for(Resident(birth_date=born, sex=sex), DAY).value == kind


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    ((start, end),) = spans(DAY, 1, ("22:00", "06:00"))
    assert end - start == timedelta(hours=8)
    whole = spans(DAY, 2, ("", ""))
    assert whole[0][0] == datetime.combine(DAY, time(), clock.LOCAL)
    assert whole[1][1] - whole[0][0] == timedelta(days=2)
    assert outcome.WHY[Outcome.NOT_HELD] is Cause
