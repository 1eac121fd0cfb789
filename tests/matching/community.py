"""Hand-made openings and seekers of the community that several tests rank."""

from typing import Any

from matching.records import Opening, Seeker

ESTATE = "重庆市/九龙坡区/华岩镇/华龙家园"
STREET = "重庆市/九龙坡区/华岩镇"
DISTRICT = "重庆市/九龙坡区/杨家坪街道"

_OPENINGS: list[dict[str, Any]] = [
    {"title": "小区保洁员", "place": ESTATE, "pay": {"text": "2200-2600元/月"}},
    {"title": "写字楼保洁（白班）", "place": "重庆市/渝中区/解放碑街道"},
    {"title": "住家育儿嫂", "place": DISTRICT, "skills": ["带孩子"]},
    {"title": "托管班阿姨", "place": ESTATE, "skills": ["照看小孩", "做饭"]},
    {"title": "缝纫工", "place": STREET, "skills": ["平车"], "pay": {"text": "3500-5000元/月"}},
    {"title": "手工串珠", "kind": "piecework", "at_home": True, "pay": {"text": "0.35元/个"}},
    {"title": "十字绣加工", "kind": "piecework", "at_home": True, "demands": ["fine_hand"]},
    {"title": "餐厅洗碗工", "place": "重庆市/九龙坡区/石桥铺街道"},
    {"title": "餐厅服务员", "place": "重庆市/九龙坡区/石桥铺街道"},
    {"title": "厨师", "place": "重庆市/九龙坡区", "skills": ["炒菜"]},
    {"title": "保安", "place": ESTATE, "demands": ["night"]},
    {"title": "仓库搬运工", "demands": ["lifting"]},
    {"title": "快递分拣员", "place": STREET},
    {"title": "外卖骑手", "flexible": True, "demands": ["outdoors", "smartphone"]},
    {"title": "货车司机", "certificates": ["B2驾驶证"]},
    {"title": "网约车司机", "certificates": ["C1驾驶证"]},
    {"title": "会计", "education": "college", "skills": ["做账"]},
    {"title": "办公室文员", "education": "senior_high", "skills": ["打字", "Excel"]},
    {"title": "超市收银员", "place": ESTATE},
    {"title": "超市理货员", "place": ESTATE},
    {"title": "养老院护工", "skills": ["护理老人"]},
    {"title": "母婴护理培训班", "kind": "course", "teaches": ["月嫂", "母婴护理"]},
    {"title": "电工培训", "kind": "course", "teaches": ["低压电工证"]},
    {"title": "社区菜市场鱼摊", "kind": "venture"},
    {"title": "美发店学徒"},
    {"title": "电子厂普工"},
    {"title": "水电安装工", "certificates": ["低压电工作业证"]},
    {"title": "绿化养护工", "demands": ["outdoors"]},
    {"title": "家政钟点工", "flexible": True},
    {"title": "幼儿园保育员", "certificates": ["保育员证"], "education": "senior_high"},
]


def openings() -> list[Opening]:
    """Thirty openings of all four kinds."""
    return [Opening(id=f"o{i}", **fields) for i, fields in enumerate(_OPENINGS)]


def seeker(**fields: Any) -> Seeker:
    """A grown-up of the estate, with whatever else is given."""
    return Seeker(**{"id": "s", "home": ESTATE, "age": 40, **fields})
