"""/help: hours, telephones, the address and the way; and the admin's page that writes them."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.forms import press
from tests.functional.branches.world import MONDAY, Team
from tests.functional.pages import see, text
from tests.functional.tables import all_of
from webapp.branches import estate_map
from webapp.branches.models import Branch, MemberProfile
from webapp.branches.models.office import OfficeGuide
from webapp.core import clock
from webapp.core.db import Database

PAGE = "/admin/help"
ADDRESS = "重庆市九龙坡区华岩镇某某路8号"


@pytest.fixture(autouse=True)
def monday() -> Any:
    with clock.frozen(MONDAY):
        yield


def test_the_admin_writes_the_address_and_everybody_reads_it(
    db: Database, client: FlaskClient, boss: Any, sign_in: Any
) -> None:
    admin = sign_in(boss)
    assert PAGE in see(admin, "/staff/branches/")
    assert "在手机地图里看" not in see(client, "/help")  # no address yet: no link to nowhere
    ways = "坐车到南门站下。\n走路从东门进。"
    answer = press(admin, PAGE, address=ADDRESS, directions=ways)
    assert answer.headers["Location"] == "/help"
    page = see(client, "/help")
    assert ADDRESS in page
    assert "<li>坐车到南门站下。</li>" in page
    assert "https://uri.amap.com/search?keyword=%E9%87%8D%E5%BA%86" in page
    press(admin, PAGE, address="另一处", directions="")
    (row,) = all_of(db, OfficeGuide)
    assert (row.address, row.directions) == ("另一处", "")
    assert "改社区的地址和怎么来" in see(admin, "/admin/audit")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"address": " "}, "请写地址"),
        ({"address": "长" * 101}, "最多 100"),
        ({"address": ADDRESS, "directions": "长" * 401}, "最多 400"),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    db: Database, boss: Any, sign_in: Any, typed: dict[str, str], said: str
) -> None:
    answer = press(sign_in(boss), PAGE, **typed)
    assert answer.status_code == 400
    assert said in text(answer)
    assert all_of(db, OfficeGuide) == []


def test_only_who_keeps_the_accounts_writes_it(team: Team, sign_in: Any) -> None:
    secretary = sign_in(team.secretary)
    assert secretary.get(PAGE).status_code == 403
    assert PAGE not in see(secretary, "/staff/branches/")


def test_hours_telephones_and_the_map(client: FlaskClient, team: Team, write: Any) -> None:
    with write() as session:
        branch = session.get_one(Branch, team.member.branch_id)
        branch.phone, branch.office = "023-61230001", "一楼2号窗口"
        session.add(branch)
        hours = [{"days": "12345", "start": "09:00", "end": "17:30"}]
        session.add(MemberProfile(account_id=team.third.id, hours=hours, updated_at=MONDAY))
    page = see(client, "/help")
    for words in ("023-61230001", "一楼2号窗口", "现在有人", "09:00", "17:30"):
        assert words in page
    for place in estate_map.places():
        assert place.name in page
    assert 'href="/privacy"' in page
    with clock.frozen(MONDAY + timedelta(days=5)):  # a Saturday
        assert "今天没有人" in see(client, "/help")
