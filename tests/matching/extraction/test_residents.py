"""One person's fields read out of paragraphs written for this test."""

from typing import Any

import pytest

from matching.extraction.residents import extract_resident


def test_one_paragraph_whole() -> None:
    text = (
        "我叫幸玉芝，女，52岁，住9栋。以前在鞋厂做针车做了七年，会补衣服、会绣花，有健康证。"
        "腰杆不好提不得重，想找个保洁或者看车棚，就在附近，早上九点以后才得空，一个月两千就够了。"
        "初中毕业，电话 152 0000 7788"
    )
    assert extract_resident(text) == {
        "name": "幸玉芝",
        "age": 52,
        "birth_year": None,
        "sex": "female",
        "phone": "15200007788",
        "wanted": ["保洁", "看车棚"],
        "skills": ["补衣服", "绣花"],
        "certificates": ["健康证"],
        "limits": ["lifting"],
        "reach": "street",
        "hours": "早上九点以后才得空",
        "min_pay_month": 2000.0,
        "education": "junior_high",
        "experience": [{"title": "鞋厂做针车", "years": 7}],
        "looking": True,
    }


def field(name: str, text: str) -> Any:
    return extract_resident(text)[name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("姓名：欧阳丽，想做保洁", "欧阳丽"),
        ("3栋的邵家贵，51", "邵家贵"),
        ("小覃，想当店员", "小覃"),
        ("我姓苟，做过焊工", "苟"),
        ("本人肖芳，45", "肖芳"),
        ("5栋的何孃孃，想做保洁", "何孃孃"),
        ("想做白案，包吃住", None),
        ("高中毕业，想找工作", None),
    ],
)
def test_name(text: str, name: str | None) -> None:
    assert field("name", text) == name


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("今年47", 47),
        ("五十六，想做保洁", 56),
        ("我妈62，想找个扫地的", 62),
        ("男，33岁", 33),
        ("快六十了", None),
        ("五十多", None),
        ("娃儿12岁", None),
        ("要照顾80岁的婆婆", None),
        ("73年的", None),
    ],
)
def test_age(text: str, age: int | None) -> None:
    assert field("age", text) == age


def test_birth_year_is_not_made_an_age() -> None:
    person = extract_resident("龙显贵，73年的，开过货车")
    assert (person["birth_year"], person["age"]) == (1973, None)


@pytest.mark.parametrize(
    ("text", "sex"),
    [("女，40", "female"), ("小伙子，有力气", "male"), ("我老公不得空", None), ("带女儿", None)],
)
def test_sex(text: str, sex: str | None) -> None:
    assert field("sex", text) == sex


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("想找个门卫或者保洁", ["门卫", "保洁"]),
        ("想进厂，不想送外卖", ["进厂"]),
        ("洗碗、择菜都可以", ["洗碗", "择菜"]),
        ("有没得扫地的活路嘛", ["扫地"]),
        ("我老汉儿61，想给他找个看仓库的", ["看仓库"]),
        ("月嫂，有健康证", ["月嫂"]),
        ("扫街的要不要人", ["扫街"]),
        ("希望做会计助理", ["会计助理"]),
        ("想在学校食堂帮厨", ["学校食堂帮厨"]),
        ("做保洁最合适", ["保洁"]),
        ("想上个班", []),
        ("帮人带孩子，有耐心", ["带孩子"]),
        ("司机，A2，跑过长途", ["司机"]),
        ("不识字，有力气", []),
        ("啥子都行", []),
        ("不想做保安了", []),
        ("想学个手艺", []),
        ("离屋头近就好", []),
    ],
)
def test_wanted(text: str, wanted: list[str]) -> None:
    assert field("wanted", text) == wanted


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("会踩缝纫机", ["踩缝纫机"]),
        ("做饭、带娃儿都会", ["做饭", "带娃儿"]),
        ("学过理发", ["理发"]),
        ("普通话说得好", ["普通话"]),
        ("会编竹篓会打毛线", ["编竹篓", "打毛线"]),
        ("不会电脑", []),
        ("老婆会煮饭", []),
    ],
)
def test_skills(text: str, skills: list[str]) -> None:
    assert field("skills", text) == skills


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("有电工证和健康证", ["电工证", "健康证"]),
        ("C1驾照拿了五年", ["C1驾照"]),
        ("叉车证过期了", []),
        ("正在考会计证", []),
        ("有残疾证", []),
    ],
)
def test_certificates(text: str, held: list[str]) -> None:
    assert field("certificates", text) == held


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("重活做不得", ["lifting"]),
        ("站久了脚肿", ["standing"]),
        ("走不远，爬楼恼火", ["walking", "stairs"]),
        ("坐轮椅", ["standing", "walking", "stairs"]),
        ("一晒就起疹子", ["outdoors"]),
        ("恐高", ["heights"]),
        ("熬不得夜", ["night"]),
        ("手爱抖", ["fine_hand"]),
        ("左手没得力", ["two_hands"]),
        ("小字看不清", ["eyesight"]),
        ("耳朵背", ["hearing"]),
        ("说话结巴", ["speech"]),
        ("认不到字", ["reading"]),
        ("用的老年机", ["smartphone"]),
        ("不想跟客人打交道", ["customer_contact"]),
        ("近视，戴眼镜没问题", []),
        ("不怕熬夜，夜班也可以", []),
        ("婆婆偏瘫在床", []),
        ("有高血压", []),
    ],
)
def test_limits(text: str, limits: list[str]) -> None:
    assert field("limits", text) == limits


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        ("出不到门，想做手工", "home"),
        ("小区里头最好", "estate"),
        ("近点的，走得拢", "street"),
        ("石桥铺、杨家坪都行", "district"),
        ("主城都可以", "city"),
        ("外地也去", "anywhere"),
        ("不去外省，就在本区", "district"),
        ("以前在南坪上班", None),
        ("儿子在外地上班", None),
    ],
)
def test_reach(text: str, reach: str | None) -> None:
    assert field("reach", text) == reach


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("想做保洁，上午八点到中午十二点得空，星期天不行", "上午八点到中午十二点得空，星期天不行"),
        ("想进厂，长白班", "长白班"),
        ("不上夜班，初中毕业，双休", "不上夜班 | 双休"),
        ("想做保洁，电话晚上打", None),
    ],
)
def test_hours(text: str, words: str | None) -> None:
    assert field("hours", text) == words


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("一个月两千多就够了", 2000),
        ("工资四五千", 4000),
        ("3500以上", 3500),
        ("一天两百", None),
        ("退休金两千八", None),
        ("以前一个月六千", None),
    ],
)
def test_least_pay(text: str, least: float | None) -> None:
    assert field("min_pay_month", text) == least


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("大专毕业", "college"),
        ("高中没毕业", "junior_high"),
        ("小学没读完", "none"),
        ("没读过书", "none"),
        ("初中读完，没读高中", "junior_high"),
        ("娃儿读初中", None),
        ("认不到字", None),
    ],
)
def test_education(text: str, level: str | None) -> None:
    assert field("education", text) == level


@pytest.mark.parametrize(
    ("text", "experience"),
    [
        ("以前卖过菜", [{"title": "卖菜", "years": None}]),
        ("在鞋厂打包打了三年多", [{"title": "鞋厂打包", "years": 3}]),
        ("当了半年保安", [{"title": "保安", "years": 0.5}]),
        ("原来在石桥铺修了八年电脑", [{"title": "修电脑", "years": 8}]),
        ("月嫂，有健康证，做了八年", [{"title": "月嫂", "years": 8}]),
        ("干过保洁、洗碗", [{"title": "保洁", "years": None}, {"title": "洗碗", "years": None}]),
        ("二十年的木工", [{"title": "木工", "years": 20}]),
        ("开过出租车十年", [{"title": "开出租车", "years": 10}]),
        ("退休教师", [{"title": "教师", "years": None}]),
        ("毕业三年了", []),
        ("在家歇了两年", []),
    ],
)
def test_experience(text: str, experience: list[dict[str, Any]]) -> None:
    assert field("experience", text) == experience


@pytest.mark.parametrize(
    ("text", "looking"),
    [
        ("已经找到工作了", False),
        ("莫再打电话来了", False),
        ("暂时不找，明年再说", False),
        ("现在做得好好的，不换", False),
        ("白天没得空，周末想做点临时工", True),
        ("想学个手艺", True),
    ],
)
def test_looking(text: str, looking: bool) -> None:
    assert field("looking", text) is looking
