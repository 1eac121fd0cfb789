"""Workbooks as other offices keep them, with what should come of each row, written by hand.

Nobody in them exists: numbers to ring are of a block that is not given out, and identity numbers
are made up with a right check digit.
"""

import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from stdnum.iso7064 import mod_11_2

#: (sheet, row, name) → fields of the record and ``accepted``, as they should come out.
Expected = dict[tuple[str | None, int, str], dict[str, Any]]
Nobody = set[tuple[str | None, int]]


def id_number(born: str, serial: int) -> str:
    """Return a made-up number of somebody born on YYYYMMDD."""
    digits = f"110000{born}{serial:03d}"
    return digits + mod_11_2.calc_check_digit(digits)


def _bytes(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(sheet: Any, rows: Iterable[Iterable[Any]]) -> None:
    for row in rows:
        sheet.append(list(row))


def rounds() -> tuple[bytes, Expected, Nobody]:
    """Return what a warden noted on her rounds: a sheet a building, staircases as headings, ticks.

    Nobody in it needs a person to look first.
    """
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "11栋"
    _fill(
        sheet,
        [
            ["网格员上门走访记录（2025年3月）"],
            ["房号", "姓 名", "手机", "就业情形", None, None, "特殊情况", None, "走访说明"],
            [None, None, None, "上班", "想找活", "不找", "低保", "残疾证", None],
            ["1单元"],
            ["3-2", "庹小芹", "13000000011", None, "√", None, "√", None, "想找保洁，晚上不得行"],
            ["7-1", "蹇德明", "13000000012", "√", None, None, None, None, "在小区门口当保安"],
            ["2单元（12户）"],
            [
                "5-4",
                "佘国珍",
                "65000013（儿子）",
                None,
                None,
                "√",
                None,
                "肢体四级",
                "带孙孙，走不得",
            ],
            ["9-3", "庹亮", None, None, "√", None, None, None, "大专，会修电脑，要3500以上"],
            ["本栋走访4户，敲门没人的另记"],
        ],
    )
    sheet.merge_cells("A1:I1")
    sheet.merge_cells("D2:F2")
    sheet.merge_cells("G2:H2")
    for column in "ABCI":
        sheet.merge_cells(f"{column}2:{column}3")
    sheet.merge_cells("A4:I4")
    other = book.create_sheet("12栋")
    _fill(
        other,
        [
            ["姓名", "单元", "门号", "联系电话", "现在情况", "想做啥子"],
            ["但家祥", "1", "2-2", "130 0000 0014", "失业", "守大门"],
            ["但小雪", "1", "2-2", "同上", "读初中", None],
            ["蔺昌兰", "2", "10-1", "13000000015", "在外头打工，过年才回", None],
            ["操成英", "3", "4-4", "13000000016", "屋头没得事", "手工活、糊盒子"],
            ["合计：4人"],
        ],
    )
    notes = book.create_sheet("填写说明")
    _fill(notes, [["一行写一个人"], ["姓名", "门号", "电话"], ["例：王某某", "1-1", "13000000000"]])
    return _bytes(book), {
        ("11栋", 5, "庹小芹"): {
            "accepted": True, "phone": "13000000011", "unit_address": "11栋/1单元/3-2",
            "low_income": True, "status": "looking", "wanted": ["保洁"], "limits": ["night"],
        },
        ("11栋", 6, "蹇德明"): {
            "accepted": True, "unit_address": "11栋/1单元/7-1", "status": "employed", "wanted": [],
        },
        ("11栋", 8, "佘国珍"): {
            "accepted": True, "phone": "65000013", "unit_address": "11栋/2单元/5-4",
            "disability": "肢体四级", "status": "unknown",
        },
        ("11栋", 9, "庹亮"): {
            "accepted": True, "unit_address": "11栋/2单元/9-3", "education": "college",
            "skills": ["修电脑"], "min_pay_month": 3500, "status": "looking",
        },
        ("12栋", 2, "但家祥"): {
            "accepted": True, "phone": "13000000014", "unit_address": "12栋/1单元/2-2",
            "wanted": ["守大门"], "status": "looking",
        },
        ("12栋", 3, "但小雪"): {"accepted": True, "status": "unknown", "phone": "13000000014"},
        ("12栋", 4, "蔺昌兰"): {
            "accepted": True, "unit_address": "12栋/2单元/10-1", "status": "employed",
        },
        ("12栋", 5, "操成英"): {
            "accepted": True, "wanted": ["手工活", "糊盒子"], "status": "looking",
        },
    }, {
        *(("11栋", row) for row in (1, 2, 3, 4, 7, 10)),
        *(("12栋", row) for row in (1, 6)),
        *(("填写说明", row) for row in (1, 2, 3)),
    }  # fmt: skip


def survey() -> tuple[bytes, Expected, Nobody]:
    """Return a survey: questions as columns, a couple in a cell, numbers that cannot be right."""
    book = Workbook()
    sheet: Any = book.active
    twice = id_number("19700101", 3)
    _fill(
        sheet,
        [
            ["求职意愿摸底", None, None, "摸底时间：2025年4月10日"],
            [
                "姓名",
                "身份证号",
                "电话",
                "门牌",
                "想做的工作",
                "能否上夜班",
                "会不会用智能手机",
                "备注",
            ],
            [
                "贝小林/冼玉芳（妻）",
                None,
                "13000000021",
                "2-1-3-2",
                "夫：开叉车；妻：收银",
                "能",
                "会",
                None,
            ],
            ["逄大成", twice, "13000000022", "2-1-4-1", "门卫", "不能", "不会", "小学没读完"],
            ["逄大成", twice, "13000000023", "2-1-4-1", "门卫", None, None, None],
            ["晏光华", "5.1E+17", "13000000024", "2-2-1-1", None, None, None, "在酒店上班"],
            ["阙世芬", None, "1300000002", "2-2-6-3", None, None, None, "2024年病故"],
            ["宓丽", None, "无", "2-3-7-2", "随便啥都行", "能", "会", "老伴去世，一个人住"],
            ["填表人：", None, None, "审核："],
        ],
    )
    couple = {"accepted": True, "unit_address": "2栋/1单元/3-2", "phone": "13000000021"}
    return _bytes(book), {
        (None, 3, "贝小林"): {**couple, "wanted": ["开叉车"], "phone_of": "self"},
        (None, 3, "冼玉芳"): {**couple, "wanted": ["收银"], "phone_of": "shared", "sex": "female"},
        (None, 4, "逄大成"): {
            "accepted": True, "limits": ["night", "smartphone"], "education": "none",
            "status": "looking", "id_number": twice,
        },
        (None, 5, "逄大成"): {"accepted": False, "refuse": "duplicate"},
        (None, 6, "晏光华"): {
            "accepted": False, "refuse": "id_damaged", "id_error": "scientific",
            "status": "employed",
        },
        (None, 7, "阙世芬"): {"accepted": False, "refuse": "deceased", "phone": None},
        (None, 8, "宓丽"): {"accepted": True, "wanted": [], "status": "looking", "phone": None},
    }, {(None, 1), (None, 2), (None, 9)}  # fmt: skip


def families() -> tuple[bytes, Expected, Nobody]:
    """Return families as an old program saves them: GBK, nothing merged, 低保 by heading."""
    rows = [
        "3栋家庭情况",
        "户号,房号,姓名,与户主关系,出生年月,文化程度,目前状况,会的手艺,要求,电话",
        "低保户：",
        "1,2单元5-1,郜永贵,户主,1966.7,初中,失业,砌砖,2600；附近,130 0000 0031",
        ",,郜小英,女,2012.1,小学在读,读小学,,,",
        "一般户",
        "2,1单元10-3,爨国强,户主,1975年3月,高中,跑出租,开车,,13000000033",
        ",,迮秀兰,配偶,1977年10月,初中,在家,缝纫,3000，接娃晚上不行；想找活,",
        "合计,2户,4人",
    ]
    data = "\r\n".join(rows).encode("gb18030")
    return data, {
        (None, 4, "郜永贵"): {
            "accepted": True, "unit_address": "3栋/2单元/5-1", "low_income": True,
            "birth": "1966-07",
            "skills": ["砌砖"], "min_pay_month": 2600, "reach": "street", "status": "looking",
        },
        (None, 5, "郜小英"): {
            "accepted": False, "refuse": "under_16", "unit_address": "3栋/2单元/5-1",
            "low_income": True, "education": "none", "status": "unknown",
        },
        (None, 7, "爨国强"): {
            "accepted": True, "unit_address": "3栋/1单元/10-3", "low_income": None,
            "status": "employed", "education": "senior_high",
        },
        (None, 8, "迮秀兰"): {
            "accepted": True, "unit_address": "3栋/1单元/10-3", "phone": None,
            "limits": ["night"], "min_pay_month": 3000, "status": "looking",
        },
    }, {(None, row) for row in (1, 2, 3, 6, 9)}  # fmt: skip


ALL = (rounds, survey, families)
