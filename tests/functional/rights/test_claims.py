"""Whom staff look through for what was not claimed: own residents, who agreed, in a job."""

from datetime import timedelta

import pytest
from sqlmodel import select, update

from tests.factories import acting, make_account, make_household, make_resident, make_spell
from tests.forms import forms_on, press, submit
from tests.functional.background import settled
from tests.functional.pages import see, text
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.errors import Forbidden, NotFound
from webapp.core.models import AuditEvent
from webapp.employment.lifecycle import SpellKind
from webapp.jobs.models import BackgroundJob
from webapp.ops import scheduled_jobs, scheduler
from webapp.privacy import service as privacy
from webapp.privacy.export import export
from webapp.residents.models import ConsentChannel, ConsentPurpose, SensitiveRecord
from webapp.residents.services import consents
from webapp.rights.lifecycle import Answer, ClaimState
from webapp.rights.models import PolicyClaim, PolicyFinding
from webapp.rights.services import claims, findings
from webapp.rulebook import service as rulebook


@pytest.fixture
def world(db, write, sign_in):
    """A member with three residents of their own, of whom two agreed; a colleague has one."""
    rulebook.seed(db)
    with write() as session:
        staff = make_account(session, role=Role.STAFF)
        other = make_account(session, role=Role.STAFF)
        branch = staff.branch_id
        people = {}
        for name, whose in (("张一", staff), ("李二", staff), ("王三", staff), ("赵四", other)):
            home = make_household(session, responsible_id=whose.id)
            people[name] = make_resident(session, name=name, household_id=home.id, branch_id=branch)
        member = acting(staff, branch_id=branch, serves_all=True)
        for name, facts in (
            ("张一", {"allowance": "低保，两口人"}), ("李二", {"disability": "没有"}),
            ("赵四", {"allowance": "低保"}),
        ):  # fmt: skip
            consents.give(
                session, member, resident_id=people[name].id, purpose=ConsentPurpose.SENSITIVE,
                channel=ConsentChannel.IN_PERSON,
            )  # fmt: skip
            session.add(SensitiveRecord(resident_id=people[name].id, **facts))
        for name in ("张一", "王三", "赵四"):
            make_spell(session, resident_id=people[name].id, kind=SpellKind.LOOKING)
        make_spell(session, resident_id=people["李二"].id, kind=SpellKind.FOUND_ALONE)
    return staff, people, sign_in(staff), member


def search(browser):
    assert "名单是空的" in see(browser, "/staff/rights/")
    done = settled(browser, press(browser, "/staff/rights/", "/staff/rights/search"))
    assert done.status_code == 303
    return see(browser, "/staff/rights/")


def found_in(db):
    with db.reader() as session:
        return {
            (row.resident_id, row.policy): row.answer for row in session.exec(select(PolicyFinding))
        }


def test_one_s_own_who_agreed_and_nobody_else(world, db):
    _staff, people, browser, _member = world
    page = search(browser)
    assert "张一" in page
    for name in ("李二", "王三", "赵四"):  # at work; did not agree; a colleague's
        assert name not in page
    found = found_in(db)
    assert {resident for resident, _policy in found} == {people["张一"].id}
    assert found == {
        (people["张一"].id, "unemployment_registration"): Answer.UNSURE,  # whether done already
        (people["张一"].id, "difficult_person"): Answer.UNSURE,
    }
    with db.reader() as session:
        read = session.exec(
            select(AuditEvent.subject).where(AuditEvent.action == "policy.read_facts")
        ).all()
        job = session.exec(select(BackgroundJob)).one()
    assert sorted(read) == sorted(f"resident:{people[name].id}" for name in ("张一", "李二"))
    assert set(job.result) == {"residents", "found"}  # no person in it
    assert "低保" not in str(job.arguments) + str(job.result)


def test_looking_again_does_not_double_it(world, db):
    _staff, _people, browser, _member = world
    search(browser)
    before = found_in(db)
    settled(browser, press(browser, "/staff/rights/", "/staff/rights/search"))
    assert found_in(db) == before


def test_what_is_noted_leaves_the_list_and_counts_as_a_fact(world, db):
    _staff, people, browser, _member = world
    search(browser)
    own = people["张一"].id
    url = f"/staff/rights/{own}"
    assert "可能有资格" in see(browser, url)
    for state in ("wanted", "granted"):
        done = press(browser, url, "/unemployment_registration", state=state)
        assert done.status_code == 303
    assert "办下来了" in see(browser, url)
    assert (own, "unemployment_registration") not in found_in(db)
    settled(browser, press(browser, "/staff/rights/", "/staff/rights/search"))
    found = found_in(db)
    assert (own, "unemployment_registration") not in found
    # Registered now: on the allowance, without work, nobody recognised them yet.
    assert found[own, "difficult_person"] in {Answer.LIKELY, Answer.UNSURE}
    press(browser, url, "/difficult_person", state="not_wanted")
    settled(browser, press(browser, "/staff/rights/", "/staff/rights/search"))
    assert found_in(db) == {}
    assert press(browser, url, "/unemployment_registration", state="king").status_code == 404
    assert submit(browser, f"{url}/nothing", {"state": "wanted"}, page=url).status_code == 404
    assert browser.get("/staff/rights/999999").status_code == 404


def test_others_may_not(world, write, sign_in):
    _staff, people, browser, _member = world
    search(browser)
    with write() as session:
        colleague = make_account(session, role=Role.STAFF)
        resident = make_account(session)
        make_resident(session, account_id=resident.id)
    assert "张一" not in see(sign_in(colleague), "/staff/rights/")
    assert sign_in(resident).get("/staff/rights/").status_code == 403
    with write() as session:
        for who in (resident, colleague):
            with pytest.raises((Forbidden, NotFound)):
                claims.note(session, acting(who), resident_id=people["张一"].id,
                            code="startup_loan", state=ClaimState.WANTED)  # fmt: skip
        with pytest.raises(Forbidden):
            findings.start_search(session, acting(resident))


def test_withdrawing_the_consent_takes_it_all_back(world, db, write):
    _staff, people, browser, member = world
    search(browser)
    with write() as session:
        consent = consents.standing(
            session, resident_id=people["张一"].id, purpose=ConsentPurpose.SENSITIVE
        )
        privacy.withdraw_consent(
            session, member, resident_id=people["张一"].id, consent_id=consent.id
        )
    assert found_in(db) == {}
    settled(browser, press(browser, "/staff/rights/", "/staff/rights/search"))
    assert found_in(db) == {}


def test_who_leaves_takes_their_claims_along_and_has_them_in_their_copy(world, db, write, app):
    _staff, people, browser, member = world
    own = people["张一"].id
    search(browser)
    press(browser, f"/staff/rights/{own}", "/startup_loan", state="handed_in")
    with app.test_request_context(), db.reader() as session:
        copy = export(session, member, resident_id=own)
    assert [one["state"] for one in copy["policy_claims"]] == ["handed_in"]
    assert copy["policies_found"]
    with write() as session:
        privacy.leave(session, member, resident_id=own)
    with db.reader() as session:
        assert session.exec(select(PolicyClaim)).all() == []
    assert found_in(db) == {}


def test_what_was_found_is_gone_after_its_days(world, db, write, app):
    _staff, _people, browser, _member = world
    search(browser)
    with write() as session:
        session.exec(update(PolicyFinding).values(found_at=clock.now() - timedelta(days=31)))
    purge = next(job for job in scheduled_jobs.JOBS if job.name == "purge")
    with app.app_context():
        scheduler.run_once(db, purge)
    assert found_in(db) == {}


def test_going_through_the_questions_together_keeps_nothing(world, db):
    _staff, people, browser, _member = world
    own = people["张一"].id
    filled = press(browser, f"/staff/rights/{own}", "/check")
    form = next(form for form in forms_on(filled) if form.action.endswith("/rights/"))
    assert form.data["work"] == "idle"
    assert form.data.get("family") is None  # what is sensitive is asked, not opened
    answers = browser.post("/rights/", data=form.data)
    assert "出一张单子" in text(answers)
    with db.reader() as session:
        actions = session.exec(select(AuditEvent.action)).all()
    assert not [one for one in actions if one.startswith("policy.")]
