"""What the columns of a list of vacancies leave open is read from the description, and says so."""

import pytest

from tests.forms import press
from tests.functional.imports.sheets import choose, settled, upload, workbook
from tests.functional.pages import see
from tests.functional.tables import all_of
from webapp.core.vocabulary import Education
from webapp.imports.models import ImportBatch
from webapp.openings.models import Opening

HEADERS = [
    "职位名称",
    "工资",
    "学历要求",
    "招聘人数",
    "工作时间",
    "技能要求",
    "证书要求",
    "职位描述",
]
DESCRIPTION = (
    "招聘人数：4人\n1、高中以上学历，本科优先\n2、会做面点，持有健康证\n3、上班时间9:00-17:00，双休"
)
OPEN = ["面点工", "4000元/月", None, "若干", None, None, None, DESCRIPTION]
SAID = [
    "面点师",
    "4000元/月",
    "初中",
    "2人",
    "周一至周五 8:00-12:00",
    "包饺子",
    "厨师证",
    DESCRIPTION,
]
NO_LEVEL = ["配菜工", "4000元/月", "不限", "不限", None, None, None, "大专以上学历，能吃苦"]


@pytest.fixture
def page(browser) -> str:
    """The page of a checked list with an open row, one that says all, and one that says 不限."""
    found = upload(browser, workbook(HEADERS, OPEN, SAID, NO_LEVEL)).headers["Location"]
    choose(browser, found, **{"column-5": "skills", "column-6": "certificates"})
    return found


def test_open_columns_are_filled_and_marked_and_a_column_that_says_so_wins(db, browser, page):
    shown = see(browser, page)
    first, second = shown.split("面点师")[0], shown.split("面点师")[1].split("配菜工")[0]
    for words in ("高中", "4", "面点", "健康证"):
        assert f'{words} <span class="tag tag-neutral">描述里读的</span>' in first
    assert "描述里读的" not in second
    assert all_of(db, Opening) == []
    settled(browser, press(browser, page, "/confirm"))
    found = {one.title: one for one in all_of(db, Opening)}
    filled, said, unlimited = (found[name] for name in ("面点工", "面点师", "配菜工"))
    assert (filled.education, filled.headcount) == (Education.SENIOR_HIGH, 4)
    assert (filled.skills, filled.certificates) == (["面点"], ["健康证"])
    assert filled.hours == [{"days": "12345", "start": "09:00", "end": "17:00"}]
    assert filled.description == said.description == DESCRIPTION
    assert (said.education, said.headcount) == (Education.JUNIOR_HIGH, 2)
    assert (said.skills, said.certificates) == (["包饺子"], ["厨师证"])
    assert said.hours[0]["end"] == "12:00"
    assert (unlimited.education, unlimited.headcount) == (Education.NONE, 1)


def test_who_reviews_is_told_what_came_from_the_description(db, browser, page):
    settled(browser, press(browser, page, "/confirm"))
    reasons = {one.title: one.state_reason for one in all_of(db, Opening)}
    told = "从描述里读的，请核对：学历要求、要会什么、要什么证、招聘人数、工作时间"
    assert told in reasons["面点工"]
    assert "描述里" not in reasons["面点师"]
    assert "学历一栏写的不限，描述里要“大专”，请问清单位" in reasons["配菜工"]
    assert "人数写的是“不限”，先按 1 人" in reasons["配菜工"]
    notes = [note["text"] for note in all_of(db, ImportBatch)[0].report["notes"]]
    assert told in notes
