"""The life of an opening through its real pages: from a draft to 410, and who may see it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.factories import make_match, make_opening
from tests.forms import submit
from tests.functional.openings.vacancies import NEW, only_opening, publish, vacancy
from tests.functional.pages import text
from tests.functional.tables import reload
from webapp.core import clock
from webapp.core.vocabulary import Education, PayUnit
from webapp.engine.models import SuggestionRequest
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.services.editing import expire_openings


@pytest.mark.slow
def test_from_draft_to_410(people, client, db, write):
    browser, staff, employer = people
    saved = submit(browser, NEW, vacancy())
    assert saved.status_code == 303
    opening = only_opening(db)
    own = f"/employer/openings/{opening.id}"
    assert saved.headers["Location"] == own
    assert opening.state is OpeningState.DRAFT
    assert opening.place == "重庆市/九龙坡区/华岩镇/华龙家园"
    assert (opening.pay_min_fen, opening.pay_max_fen) == (300000, 450000)
    assert opening.pay_unit is PayUnit.MONTH
    assert opening.education is Education.NONE
    assert opening.hours == [{"days": "123", "start": "08:30", "end": "16:30"}]
    assert opening.skills == ["打扫卫生", "拖地"]
    shown = text(browser.get(own))
    assert "3,000–4,500 元/月" in shown  # read back in figures, to be confirmed
    assert client.get(f"/openings/{opening.id}").status_code == 404

    assert submit(browser, f"{own}/submit", page=own).status_code == 303
    assert submit(browser, f"{own}/submit", page=own).status_code == 409
    queue = text(staff.get("/staff/openings/?state=submitted"))
    assert "小区保洁员" in queue
    assert publish(staff, opening.id).status_code == 303
    opening = reload(db, Opening, opening.id)
    assert opening.state is OpeningState.PUBLISHED
    assert opening.reviewed_by_id is not None
    with db.reader() as session:
        assert session.exec(select(SuggestionRequest)).one().resident_id is None

    assert "小区保洁员" in text(client.get("/openings/"))
    assert "小区保洁员" in text(client.get("/"))
    page = client.get(f"/openings/{opening.id}")
    assert page.status_code == 200
    assert employer.name in text(page)

    with write() as session:
        match = make_match(session, opening_id=opening.id, state=MatchState.OFFERED)
    with clock.frozen(clock.now() + timedelta(days=31)):
        # Before the nightly job has run.
        late = client.get(f"/openings/{opening.id}")
        assert late.status_code == 410
        assert "已过期" in text(late)
        assert "ld+json" not in text(late)
        assert client.get(f"/openings/{opening.id}/slip").status_code == 410
        assert "小区保洁员" not in text(client.get("/openings/"))
        with write() as session:
            assert expire_openings(session) == 1
        with write() as session:
            assert expire_openings(session) == 0
        assert reload(db, Opening, opening.id).state is OpeningState.EXPIRED
        assert client.get(f"/openings/{opening.id}").status_code == 410
    with db.reader() as session:
        assert session.get(Match, match.id).state is MatchState.OPENING_CLOSED


def test_closing_asks_once_and_ends_what_is_under_way(people, write, client, db):
    browser, _staff, employer = people
    with write() as session:
        opening = make_opening(session, employer_id=employer.id)
        match = make_match(session, opening_id=opening.id, state=MatchState.APPLIED)
    own = f"/employer/openings/{opening.id}"
    assert "不招了" in text(browser.get(f"{own}/close"))
    assert submit(browser, f"{own}/close").status_code == 303
    assert client.get(f"/openings/{opening.id}").status_code == 410
    with db.reader() as session:
        assert session.get(Match, match.id).state is MatchState.OPENING_CLOSED
    assert submit(browser, f"{own}/close", page="/employer/").status_code == 409
    assert submit(browser, f"{own}/edit", vacancy()).status_code == 409


def test_another_employers_opening_does_not_exist(people, write):
    browser, _staff, _employer = people
    with write() as session:
        other = make_opening(session)
    own = f"/employer/openings/{other.id}"
    for path in ("", "/edit", "/close"):
        assert browser.get(own + path).status_code == 404
    for path in ("/edit", "/submit", "/close"):
        assert submit(browser, own + path, vacancy(), page="/employer/").status_code == 404
    staff_page = f"/staff/openings/{other.id}"
    assert browser.get(staff_page).status_code == 403
    for path in ("/publish", "/return", "/submit", "/edit", "/close"):
        assert submit(browser, staff_page + path, page="/employer/").status_code == 403


def test_pages_open_for_those_they_are_for(people, write):
    browser, staff, employer = people
    with write() as session:
        opening = make_opening(session, employer_id=employer.id)
    for path in ("/employer/", "/employer/openings/", "/employer/openings/new", NEW):
        assert browser.get(path).status_code == 200, path
    assert browser.get(f"/employer/openings/{opening.id}/edit").status_code == 200
    for path in ("", "new", "new/course", "new/vacancy", f"{opening.id}/edit"):
        assert staff.get(f"/staff/openings/{path}").status_code == 200, path
    assert staff.get("/staff/openings/new/nonsense").status_code == 404
