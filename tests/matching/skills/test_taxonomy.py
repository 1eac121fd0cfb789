"""The reference tables hold together: every code exists and every form leads to one name."""

import re
from collections import Counter

import pytest

from matching.eligibility.places import split_path
from matching.skills.linker import SkillLinker, read_entries
from matching.text.normalise import squeeze
from matching.utils.reference_tables import DATA_DIR, data_path, read_table, split_cell

SKILLS = list(read_table(data_path("skills.csv")))
OCCUPATIONS = list(read_table(data_path("occupations.csv")))
OF_OUR_COMMUNITY = """
    保洁员 家政服务员 月嫂 育婴师 养老护理员 护工 中餐厨师 帮厨 洗碗工 餐厅服务员 收银员
    理货员 仓库管理员 分拣员 快递员 外卖员 保安 门卫 停车管理员 物业维修工 水电工 电工 焊工
    泥瓦匠 油漆工 木工 搬运工 建筑小工 司机 代驾 叉车司机 缝纫工 裁剪工 刺绣工 编织工 串珠工
    手工花制作 包装工 贴标工 组装工 普工 质检员 摆摊 小面师傅 凉粉凉面制作 卖鱼 卖菜 卖水果
    修鞋匠 手机维修 家电维修 理发师 美容师 按摩师 客服 打字员 电商运营 直播带货 短视频制作
    园林绿化工 养猪 种菜 废品回收 洗车工 汽车维修 社会工作者 网格员 保育员 带孩子 接送孩子
    陪诊员 手语翻译 会用电脑 办公软件 会计 会用智能手机 会说普通话 会算账 会骑电瓶车 力气大
    细心
"""


def test_size() -> None:
    assert len(SKILLS) >= 500
    assert sum(len(split_cell(row["variants"])) for row in SKILLS) >= 3000


def test_every_code_is_an_occupation_of_the_last_level() -> None:
    known = {row["code"] for row in OCCUPATIONS if row["level"] == "4"}
    assert {row["code"] for row in SKILLS if row["code"]} <= known


def test_a_skill_has_no_code_and_an_occupation_has_one() -> None:
    assert {row["kind"] for row in SKILLS} == {"occupation", "skill"}
    wrong = [row["name"] for row in SKILLS if (row["kind"] == "occupation") != bool(row["code"])]
    assert wrong == []


def test_every_form_belongs_to_one_name() -> None:
    forms = Counter(
        squeeze(form) for row in SKILLS for form in (row["name"], *split_cell(row["variants"]))
    )
    assert [form for form, count in forms.items() if count > 1 or not form] == []


def test_rows_are_sorted_by_code_then_name_with_skills_last() -> None:
    keys = [(row["kind"] == "skill", row["code"], row["name"]) for row in SKILLS]
    assert keys == sorted(keys)


def test_the_community_s_occupations_are_there() -> None:
    assert set(OF_OUR_COMMUNITY.split()) <= {row["name"] for row in SKILLS}


@pytest.mark.parametrize("row", SKILLS, ids=lambda row: row["name"])
def test_every_name_is_said_in_several_ways(row: dict[str, str]) -> None:
    assert len(split_cell(row["variants"])) >= 2
    assert all(len(form) <= 14 for form in split_cell(row["variants"]))


def test_codes_of_the_classification_are_unique_and_well_formed() -> None:
    codes = [row["code"] for row in OCCUPATIONS]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"\d-\d\d-\d\d-\d\d", code) for code in codes)
    assert sum(row["level"] == "4" for row in OCCUPATIONS) > 1600


def test_every_occupation_is_linked_by_its_official_name() -> None:
    codes: dict[str, set[str]] = {}
    for row in OCCUPATIONS:
        if row["level"] == "4":
            codes.setdefault(row["name"], set()).add(row["code"])
    found = SkillLinker.default().link_many(list(codes), top=1)
    missed = [
        name for name, links in zip(codes, found, strict=True) if links[0].code not in codes[name]
    ]
    assert missed == []


def test_names_are_unique() -> None:
    names = [entry.name for entry in read_entries()]
    assert len(set(names)) == len(names)


def test_places_hold_the_community_under_its_town() -> None:
    places = {row["path"]: row for row in read_table(data_path("places.csv"))}
    town = "重庆市/九龙坡区/华岩镇"
    assert places[town]["code"] == "500107102"
    assert "华岩街道" in split_cell(places[town]["aliases"])
    assert f"{town}/华龙家园" in places
    assert split_path("重庆市/九龙坡区/华岩街道/华龙家园") == split_path(f"{town}/华龙家园")
    for path in places:
        parent = path.rpartition("/")[0]
        assert not parent or parent in places


def test_pay_floors_are_dated_rows_to_be_confirmed() -> None:
    rows = list(read_table(data_path("pay_floors.csv")))
    assert len({(row["region"], row["tier"], row["valid_from"]) for row in rows}) == len(rows)
    for row in rows:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["valid_from"])
        assert row["source"]
        assert row["confirmed"] in {"yes", "no"}
        # A month is 21.75 days of 8 hours; the hourly floor adds what an employer would insure.
        assert 1 < float(row["hour_yuan"]) * 174 / float(row["month_yuan"]) < 2


def test_every_table_is_described() -> None:
    described = (DATA_DIR / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in DATA_DIR.glob("*.csv") if f"`{path.name}`" not in described] == []
