"""Openings read out of messages written for this test, field by field."""

from typing import Any

import pytest

from matching.extraction.vacancies import extract_vacancies


def openings(text: str) -> list[dict[str, Any]]:
    return extract_vacancies(text)["openings"]


def only(text: str) -> dict[str, Any]:
    (one,) = openings(text)
    return one


def test_one_message_whole() -> None:
    text = (
        "【招聘】云岫康养中心（黄桷坪）诚聘护理员3名，月薪3800-4600元，做六休一，包吃住，买五险。"
        "初中以上，需持健康证，有护理员证优先。联系 157 0000 4321 罗主任"
    )
    assert only(text) == {
        "title": "护理员",
        "headcount": 3,
        "pay_min": 3800.0,
        "pay_max": 4600.0,
        "pay_unit": "month",
        "place_words": "黄桷坪",
        "employer": "云岫康养中心",
        "contact_phone": "15700004321",
        "hours_words": "做六休一",
        "education": "junior_high",
        "certificates": ["健康证"],
        "welfare": ["包吃住", "五险"],
        "illegal": [],
    }


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("招送水工一个", ["送水工"]),
        ("厂里要个看大门的", ["看大门"]),
        ("岗位：叉车司机", ["叉车司机"]),
        ("便利店理货员/收银员，2800", ["理货员", "收银员"]),
        ("招磨工抛光工，260一天", ["磨工", "抛光工"]),
        ("急招！保安2名，保洁员3名，3000", ["保安", "保洁员"]),
        ("小饭馆请人择菜、洗碗，2600", ["择菜、洗碗"]),
        ("工地招小工 200/天 大工320/天", ["小工", "大工"]),
        ("搬家公司招搬运工、司机各2名", ["搬运工", "司机"]),
        ("今天天气好", []),
        ("", []),
    ],
)
def test_titles(text: str, titles: list[str]) -> None:
    assert [one["title"] for one in openings(text)] == titles


def test_a_pay_without_a_title_is_still_an_opening() -> None:
    one = only("招人，一天150，电话15200007788")
    assert (one["title"], one["pay_min"], one["contact_phone"]) == (None, 150.0, "15200007788")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("招保洁2名", 2),
        ("招保洁1-3人", 3),
        ("招三四个保洁", 4),
        ("招保洁十五名", 15),
        ("招保洁若干", None),
        ("招保洁，6人间宿舍，一天8小时", None),
        ("擦玻璃，要5个人", 5),
        ("物业要个保洁", 1),
        ("保洁*2", 2),
        ("收银员：1", 1),
        ("招一个钟点工", 1),
        ("大量招普工，50名", 50),
    ],
)
def test_headcount(text: str, count: int | None) -> None:
    assert only(text)["headcount"] == count


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("招普工，4k-5k", 4000, 5000, "month"),
        ("招普工，18块一个小时", 18, 18, "hour"),
        ("招送水工，一桶1.5元，一天能送100桶左右", 1.5, 1.5, "piece"),
        ("招店员，底薪2600+提成", 2600, None, "month"),
        ("招司机，5200+油费补贴", 5200, 5200, "month"),
        ("招保洁，每天一遍，2400一个月", 2400, 2400, "month"),
        ("招缝纫工，手快的六七千，手慢的四千多", 4000, 7000, "month"),
        ("招保安，身高一米七以上，3000", 3000, 3000, "month"),
        ("招厨师，工资面议", None, None, None),
        ("招保洁，电话6800 1122", None, None, None),
    ],
)
def test_pay(text: str, low: float | None, high: float | None, unit: str | None) -> None:
    one = only(text)
    assert (one["pay_min"], one["pay_max"], one["pay_unit"]) == (low, high, unit)


@pytest.mark.parametrize(
    ("text", "place", "employer"),
    [
        ("招保安，地址：冶金三村菜市场旁", "冶金三村菜市场旁", None),
        ("蓝蒲物业招保安，西彭园区", "西彭园区", "蓝蒲物业"),
        ("广东佛山家具厂招普工，5000", "广东佛山", None),
        ("奶茶店招人，收银一名，就在渝州路", "渝州路", None),
        ("某食品厂招包装工，含谷", "含谷", None),
        ("招缝纫工，居家办公", "居家办公", None),
        ("招保安，单位厂车到两路口", None, None),
    ],
)
def test_place_and_employer(text: str, place: str | None, employer: str | None) -> None:
    one = only(text)
    assert (one["place_words"], one["employer"]) == (place, employer)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("招保安，两班倒，做四休二", "两班倒，做四休二"),
        ("招收银，早8晚6，2600，单休", "早8晚6 | 单休"),
        ("招保洁，早上7点到11点，下午2点到5点半", "早上7点到11点，下午2点到5点半"),
        ("招工人，每天8小时，22元一小时", "每天8小时"),
        ("招保姆，每周一三五下午两点到五点", "每周一三五下午两点到五点"),
        ("招普工，大巴每周一发车", None),
        ("招普工", None),
    ],
)
def test_hours(text: str, words: str | None) -> None:
    assert openings(text)[0]["hours_words"] == words


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("招文员，大专以上", "college"),
        ("招普工，初中文化", "junior_high"),
        ("招护理员，高中或中专学历", "senior_high"),
        ("招保洁，学历不限", "none"),
        ("招保洁，不识字也行", "none"),
        ("招保安，实验小学旁边", None),
    ],
)
def test_education(text: str, level: str | None) -> None:
    assert only(text)["education"] == level


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("招电工，得有高压电工证", ["高压电工证"]),
        ("招司机，C1以上驾照", ["C1以上驾照"]),
        ("招厨师，持厨师证、健康证", ["厨师证", "健康证"]),
        ("招保安，有保安证优先", []),
        ("招帮厨，健康证入职后办", []),
        ("招普工，带身份证", []),
        ("招月嫂，没证的莫来", []),
    ],
)
def test_certificates(text: str, names: list[str]) -> None:
    assert only(text)["certificates"] == names


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("招普工，包吃住，五险一金，高温补贴", ["包吃住", "五险一金", "高温补贴"]),
        ("招普工，包吃不包住", ["包吃"]),
        ("招普工，没得社保，不管饭", []),
        ("招普工，福利：生日蛋糕、免费理发", ["生日蛋糕", "免费理发"]),
        ("医院食堂招切配工", []),
    ],
)
def test_welfare(text: str, given: list[str]) -> None:
    assert only(text)["welfare"] == given


LIST = """青溪汽修招聘
钣金工 2名 6000-8000
学徒 3名 2500，包吃住
门卫 1名 2600
——————
钣金工学徒单休，门卫两班倒
门卫要求60岁以下
统一买社保，电话15200007788"""


def test_a_list_of_jobs_is_taken_apart() -> None:
    smith, boy, guard = openings(LIST)
    assert [one["title"] for one in (smith, boy, guard)] == ["钣金工", "学徒", "门卫"]
    assert [one["headcount"] for one in (smith, boy, guard)] == [2, 3, 1]
    assert [one["pay_min"] for one in (smith, boy, guard)] == [6000, 2500, 2600]
    assert [one["hours_words"] for one in (smith, boy, guard)] == ["单休", "单休", "两班倒"]
    assert [one["welfare"] for one in (smith, boy, guard)] == [
        ["买社保"],
        ["包吃住", "买社保"],
        ["买社保"],
    ]
    assert [one["illegal"] for one in (smith, boy, guard)] == [[], [], ["age"]]
    assert {one["employer"] for one in (smith, boy, guard)} == {"青溪汽修"}
    assert {one["contact_phone"] for one in (smith, boy, guard)} == {"15200007788"}


def test_jobs_in_one_line_keep_their_pay() -> None:
    text = "饭堂要厨师1名 阿姨2名 厨师5000 阿姨2600 都要健康证 周末双休"
    cook, aunt = openings(text)
    assert (cook["pay_min"], aunt["pay_min"]) == (5000, 2600)
    assert cook["certificates"] == aunt["certificates"] == ["健康证"]
    assert cook["hours_words"] == aunt["hours_words"] == "周末双休"


def test_what_follows_the_last_job_is_for_all() -> None:
    first, second = openings("招保安2名，3200，保洁1名，2500，包吃，单休")
    assert (first["pay_min"], second["pay_min"]) == (3200, 2500)
    assert first["welfare"] == second["welfare"] == ["包吃"]
    assert first["hours_words"] == second["hours_words"] == "单休"


def test_a_drawn_out_voice_is_no_range_of_pay() -> None:
    one = only("擦鞋师傅～～～2600包两顿")
    assert (one["title"], one["pay_min"], one["pay_max"]) == ("擦鞋师傅", 2600, 2600)


LABELLED = """岗位一：迎宾（女，30岁以下，3200+提成）
岗位二：砧板师傅（持厨师证，5500）
岗位三：勤杂工3人（2500）
地址：二郎，月休三天"""


def test_jobs_under_labels_are_taken_apart() -> None:
    first, second, third = openings(LABELLED)
    assert [one["title"] for one in (first, second, third)] == ["迎宾", "砧板师傅", "勤杂工"]
    assert [one["pay_min"] for one in (first, second, third)] == [3200, 5500, 2500]
    assert [one["illegal"] for one in (first, second, third)] == [["sex", "age"], [], []]
    assert [one["certificates"] for one in (first, second, third)] == [[], ["厨师证"], []]
    assert {one["hours_words"] for one in (first, second, third)} == {"月休三天"}
