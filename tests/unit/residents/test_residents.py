"""Doors, identity numbers, windows of hours, and who may do what with a file."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.formfields import is_time
from webapp.residents import idnumber, policy
from webapp.residents.models import Resident, ResidentState
from webapp.residents.unit_address import (
    UnknownUnitAddress,
    known_unit_address,
    normalise_unit_address,
)
from webapp.rulebook.models import RuleFigure

DASHES = st.sampled_from(["-", "—", "－", " - ", "/"])
addresses = st.tuples(
    st.integers(1, 99),
    st.none() | st.integers(1, 12),
    st.integers(1, 40),
    st.integers(1, 99),
)


def in_chinese(number: int) -> str:
    """Return a number below a hundred as people write it: 十二, 三十."""
    signs = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{signs[tens]}十"
    return ten + (signs[ones] if ones else "")


@given(unit_address=addresses, dash=DASHES)
def test_fault_22_every_way_to_write_a_unit_address_means_the_same(unit_address, dash):
    building, unit, floor, number = unit_address
    flat = f"{floor}{number:02d}"
    usual = f"{building}栋" + (f"{unit}单元" if unit else "") + f"-{flat}"
    unit_words = f"{unit}单元" if unit else ""
    unit_digits = f"{unit}{dash}" if unit else ""
    chinese = f"{in_chinese(unit)}单元" if unit else ""
    for written in (
        usual,
        f"{building}栋{unit_words}{flat}",
        f"华龙家园{building}幢{unit_words}{flat}室",
        f" {building}号楼 {unit_words} {flat}号",
        f"{building}{dash}{unit_digits}{flat}",
        f"{building}#{unit_digits}{flat}",
        f"{building}幢{unit_words}{floor}{dash}{number}",
        f"{building}{dash}{unit_digits}{floor}{dash}{number}",
        f"{building}#{unit_digits}{floor}-{number:02d}",
        f"{in_chinese(building)}栋{chinese}{flat}",
        f"{in_chinese(building)}栋{chinese}{in_chinese(floor)}楼{in_chinese(number)}号",
    ):
        assert normalise_unit_address(written) == usual, written
    assert normalise_unit_address(usual) == usual


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("3幢2单元5-1", "3栋2单元-501"),
        ("三栋二单元501", "3栋2单元-501"),
        ("3-2-5-1", "3栋2单元-501"),
        ("3#2-1203", "3栋2单元-1203"),
        ("7#2-1203", "7栋2单元-1203"),
        ("6#1-2-3", "6栋1单元-203"),
        ("十二栋五零一", "12栋-501"),
        ("3栋2单元 0501", "3栋2单元-501"),
        ("3栋5-1", "3栋-501"),
        ("3栋2单元500", None),
        ("0栋2单元501", None),
        ("三千栋501", None),
    ],
)
def test_fault_22_addresses_as_written_in_chongqing(text, usual):
    assert normalise_unit_address(text) == usual


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("99栋9单元999", "没有 99 栋"),
        ("3栋9单元501", "没有 9 单元"),
        ("3栋2单元5001", "没有 50 楼"),
        ("3栋2单元599", "没有 99 号房"),
        ("天上", "看不懂"),
    ],
)
def test_fault_22_what_the_estate_cannot_have_is_refused_with_the_reason(app, text, word):
    with app.test_request_context(), pytest.raises(UnknownUnitAddress, match=word):
        known_unit_address(text, on=date(2026, 11, 1))


def test_fault_22_the_range_is_in_the_rule_book(app, write):
    with write() as session:
        session.add(
            RuleFigure(
                name="estate_buildings",
                value=120,
                unit="buildings",
                since=date(2026, 1, 1),
                source="逐栋核对",
                created_at=clock.now(),
            )
        )
    with app.test_request_context():
        known = known_unit_address("99栋2单元501", on=date(2026, 11, 1))
        assert known == "99栋2单元-501"
        with pytest.raises(UnknownUnitAddress):
            known_unit_address("99栋2单元501", on=date(2025, 11, 1))


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
