"""Doors, identity numbers, windows of hours, and who may do what with a file."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from webapp.core.access import Actor, Role
from webapp.core.formfields import is_time
from webapp.residents import idnumber, policy
from webapp.residents.models import Resident, ResidentState
from webapp.residents.unit_address import normalise_unit_address

addresses = st.tuples(
    st.integers(1, 999), st.none() | st.integers(1, 99), st.integers(1, 9999).map(str)
)


@given(unit_address=addresses, dash=st.sampled_from(["-", "—", "－", " - "]))
def test_every_way_to_write_a_door_means_the_same(unit_address, dash):
    building, unit, flat = unit_address
    usual = f"{building}栋" + (f"{unit}单元" if unit else "") + f"-{flat}"
    unit_words = f"{unit}单元" if unit else ""
    unit_digits = f"{unit}{dash}" if unit else ""
    for written in (
        usual,
        f"{building}栋{unit_words}{flat}",
        f"华龙家园{building}幢{unit_words}{flat}室",
        f" {building}号楼 {unit_words} {flat}号",
        f"{building}{dash}{unit_digits}{flat}",
    ):
        assert normalise_unit_address(written) == usual
    assert normalise_unit_address(usual) == usual


@given(st.text(max_size=80))
def test_any_text_is_a_door_in_the_usual_form_or_none(text):
    unit_address = normalise_unit_address(text)
    assert unit_address is None or normalise_unit_address(unit_address) == unit_address
    assert unit_address is None or len(unit_address) <= 60


@given(
    area=st.integers(110000, 659999),
    birth=st.dates(date(1900, 1, 1), date(2030, 12, 31)),
    order=st.integers(0, 999),
)
def test_identity_numbers_give_the_birth_date_and_every_slip_is_seen(area, birth, order):
    body = f"{area}{birth:%Y%m%d}{order:03d}"
    number = body + mod_11_2.calc_check_digit(body)
    assert idnumber.birth_date(number) == birth
    wrong = number[:-2] + str((int(number[-2]) + 1) % 10) + number[-1]
    assert idnumber.birth_date(wrong) is None
    masked = idnumber.mask(number)
    assert len(masked) == 18
    assert f"{birth:%Y%m%d}" not in masked


@given(st.text(max_size=30))
def test_any_text_is_no_identity_number_without_a_fault(text):
    assert idnumber.birth_date(text) is None or len(text) == 18


@given(st.text(max_size=8))
def test_a_time_is_five_characters_of_a_day(text):
    if is_time(text):
        hour, minute = text.split(":")
        assert int(hour) * 60 + int(minute) <= 24 * 60


def make(*, state=ResidentState.SEEKING, account_id=7):
    return Resident(id=1, account_id=account_id, branch_id=2, state=state)


STAFF = Actor(account_id=1, role=Role.STAFF, branch_id=1, serves_all=True)  # of 富民
OWN_BRANCH = Actor(account_id=2, role=Role.STAFF, branch_id=2)
OTHER_BRANCH = Actor(account_id=3, role=Role.STAFF, branch_id=3)
CARING = (STAFF, OWN_BRANCH)
SELF = Actor(account_id=7, role=Role.RESIDENT, resident_id=1)
OTHER = Actor(account_id=8, role=Role.RESIDENT, resident_id=2)
EMPLOYER = Actor(account_id=9, role=Role.EMPLOYER, employer_id=3)
ADMIN = Actor(account_id=10, role=Role.ADMIN)


@pytest.mark.parametrize(
    ("question", "assisted", "allowed"),
    [
        (policy.can_view, False, {*CARING, OTHER_BRANCH, SELF}),
        (policy.can_edit, False, {*CARING, SELF}),
        (policy.can_reveal, False, {*CARING}),
        (policy.can_assign, False, {*CARING}),
        (policy.can_open_account, False, set()),
        (policy.can_open_account, True, {*CARING}),
        (policy.can_reset_password, False, {*CARING}),
        (policy.can_reset_password, True, set()),
        (policy.can_end, False, {SELF}),
        (policy.can_end, True, {*CARING, SELF}),
    ],
)
def test_who_may(question, assisted, allowed):
    resident = make(account_id=None if assisted else 7)
    actors = {Actor(), STAFF, OWN_BRANCH, OTHER_BRANCH, SELF, OTHER, EMPLOYER, ADMIN}
    assert {actor for actor in actors if question(actor, resident)} == allowed


def test_the_file_of_somebody_who_left_rests():
    left = make(state=ResidentState.LEFT)
    assert policy.can_view(STAFF, left)
    for question in (policy.can_edit, policy.can_end, policy.can_assign):
        assert not any(question(actor, left) for actor in (STAFF, SELF))
