"""What a job does to the allowance, through the real pages: holes, figures confirmed, the paper."""

import re
from dataclasses import replace

import pytest

from tests.factories import (
    acting,
    make_account,
    make_employer,
    make_match,
    make_opening,
    make_resident,
)
from tests.forms import forms_on, press, submit
from tests.functional.pages import see, text
from tests.functional.rights.test_checker import everything
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.vocabulary import Kind, PayUnit
from webapp.guides.trades import Site, Trade
from webapp.matches.lifecycle import MatchState
from webapp.openings.lifecycle import OpeningState
from webapp.piecework.hourly_rate import Hourly
from webapp.rights import income_figures, queries
from webapp.rights.forms.income import IncomeForm
from webapp.rights.income_offers import Offer, hourly_pay, source_words
from webapp.rights.income_path import (
    NOTHING,
    HoleKind,
    Household,
    Interval,
    Parameters,
    Work,
    reckon,
)
from webapp.rights.income_words import amount_words, difference_words, end, months_words, picture
from webapp.rulebook import service as rulebook
from webapp.rulebook.models import RuleFigure
from webapp.ventures.lifecycle import Allocation
from webapp.ventures.models.ventures import Venture

TAPS = {"on_allowance": "yes", "care": "0-300", "travel": "50-100", "pay_now": "0"}
WHOLE = {**TAPS, "persons": "3", "provable": "yes", "other_one": "0", "other_two": "0",
         "other_income": "0", "hard_spending": "0"}  # fmt: skip
# Fictional: no figures of Chongqing.
FICTIONAL = {"allowance_line": 60000, "allowance_work_cost": 20000, "allowance_taper_months": 6,
             "allowance_taper_percent": 100, "allowance_taper_ceiling": 0}  # fmt: skip


@pytest.fixture
def world(db, write, sign_in):
    """A resident's browser, an opening of 2,800 to 3,200 yuan, and its suggestion."""
    rulebook.seed(db)
    with write() as session:
        account = make_account(session)
        resident = make_resident(session, account_id=account.id)
        opening = make_opening(session)
        match = make_match(
            session, resident_id=resident.id, opening_id=opening.id, state=MatchState.OFFERED
        )
    return sign_in(account), opening, match


@pytest.fixture
def confirm(write):
    """Write fictional figures as the admin would, who thereby confirms them."""

    def _confirm(**figures):
        with write() as session:
            admin = make_account(session, role=Role.ADMIN)
            for name, value in figures.items():
                rulebook.add_figure(session, acting(admin), name=name, value=value,
                                    since=clock.today(), source="编的，只给测试用")  # fmt: skip

    return _confirm


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_suggestion_and_an_opening_lead_there(world):
    browser, opening, match = world
    url = f"/rights/income/{opening.id}"
    for page in (f"/me/matches/{match.id}", f"/openings/{opening.id}"):
        assert f'href="{url}"' in see(browser, page)
    assert 'href="/rights/income/"' in see(browser, "/me/")
    assert url not in see(browser.application.test_client(), f"/openings/{opening.id}")


def test_until_the_figures_are_confirmed_there_is_pay_and_costs_and_no_total(world):
    browser, opening, _match = world
    url = f"/rights/income/{opening.id}"
    asked = see(browser, url)
    assert "还没有人核实" in asked
    assert 'name="persons"' not in asked  # nothing is asked in vain
    page = plain(text(submit(browser, url, TAPS)))
    assert "2,800–3,200 元" in page
    assert "50–400 元" in page
    assert "请到窗口问" in page
    for word in ("家里一共", "比不去", "多 ", "少 "):
        assert word not in page.split("每一样是怎么来的")[0].replace("少的时候", ""), word


@pytest.mark.parametrize("name", FICTIONAL)
def test_one_figure_missing_is_enough_to_say_no_total(world, confirm, name):
    browser, opening, _match = world
    confirm(**{one: value for one, value in FICTIONAL.items() if one != name})
    page = plain(text(submit(browser, f"/rights/income/{opening.id}", WHOLE)))
    assert "家里一共" not in page
    assert "请到窗口问" in page


def test_a_figure_that_nobody_confirmed_counts_as_a_hole(app, db, write):
    rulebook.seed(db)
    with write() as session:
        for name, value in FICTIONAL.items():
            session.add(
                RuleFigure(name=name, value=value, unit="fen", since=clock.today(), source="编的",
                           created_at=clock.now())
            )  # fmt: skip
    with app.app_context():
        assert all(queries.figure_line(name).words for name in FICTIONAL)  # there, and shown
        assert income_figures.confirmed() == Parameters()


def test_with_figures_confirmed_both_ways_stand_beside_each_other(world, confirm):
    """3 x 600 = 1,800 staying. Going: 2,600-3,000 count, above the line; 1,800 for six months."""
    browser, opening, _match = world
    confirm(**FICTIONAL)
    page = plain(text(submit(browser, f"/rights/income/{opening.id}", WHOLE)))
    assert "不去做：家里一个月 大约 1,800 元" in page
    assert "第 1–6 个月" in page
    assert "4,200–4,950 元" in page  # 2,800 + 1,800 - 400 to 3,200 + 1,800 - 50
    assert "多 2,400–3,150 元" in page
    assert "第 7 个月起，到两年" in page
    assert "多 600–1,350 元" in page  # 2,400 - 1,800 to 3,150 - 1,800
    assert "编的，只给测试用" in page  # each term with its source
    assert page.count("第 24 个月") == 1


def test_what_is_not_told_stays_open(world, confirm):
    browser, opening, _match = world
    confirm(**FICTIONAL)
    url = f"/rights/income/{opening.id}"
    for gap, said in [
        ("care", "看孩子、照顾老人要花多少，还不知道"), ("travel", "路费要花多少，还不知道"),
        ("on_allowance", "家里领不领低保，还不清楚"), ("provable", "工钱没有证明的"),
    ]:  # fmt: skip
        page = plain(text(submit(browser, url, {one: v for one, v in WHOLE.items() if one != gap})))
        assert said in page, gap
        assert "家里一共" not in page, gap
    refused = submit(browser, url, {one: v for one, v in WHOLE.items() if one != "persons"})
    assert refused.status_code == 400
    assert "请点几个人" in text(refused)
    for wrong in ({"care": "1-2"}, {"persons": "0"}, {"on_allowance": "maybe"}):
        assert submit(browser, url, {**WHOLE, **wrong}).status_code == 400, wrong


def test_who_draws_no_allowance_is_told_both_ways_at_once(world):
    browser, opening, _match = world
    page = plain(text(submit(browser, f"/rights/income/{opening.id}",
                             {**TAPS, "on_allowance": "no", "pay_now": "500-1000"})))  # fmt: skip
    assert "多 1,400–2,650 元" in page  # 2,800 - 400 - 1,000 to 3,200 - 50 - 500


def test_nothing_told_is_kept_and_no_page_promises(world, confirm, db):
    browser, opening, _match = world
    confirm(**FICTIONAL)
    url = f"/rights/income/{opening.id}"
    browser.get(url)
    before = everything(db)
    page = submit(browser, url, WHOLE)
    assert page.headers["Cache-Control"] == "no-store"
    form = next(form for form in forms_on(page) if form.action.endswith("/slip"))
    paper = text(browser.post(form.action, data=form.data))
    assert everything(db) == before
    assert "请窗口告诉我" in paper
    assert "多 2,400–3,150 元" in plain(paper)
    assert "□ 低保证" in paper
    for words in (text(page), paper):
        assert not re.search(r"不影响低保|不会(?:影响|减|停)|放心|(?<!低)保证", words)


def test_a_plan_of_one_s_own_is_typed_and_its_beginning_counts_once(world):
    browser, _opening, _match = world
    told = {
        **TAPS,
        "on_allowance": "no",
        "pay_low": "1500",
        "pay_high": "2500",
        "start_cost": "500-2000",
    }
    page = plain(text(submit(browser, "/rights/income/", told)))
    assert "少 900 元到多 1,950 元" in page  # 1,500 - 400 - 2,000 to 2,500 - 50 - 500
    assert "多 1,100–2,450 元" in page
    wrong = submit(browser, "/rights/income/", {**told, "pay_high": "1000"})
    assert wrong.status_code == 400
    assert "多的时候不能比少的时候少" in text(wrong)
    for typed in ("-1", "NaN", "abc", "1e99"):
        assert submit(browser, "/rights/income/", {**told, "pay_low": typed}).status_code == 400
    slip = submit(browser, "/rights/income/slip", told, page="/rights/income/")
    assert "我自己的打算" in text(slip)
    unknown = {one: value for one, value in told.items() if not one.startswith("pay_")}
    assert "工钱多少没有写明" in text(submit(browser, "/rights/income/", unknown))


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (300000, 300000, "2,700–3,000 元"),
        (300000, None, "3,000 元以上"),
        (None, 300000, "0–3,000 元"),
        (None, None, "少的时候"),
    ],
)
def test_pay_as_it_is_written(world, write, low, high, said):
    browser, _opening, _match = world
    with write() as session:
        unit = PayUnit.MONTH if low or high else None
        opening = make_opening(session, pay_min_fen=low, pay_max_fen=high, pay_unit=unit,
                               pay_month_min_fen=low, pay_month_max_fen=high)  # fmt: skip
    url = f"/rights/income/{opening.id}"
    page = submit(browser, url, TAPS) if low or high else browser.get(url)
    assert re.search(said, plain(text(page)))


def test_who_gets_in(world, write, sign_in, client):
    browser, opening, _match = world
    url = f"/rights/income/{opening.id}"
    with write() as session:
        employer = make_account(session, role=Role.EMPLOYER)
        make_employer(session, member=employer)
        staff = make_account(session, role=Role.STAFF)
        draft = make_opening(session, state=OpeningState.DRAFT, published_at=None)
        course = make_opening(session, kind=Kind.COURSE)
    assert sign_in(employer).get(url).status_code == 403
    assert client.get(url).status_code == 302
    assert "对低保有什么影响" in see(sign_in(staff), f"/openings/{opening.id}")
    for one in (draft, course):
        assert browser.get(f"/rights/income/{one.id}").status_code == 404
    assert press(browser, url).status_code == 200  # everything left open: said to be open


def test_words_of_amounts():
    assert amount_words(None) == "说不准"
    assert difference_words(Interval(0, 0)) == "差不多"
    assert difference_words(Interval(-500, -500)) == "大约少 5 元"
    assert difference_words(Interval(-900, -500)) == "少 5–9 元"
    assert difference_words(Interval(-900, None)) == "最差少 9 元，好的时候多"
    assert difference_words(Interval(900, None)) == "多 9 元以上"
    assert months_words(1, 24) == "两年里每个月"


def test_piecework_is_asked_for_hours_and_reckoned_from_what_was_timed(app):
    """Three slow hours on eighteen days, to four fast ones on twenty-two."""
    hourly = Hourly(slow_fen=800, middle_fen=1000, fast_fen=1300, timings=3, middle_seconds=60)
    assert hourly_pay(hourly, (3, 4), (18, 22)) == Interval(800 * 3 * 18, 1300 * 4 * 22)
    offer = Offer(Kind.PIECEWORK, "穿珠子", pay_words="0.35 元/件", hourly=hourly)
    with app.test_request_context(method="POST", data={"hours": "3-4", "days": "18-22"}):
        form = IncomeForm(meta={"csrf": False})
        form.fit(offer, allowance_known=False)
        assert {"hours", "days"} <= {one.name for one in form}
        assert "pay_low" not in form
        assert form.pay(offer) == Interval(43200, 114400)
        assert "一小时 8 到 13 元" in source_words(offer, form.pay(offer))
    with app.test_request_context(method="POST", data={"hours": "3-4"}):
        form = IncomeForm(meta={"csrf": False})
        form.fit(offer, allowance_known=False)
        assert form.pay(offer) is None  # half an answer is none


def test_the_picture_shows_what_is_sure_what_may_be_and_what_is_a_hole():
    work = Work(pay=Interval(100000, 200000), provable=True, care=NOTHING, travel=NOTHING)
    known = reckon(Household(1, on_allowance=False), work, Parameters())
    bars = picture(known, work).bars
    assert [(bar.label, bar.words) for bar in bars] == [
        ("不去：家里一个月", "没有"), ("去做：两年里每个月", "1,000–2,000 元"),
    ]  # fmt: skip
    assert bars[1].sure == bars[1].width / 2
    hole = reckon(Household(1, on_allowance=True), work, Parameters())
    assert hole.holes == (HoleKind.FIGURES,)  # nobody was asked for proof in vain
    last = picture(hole, work).bars[-1]
    assert (last.label, last.words, last.sure) == ("低保", "请到窗口问", None)
    unsure = replace(work, pay=Interval(100000, None))
    assert end(unsure.pay) == 125000
    assert amount_words(reckon(Household(1, False), unsure, Parameters()).months[0].total) == (
        "1,000 元以上"
    )


def test_a_stall_says_itself_what_it_leaves_and_what_comes_first(world, write):
    browser, _opening, _match = world
    with write() as session:
        opening = make_opening(session, kind=Kind.VENTURE, title="鱼摊", pay_min_fen=None,
                               pay_max_fen=None, pay_unit=None, pay_month_min_fen=None,
                               pay_month_max_fen=None, pay_text="")  # fmt: skip
        venture = Venture(
            opening_id=opening.id, trade=Trade.FISH, site=Site.MARKET, allocation=Allocation.OPEN,
            created_at=clock.now(), deposit_fen=50000, deposit_to="市场管理处",
            deposit_back="退摊时退", stock_fen=100000, earn_min_fen=150000, earn_max_fen=250000,
            earn_source="隔壁两家摊主说的",
        )  # fmt: skip
        session.add(venture)
        session.flush()
    url = f"/rights/income/{opening.id}"
    assert url in see(browser, f"/ventures/{venture.id}")
    asked = see(browser, url)
    assert 'name="start_cost"' not in asked
    assert 'name="pay_low"' not in asked
    page = plain(text(submit(browser, url, {**TAPS, "on_allowance": "no"})))
    assert "隔壁两家摊主说的" in page
    assert "少 400 元到多 950 元" in page  # 1,500 - 400 - 1,500 to 2,500 - 50 - 1,500
    assert "多 1,100–2,450 元" in page
