"""The review by staff: what needs a note, what was seen, what goes back; staff's own openings."""

from datetime import timedelta

from tests.factories import make_employer, make_opening
from tests.forms import submit
from tests.functional.openings.vacancies import NEW, only_opening, publish, vacancy
from tests.functional.pages import text
from tests.functional.tables import reload
from webapp.core import clock
from webapp.core.vocabulary import Education, Kind
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening


def test_flagged_words_need_a_note(people, db):
    browser, staff, _employer = people
    submit(browser, NEW, vacancy(description="打扫浴室，提成上不封顶。"))
    opening_id = only_opening(db).id
    own = f"/employer/openings/{opening_id}"
    assert submit(browser, f"{own}/submit", page=own).status_code == 303
    for note in ("", "好"):
        refused = publish(staff, opening_id, note=note)
        assert refused.status_code == 400
        assert "写明依据是什么" in text(refused)
    note = "看过单位上个月的提成表，确实没有上限"
    assert publish(staff, opening_id, note=note).status_code == 303
    assert reload(db, Opening, opening_id).review_note == note


def test_no_publishing_without_a_check_within_183_days(write, people, db):
    _browser, staff, _employer = people

    def publish_checked_before(days):
        with write() as session:
            employer = make_employer(session, verified_at=clock.now() - timedelta(days=days))
            opening = make_opening(
                session,
                employer_id=employer.id,
                state=OpeningState.SUBMITTED,
                education=Education.NONE,
                published_at=None,
            )
        return publish(staff, opening.id), opening.id

    response, opening_id = publish_checked_before(184)
    assert response.status_code == 400
    assert "上次核实已超过 183 天" in text(response)
    assert reload(db, Opening, opening_id).state is OpeningState.SUBMITTED
    response, opening_id = publish_checked_before(183)
    assert response.status_code == 303
    assert reload(db, Opening, opening_id).state is OpeningState.PUBLISHED


def test_a_reviewer_publishes_only_what_they_saw(write, people, db):
    browser, staff, _employer = people
    submit(browser, NEW, vacancy())
    opening_id = only_opening(db).id
    own = f"/employer/openings/{opening_id}"
    submit(browser, f"{own}/submit", page=own)
    seen = only_opening(db).updated_at.isoformat()
    submit(browser, f"{own}/edit", vacancy(description="改成夜班保安。"))
    assert publish(staff, opening_id, version=seen).status_code == 409
    assert publish(staff, opening_id, version="nonsense").status_code == 409
    assert only_opening(db).state is OpeningState.SUBMITTED


def test_returned_with_a_reason_then_mended(people, db):
    browser, staff, _employer = people
    submit(browser, NEW, vacancy())
    opening_id = only_opening(db).id
    own, page = f"/employer/openings/{opening_id}", f"/staff/openings/{opening_id}"
    submit(browser, f"{own}/submit", page=own)
    assert submit(staff, f"{page}/return", {"reason": ""}, page=page).status_code == 400
    assert submit(staff, f"{page}/return", {"reason": "写清班次"}, page=page).status_code == 303
    assert "写清班次" in text(browser.get(own))
    assert submit(staff, f"{page}/return", {"reason": "又来"}, page=page).status_code == 409
    submit(browser, f"{own}/edit", vacancy(description="早班，打扫楼道。"))
    assert submit(browser, f"{own}/submit", page=own).status_code == 303


def test_an_edit_of_a_published_opening_goes_back_to_review(people, write, client, db):
    browser, _staff, employer = people
    with write() as session:
        opening = make_opening(session, employer_id=employer.id, hired_count=2, headcount=3)
    own = f"/employer/openings/{opening.id}"
    few = submit(browser, f"{own}/edit", vacancy(headcount="1"))
    assert few.status_code == 400
    assert "已经有 2 人上岗" in text(few)
    assert submit(browser, f"{own}/edit", vacancy(headcount="4")).status_code == 303
    assert reload(db, Opening, opening.id).state is OpeningState.SUBMITTED
    assert client.get(f"/openings/{opening.id}").status_code == 404


def test_staff_write_every_kind_and_publish_it(people, db):
    _browser, staff, employer = people
    for kind in Kind:
        if kind is Kind.PIECEWORK:  # it is written as an order
            assert staff.get(f"/staff/openings/new/{kind}").status_code == 404
            assert "/staff/piecework/new" in text(staff.get("/staff/openings/new"))
            continue
        named = {"employer": employer.name, "teaches": "低压电工证", "at_home": "1"}
        data = vacancy(**named)
        saved = submit(staff, f"/staff/openings/new/{kind}", data)
        assert saved.status_code == 303, text(saved)
        opening = reload(db, Opening, int(saved.headers["Location"].rsplit("/", 1)[1]))
        assert opening.kind is kind
        assert opening.employer_id == employer.id
        page = f"/staff/openings/{opening.id}"
        assert submit(staff, f"{page}/submit", page=page).status_code == 303
        published = publish(staff, opening.id)
        assert published.status_code == 303
        if kind is Kind.VENTURE:  # from here on it is kept on a page of its own
            kept = staff.get(f"{page}/edit").headers["Location"]
            assert kept.startswith("/staff/ventures/")
            assert "新标题" not in text(staff.get(kept))
            continue
        again = submit(staff, f"{page}/edit", vacancy(**named, title="新标题"))
        assert again.status_code == 303
        assert reload(db, Opening, opening.id).state is OpeningState.SUBMITTED


def test_staff_name_a_known_employer_or_none(people, db):
    _browser, staff, _employer = people
    unknown = submit(staff, "/staff/openings/new/vacancy", vacancy(employer="没有这家"))
    assert unknown.status_code == 400
    assert "没有这家单位" in text(unknown)
    submit(staff, "/staff/openings/new/vacancy", vacancy(employer=""))
    page = f"/staff/openings/{only_opening(db).id}"
    refused = submit(staff, f"{page}/submit", page=page)
    assert refused.status_code == 400
    assert "没写是哪家单位" in text(refused)


def test_review_list_filters_and_survives_nonsense(people, write):
    _browser, staff, _employer = people
    with write() as session:
        make_opening(session, title="老的那条", kind=Kind.PIECEWORK)
        make_opening(session, title="要审的那条", state=OpeningState.SUBMITTED)
    everything = text(staff.get("/staff/openings/"))
    assert everything.index("要审的那条") < everything.index("老的那条")
    assert "要审的那条" not in text(staff.get("/staff/openings/?kind=piecework"))
    assert "老的那条" not in text(staff.get("/staff/openings/?q=要审"))
    assert staff.get("/staff/openings/?state=x&kind=y&source=z&page=-1").status_code == 200
