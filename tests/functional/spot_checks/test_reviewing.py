"""Looking at what another branch did: who may, what they see, the reply, what was done."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from tests.factories import make_account
from tests.forms import press
from tests.functional.pages import see, text
from tests.functional.racing import at_once
from tests.functional.spot_checks.conftest import DAY, FIRST, SUMMER, Quarter
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.errors import AppError, BadField, Conflict, Forbidden, NotFound
from webapp.matches.models import Match, MatchEvent
from webapp.oversight.figures import Period
from webapp.oversight.topics import spot_checks as topic
from webapp.residents.models import Resident
from webapp.spot_checks.lifecycle import Finding
from webapp.spot_checks.models import SpotCheckLine
from webapp.spot_checks.queries import results
from webapp.spot_checks.services import reviewing

INDEX = "/staff/spot-checks/"


def page_of(line: SpotCheckLine) -> str:
    return f"/staff/spot-checks/lines/{line.id}"


def test_a_member_of_another_branch_looks_and_the_branch_answers(quarter: Quarter) -> None:
    """The whole way through the real pages: found, replied, followed up."""
    quarter.make()
    line = quarter.lines()[0]
    reviewer = quarter.browse(quarter.reviewed_by(line))
    assert "抽查，等您的" in see(reviewer, "/staff/")
    assert page_of(line) in see(reviewer, INDEX)
    page = see(reviewer, page_of(line))
    assert "保洁员" in page
    assert "居某" in page  # a surname, no more
    assert "没有写" in page  # nobody wrote what shows the hire
    done = press(reviewer, page_of(line), "/find", finding="partly", words="合同没有拍照")
    assert done.status_code == 303
    assert "合同没有拍照" in see(reviewer, page_of(line))
    assert "/find" not in see(reviewer, page_of(line))

    own = quarter.browse("fu_confirms")
    assert page_of(line) in see(own, "/staff/")
    page = see(own, page_of(line))
    assert "合同没有拍照" in page
    assert f"/staff/matches/{line.match_id}" in page
    assert press(own, page_of(line), "/reply", words="").status_code == 400
    assert press(own, page_of(line), "/reply", words="合同在单位，下周去拍").status_code == 303
    assert "/reply" not in see(own, page_of(line))
    assert "/measures" not in see(own, page_of(line))
    assert "合同在单位" in see(reviewer, page_of(line))

    secretary = quarter.browse("fu")
    assert page_of(line) in see(secretary, "/staff/")
    page = see(secretary, page_of(line))
    assert "合同没有拍照" in page
    assert "合同在单位" in page
    assert press(secretary, page_of(line), "/measures", words=" ").status_code == 400
    noted = press(secretary, page_of(line), "/measures", words="以后录用当天就拍合同")
    assert noted.status_code == 303
    assert page_of(line) not in see(secretary, "/staff/")
    assert "以后录用当天就拍合同" in see(own, page_of(line))
    # What was found stands as it was written.
    assert quarter.lines()[0].words == "合同没有拍照"


def test_a_line_does_not_exist_for_anybody_else(quarter: Quarter, write: Any) -> None:
    """The member concerned and the secretary know nothing before there is a finding."""
    quarter.make()
    line = quarter.lines()[0]
    strangers = {"fu", "fu_confirms", "fu_other", "bian", "bian_one", "an"} - {
        quarter.reviewed_by(line)
    }
    for name in strangers:
        assert quarter.browse(name).get(page_of(line)).status_code == 404, name
        with pytest.raises(NotFound):
            quarter.do(
                name, reviewing.find, line_id=line.id, finding=Finding.AS_IT_SHOULD, words=""
            )
        with pytest.raises(NotFound):
            quarter.do(name, reviewing.pass_on, line_id=line.id)
    quarter.find(line, Finding.NOT)
    for name in strangers - {"fu", "fu_confirms"}:
        assert quarter.browse(name).get(page_of(line)).status_code == 404, name
        assert line.code not in see(quarter.browse(name), INDEX)
    for name in ("fu", "fu_confirms"):
        with pytest.raises(AppError):
            quarter.do(name, reviewing.find, line_id=line.id, finding=Finding.NOT, words="x")
    with pytest.raises(Forbidden):
        quarter.do("fu", reviewing.reply, line_id=line.id, words="替他说")
    with pytest.raises(Forbidden):
        quarter.do("fu_confirms", reviewing.note_measures, line_id=line.id, words="没事")
    with pytest.raises(Forbidden):
        quarter.do(
            quarter.reviewed_by(line), reviewing.note_measures, line_id=line.id, words="没事"
        )
    with write() as session:
        resident = make_account(session)
        boss = make_account(session, role=Role.ADMIN)
    for name, account in (("resident", resident), ("boss", boss)):
        quarter.accounts[name] = account
        assert quarter.browse(name).get(page_of(line)).status_code == 403
        with pytest.raises(NotFound):
            quarter.do(name, reviewing.reply, line_id=line.id, words="x")


def test_what_is_shown_of_a_hire_names_nobody_and_tells_of_no_decline(
    quarter: Quarter, write: Any
) -> None:
    quarter.make()
    line = quarter.lines()[0]
    with write() as session:
        match = session.get_one(Match, line.match_id)
        resident = session.get_one(Resident, match.resident_id)
        resident.name, resident.phone = "欧阳秀英", "13911112222"
        for action, reason in (("decline", "嫌远"), ("leave", "跟组长吵架"), ("refuse", "没看上")):
            session.add(
                MatchEvent(
                    match_id=match.id, at=SUMMER, action=action, reason=reason,
                    from_state="offered", to_state="declined",
                )
            )  # fmt: skip
    page = see(quarter.browse(quarter.reviewed_by(line)), page_of(line))
    for hidden in (
        "欧阳",
        "秀英",
        "13911112222",
        "嫌远",
        "吵架",
        "没看上",
        "先不去",
        "离岗",
        "没要",
    ):
        assert hidden not in page, hidden
    for told in ("确认合适", "本人同意给单位看", "录用"):
        assert told in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"finding": ""}, "请选一样"),
        ({"finding": "x", "words": "x"}, ""),
        ({"finding": "not", "words": "  "}, "请写一句您看到了什么"),
        ({"finding": "unclear", "words": ""}, "请写一句您看到了什么"),
        ({"finding": "partly", "words": "字" * 501}, "最多 500 个字"),
    ],
)
def test_bad_findings_are_told_beside_the_field(quarter: Quarter, typed: Any, told: str) -> None:
    quarter.make()
    line = quarter.lines()[0]
    refused = press(quarter.browse(quarter.reviewed_by(line)), page_of(line), "/find", **typed)
    assert refused.status_code == 400
    assert told in text(refused)
    assert quarter.lines()[0].finding is None
    with pytest.raises(BadField):
        quarter.find(line, Finding.NOT, words="")


def test_a_script_is_shown_as_it_was_typed(quarter: Quarter) -> None:
    quarter.make()
    line = quarter.lines()[0]
    quarter.find(line, Finding.NOT, words="<script>alert(1)</script>")
    for name in (quarter.reviewed_by(line), "fu"):
        assert "<script>alert(1)" not in see(quarter.browse(name), page_of(line))


def test_who_knows_them_passes_it_on_and_never_gets_it_back(quarter: Quarter) -> None:
    quarter.make()
    line = quarter.lines()[0]
    passed = []
    for _one in range(3):
        name = quarter.reviewed_by(quarter.lines()[0])
        assert name not in passed
        passed.append(name)
        assert press(quarter.browse(name), page_of(line), "/pass").status_code == 303
        assert quarter.browse(name).get(page_of(line)).status_code == 404
    assert set(passed) == {"bian", "bian_one", "an"}
    assert quarter.lines()[0].reviewer_id is None  # nobody is left


def test_who_got_a_hand_in_it_meanwhile_looks_no_more(quarter: Quarter, write: Any) -> None:
    quarter.make()
    line = quarter.lines()[0]
    name = quarter.reviewed_by(line)
    with write() as session:
        session.add(
            MatchEvent(
                match_id=line.match_id, at=FIRST, account_id=quarter.accounts[name].id,
                action="hear_resident", from_state="hired", to_state="hired",
            )
        )  # fmt: skip
    with pytest.raises(Forbidden, match="经过手"):
        quarter.find(line, Finding.AS_IT_SHOULD)
    assert press(
        quarter.browse(name), page_of(line), "/find", finding="as_it_should"
    ).status_code == 403  # fmt: skip


def test_the_days_that_count(quarter: Quarter) -> None:
    """Due after thirty days; a reply on the tenth day after the finding and not the day after."""
    quarter.make()
    first, second, third = quarter.lines()[:3]
    name = quarter.reviewed_by(first)
    for day, late in ((30, False), (31, True)):
        with clock.frozen(FIRST + day * DAY):
            assert ("过了日子" in see(quarter.browse(name), INDEX)) is late
    quarter.find(first, Finding.PARTLY)
    quarter.find(second, Finding.NOT)
    quarter.find(third, Finding.AS_IT_SHOULD, words="")
    with clock.frozen(FIRST + 10 * DAY):
        quarter.do("fu_confirms", reviewing.reply, line_id=first.id, words="改了")
        with pytest.raises(Conflict):
            quarter.do("fu_confirms", reviewing.reply, line_id=first.id, words="再说一次")
        quarter.do("fu_confirms", reviewing.reply, line_id=third.id, words="谢谢")
    with clock.frozen(FIRST + 11 * DAY):
        own = quarter.browse("fu_confirms")
        assert "/reply" not in see(own, page_of(second))
        assert page_of(second) not in see(own, "/staff/work/spot")
        with pytest.raises(Conflict, match="过了说明的日子"):
            quarter.do("fu_confirms", reviewing.reply, line_id=second.id, words="迟了")
    with clock.frozen(FIRST + 400 * DAY):  # what was wrong waits until somebody says what was done
        assert page_of(second) in see(quarter.browse("fu"), "/staff/work/spot")
    with pytest.raises(Conflict):
        quarter.do("fu", reviewing.note_measures, line_id=third.id, words="没有要改的")


def test_a_secretary_does_not_follow_up_their_own_work(quarter: Quarter, write: Any) -> None:
    with write() as session:
        for event in session.exec(select(MatchEvent).where(MatchEvent.action == "confirm")):
            event.account_id = quarter.accounts["fu"].id
    quarter.make()
    line = quarter.lines()[0]
    quarter.find(line, Finding.NOT)
    others = set(quarter.accounts) - {"fu"}
    told = [name for name in others if page_of(line) in see(quarter.browse(name), "/staff/")]
    [leader] = told
    assert leader == ("an" if quarter.reviewed_by(line) == "bian" else "bian")
    with pytest.raises(Forbidden):
        quarter.do("fu", reviewing.note_measures, line_id=line.id, words="没事")
    quarter.do(leader, reviewing.note_measures, line_id=line.id, words="跟书记谈了")


def test_of_two_at_once_one_is_heard(quarter: Quarter, app: Any, db: Database) -> None:
    quarter.make()
    line = quarter.lines()[0]
    actor = quarter.actor(quarter.reviewed_by(line))

    def says(finding: Finding) -> Any:
        return actor, lambda session, actor: reviewing.find(
            session, actor, line_id=line.id, finding=finding, words="x"
        )

    assert at_once(app, db, says(Finding.NOT), says(Finding.AS_IT_SHOULD)) == ["409", "done"]
    own = quarter.actor("fu_confirms")

    def replies(words: str) -> Any:
        return own, lambda session, actor: reviewing.reply(
            session, actor, line_id=line.id, words=words
        )

    assert at_once(app, db, replies("一"), replies("二")) == ["409", "done"]


def test_results_hide_small_counts(quarter: Quarter, write: Any) -> None:
    quarter.make()
    lines = quarter.lines()
    with quarter.db.reader() as session:
        [one] = results.results(session)
    assert (one.population, one.sample, one.looked_at, one.replies) == (5, 5, 0, 0)
    assert one.counts == {**dict.fromkeys(Finding, 0), results.WAITING: 5}
    quarter.find(lines[0], Finding.NOT)
    with quarter.db.reader() as session:
        [one] = results.results(session)
    assert (one.looked_at, set(one.counts.values())) == (None, {None})
    assert "还没看的 4 件" in see(quarter.browse("an"), INDEX)  # among themselves they count
    for line in lines[1:]:
        quarter.find(line, Finding.NOT)
    with quarter.db.reader() as session:
        [one] = results.results(session)
    assert (one.looked_at, one.counts["not"], one.counts["as_it_should"]) == (5, 5, 0)


def test_two_tellings_of_one_form_are_one(quarter: Quarter) -> None:
    quarter.make()
    line = quarter.lines()[0]
    browser = quarter.browse(quarter.reviewed_by(line))
    key = {"idempotency_key": "a" * 32, "finding": "not", "words": "没有回访"}
    page = page_of(line)
    assert press(browser, page, "/find", **key).status_code == 303
    with clock.frozen(FIRST + timedelta(minutes=1)):
        assert see(browser, page).count("没有回访") == 1


def test_who_was_disabled_neither_looks_nor_replies(quarter: Quarter, write: Any) -> None:
    quarter.make()
    line = quarter.lines()[0]
    quarter.find(line, Finding.NOT)
    with write() as session:
        account = session.get_one(Account, quarter.accounts["fu"].id)
        account.is_secretary = False
    # Without a secretary of the branch another branch's writes what was done.
    names = [
        name for name in quarter.accounts if page_of(line) in see(quarter.browse(name), "/staff/")
    ]
    assert set(names) - {"fu_confirms"} == {"an" if quarter.reviewed_by(line) == "bian" else "bian"}


def test_the_open_page_counts_what_was_found_in_a_month(quarter: Quarter) -> None:
    """What was found on the last moment of October is of October."""
    quarter.make()
    lines = quarter.lines()
    november = datetime(2026, 11, 1, tzinfo=clock.LOCAL)
    for line, moment, finding in (
        (lines[0], november - timedelta(seconds=1), Finding.PARTLY),
        (lines[1], november, Finding.NOT),
        (lines[2], november, Finding.AS_IT_SHOULD),
    ):
        with clock.frozen(moment):
            quarter.find(line, finding)
    with quarter.db.reader() as session:
        october = topic.measure(session, Period.of(date(2026, 10, 15)))
        after = topic.measure(session, Period.of(date(2026, 11, 30)))
    assert {name for name, count in october.items() if count} == {
        "spot_checks", "spot_checks_partly",
    }  # fmt: skip
    assert (after["spot_checks"], after["spot_checks_not"]) == (2, 1)
