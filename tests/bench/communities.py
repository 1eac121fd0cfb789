"""Made-up communities of any size, always alike: seekers and openings of a large town.

Wishes, trades, places, hours and demands are drawn from short lists that read like the branch's
own records, with enough small differences that few records are equal.
"""

import random
from typing import Any

from matching.records import Opening, Seeker

TRADES: dict[str, tuple[list[str], list[str]]] = {
    "保洁员": (["做保洁", "打扫卫生", "搞清洁"], ["擦玻璃", "拖地"]),
    "保安": (["当保安", "守大门", "看门"], ["巡逻", "登记来访"]),
    "育儿嫂": (["带娃", "带小孩", "照看宝宝"], ["照看小孩", "做辅食"]),
    "月嫂": (["做月嫂", "照顾产妇"], ["母婴护理", "催乳"]),
    "护工": (["照顾老人", "在医院陪护"], ["护理老人", "翻身擦洗"]),
    "缝纫工": (["踩缝纫机", "做衣服"], ["平车", "锁边"]),
    "手工串珠": (["做手工", "在家串珠子"], ["串珠", "手细"]),
    "十字绣加工": (["绣花", "做十字绣"], ["刺绣"]),
    "厨师": (["炒菜", "当厨师"], ["炒菜", "配菜"]),
    "洗碗工": (["洗碗", "餐馆帮工"], ["洗碗", "摘菜"]),
    "服务员": (["端盘子", "当服务员"], ["点菜", "接待"]),
    "收银员": (["收银", "超市收钱"], ["收银", "点钞"]),
    "理货员": (["摆货架", "理货"], ["理货", "盘点"]),
    "快递分拣员": (["分快递", "在快递站做"], ["分拣", "扫码"]),
    "外卖骑手": (["送外卖", "跑腿"], ["骑电动车"]),
    "货车司机": (["开货车", "开车"], ["开车", "认路"]),
    "网约车司机": (["跑滴滴", "开车"], ["开车"]),
    "仓库管理员": (["管仓库", "看仓库"], ["入库", "盘点"]),
    "搬运工": (["搬东西", "卸货"], ["搬运"]),
    "电工": (["当电工", "修电路"], ["布线", "修电路"]),
    "水电安装工": (["装水电", "修水管"], ["水电安装"]),
    "焊工": (["电焊", "烧焊"], ["电焊", "看图"]),
    "电子厂普工": (["进电子厂", "进厂"], ["组装", "插件"]),
    "绿化养护工": (["种花种草", "修剪树枝"], ["修剪", "浇水"]),
    "会计": (["做账", "当会计"], ["做账", "报税"]),
    "文员": (["坐办公室", "打字"], ["打字", "Excel"]),
    "客服": (["接电话", "做客服"], ["普通话", "打字"]),
    "理发师": (["剪头发", "学理发"], ["剪发", "烫染"]),
    "家政钟点工": (["做家政", "做钟点工"], ["做饭", "收拾屋子"]),
    "保育员": (["在幼儿园上班", "带小孩"], ["照看小孩", "讲故事"]),
}
CERTIFICATES = {
    "电工": "低压电工作业证",
    "水电安装工": "低压电工作业证",
    "焊工": "焊工证",
    "货车司机": "B2驾驶证",
    "网约车司机": "C1驾驶证",
    "厨师": "健康证",
    "洗碗工": "健康证",
    "服务员": "健康证",
    "保育员": "保育员证",
    "会计": "初级会计证",
}
HOME_WORK = ("手工串珠", "十字绣加工", "缝纫工")
BEFORE = ["", "", "急招", "诚聘", "小区", "商场", "医院", "学校", "夜班", "兼职", "连锁"]
AFTER = ["", "", "（包吃）", "若干名", "（长白班）", "两班倒", "（可住宿）", "（附近优先）"]
DUTIES = ["清点物品", "接待来人", "照看设备", "登记台账", "收拾场地", "听从安排", "配合同事"]
DEMANDS = ["standing", "walking", "lifting", "stairs", "outdoors", "fine_hand", "smartphone"]
EDUCATION = ["none", "primary", "junior_high", "senior_high", "vocational", "college"]
SHIFTS = [
    ("12345", "08:30", "17:30"),
    ("123456", "09:00", "18:00"),
    ("1234567", "07:00", "15:00"),
    ("1234567", "15:00", "23:00"),
    ("1234567", "22:00", "06:00"),
    ("12345", "09:00", "15:00"),
    ("67", "09:00", "18:00"),
]
FREE = [
    ("1234567", "00:00", "24:00"),
    ("12345", "08:00", "18:00"),
    ("1234567", "07:00", "19:00"),
    ("12345", "08:30", "16:30"),
    ("67", "08:00", "20:00"),
]


def _place(draw: random.Random, depth: int) -> str:
    district, street, estate = draw.randrange(9), draw.randrange(6), draw.randrange(8)
    parts = [
        "重庆市",
        f"第{district}区",
        f"{district}{street}街道",
        f"{district}{street}{estate}家园",
    ]
    return "/".join(parts[:depth])


def _window(row: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("days", "start", "end"), row, strict=True))


def opening_row(draw: random.Random, number: int) -> dict[str, Any]:
    trade = draw.choice(list(TRADES))
    home = trade in HOME_WORK and draw.random() < 0.6
    low = draw.randrange(18, 70) * 100
    row: dict[str, Any] = {
        "id": f"o{number}",
        "kind": "piecework" if home else draw.choice(["vacancy"] * 18 + ["course", "venture"]),
        "title": draw.choice(BEFORE) + trade + draw.choice(AFTER),
        "employer": draw.choice("金华富安")
        + draw.choice("源盛达美")
        + f"第{draw.randrange(400)}店",
        "category": trade[-2:],
        "description": "，".join(draw.sample(DUTIES, 3)) + f"，{draw.choice(TRADES[trade][0])}",
        "place": _place(draw, draw.choice([2, 3, 4, 4])),
        "at_home": home,
        "skills": draw.sample(TRADES[trade][1], 1),
        "demands": draw.sample(DEMANDS, draw.choice([0, 1, 1, 2])),
        "pay": {"text": "0.35元/个" if home else f"{low}-{low + 1500}元/月"},
        "capacity": draw.choice([1, 1, 2, 3, 5, 10]),
    }
    if draw.random() < 0.3:
        row["education"] = draw.choice(EDUCATION)
    if trade in CERTIFICATES and draw.random() < 0.7:
        row["certificates"] = [CERTIFICATES[trade]]
    if not home and draw.random() < 0.8:
        row["hours"] = [_window(draw.choice(SHIFTS))]
    if row["kind"] == "course":
        row |= {"teaches": [draw.choice(list(CERTIFICATES.values()))], "certificates": []}
    return row


def seeker_row(draw: random.Random, number: int) -> dict[str, Any]:
    trades = draw.sample(list(TRADES), 3)
    row: dict[str, Any] = {
        "id": f"s{number}",
        "household": f"h{number * 5 // 8}",
        "wanted": [draw.choice(TRADES[trade][0]) for trade in trades[:2]],
        "skills": [draw.choice(TRADES[trade][1]) for trade in trades[1:]],
        "experience": [{"title": trades[2], "years": draw.randrange(1, 9)}],
        "age": draw.randrange(16, 64),
        "home": _place(draw, 4),
        "reach": draw.choice(["home", "estate", "street", "district", "district", "city", "city"]),
        "limits": draw.sample(DEMANDS, draw.choice([0, 0, 1, 1, 2])),
        "min_pay": draw.choice([2000, 2500, 3000, 4000]),
        "certificates": [CERTIFICATES[t] for t in trades if t in CERTIFICATES][:1],
    }
    if draw.random() < 0.8:
        row["education"] = draw.choice(EDUCATION)
    if draw.random() < 0.7:
        row["available"] = [_window(draw.choice(FREE))]
    if draw.random() < 0.1:
        row["kinds"] = ["vacancy", "piecework"]
    if draw.random() < 0.1:
        row["priority"] = ["zero_employment_household"]
    return row


def openings(count: int) -> list[Opening]:
    """Return so many openings; a longer list begins with the shorter one."""
    draw = random.Random(1)
    return [Opening.model_validate(opening_row(draw, number)) for number in range(count)]


def seekers(count: int) -> list[Seeker]:
    """Return so many seekers; a longer list begins with the shorter one."""
    draw = random.Random(2)
    return [Seeker.model_validate(seeker_row(draw, number)) for number in range(count)]
