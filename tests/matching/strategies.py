"""Random records of every shape for property tests: odd words, empty lists, missing fields."""

from typing import Any

from hypothesis import strategies as st

from matching.records import (
    Demand,
    Education,
    Experience,
    Kind,
    Opening,
    PastOpening,
    PayRange,
    PayUnit,
    Reach,
    Seeker,
    Window,
)

_CLOCKS = st.one_of(
    st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 59])),
    st.sampled_from(["24:00", "00:00", "6:00", "22:00"]),
)
WINDOWS = st.builds(
    Window,
    days=st.text("1234567", max_size=7),
    start=_CLOCKS,
    end=_CLOCKS,
    flexible=st.sampled_from([False, False, False, True]),
)
ROUND_THE_CLOCK = Window(start="00:00", end="24:00")
WIDE_WINDOWS = st.builds(
    Window,
    days=st.sampled_from(["1234567", "12345", "67"]),
    start=st.sampled_from(["00:00", "06:00", "20:00"]),
    end=st.sampled_from(["24:00", "20:00", "06:00"]),
)
PLACES = st.sampled_from(
    [
        None,
        "",
        "/",
        "重庆市",
        "重庆/九龙坡区",
        "重庆市／九龙坡 / 华岩街道",
        "重庆市/九龙坡区/华岩镇/华龙家园",
        "重慶市/九龍坡區/華巖鎮",
        "重庆市/渝北区/龙山街道/松牌社区",
        "CA/Palo Alto",
        "CA",
        "ca/San Jose",
    ]
)
DEMANDS = st.lists(
    st.sampled_from([*Demand, " Night ", "闻油漆味", "聞油漆味", "", "!!"]), max_size=3
)
CERTIFICATES = st.lists(
    st.sampled_from(
        [
            "健康证",
            "从业人员健康证明",
            "C1驾照",
            "A2驾驶证",
            "驾驶证",
            "电工证",
            "低压电工作业证",
            "",
            " ",
            "()",
        ]
    ),
    max_size=3,
)
_EDUCATION = st.none() | st.sampled_from(Education)

OPENINGS = st.builds(
    Opening,
    id=st.just("o"),
    kind=st.sampled_from(Kind),
    place=PLACES,
    at_home=st.booleans(),
    certificates=CERTIFICATES,
    education=_EDUCATION,
    demands=DEMANDS,
    hours=st.lists(WINDOWS, max_size=2) | st.lists(WIDE_WINDOWS, max_size=1),
    flexible=st.sampled_from([False, False, True]),
    hazardous=st.sampled_from([False, False, True]),
    capacity=st.sampled_from([1, 1, 1, 5, 0, -2]),
)
SEEKERS = st.builds(
    Seeker,
    id=st.just("s"),
    certificates=CERTIFICATES,
    education=_EDUCATION,
    age=st.none() | st.sampled_from([-1, 0, 15, 16, 17, 18, 40]),
    home=PLACES,
    reach=st.none() | st.sampled_from(Reach),
    available=st.none() | st.lists(WINDOWS | WIDE_WINDOWS, max_size=4),
    limits=DEMANDS,
    kinds=st.none() | st.lists(st.sampled_from(Kind), max_size=3),
)

_PHRASES = st.lists(
    st.sampled_from(
        ["做保洁", " 打扫卫生", "会踩缝纫机", "带娃", "照看小孩", "超市收银", "做饭", "电工",
         "開叉車", "Excel", "护理老人", "串珠子", "", "  ", "??"]
    ),
    max_size=2,
)  # fmt: skip
_TITLES = st.sampled_from(
    ["小区保洁员", "缝纫工", "托管班阿姨", "收银员 ", "餐厅洗碗工", "低压电工", "叉车司机",
     "手工串珠", "办公室文员", "", " "]
)  # fmt: skip
_PAY = st.none() | st.one_of(
    st.builds(
        PayRange,
        text=st.sampled_from(
            ["2200-2600元/月", "底薪3000+提成", "最高5000", "20元/小时", "0.35元/个", "面议", ""]
        ),
    ),
    st.builds(
        PayRange,
        min=st.none() | st.integers(1, 6000),
        max=st.none() | st.integers(1, 6000),
        unit=st.none() | st.sampled_from(PayUnit),
    ),
)
_JOBS = st.builds(Experience, title=_TITLES, years=st.none() | st.floats(0, 30))
_PAST = st.builds(
    PastOpening,
    title=_TITLES,
    place=PLACES,
    kind=st.sampled_from(Kind),
    action=st.sampled_from(["viewed", "applied", "hired", "declined", "left"]),
)


def _with(records: Any, **more: Any) -> Any:
    """Records of a strategy with further fields."""
    return st.builds(
        lambda record, fields: type(record).model_validate({**dict(record), **fields}),
        records,
        st.fixed_dictionaries(more),
    )


# With words, pay and a past, and near enough to each other that there are reasons to tell.
_NEAR = st.sampled_from(
    ["重庆市/九龙坡区/华岩镇/华龙家园", "重庆市/九龙坡区/华岩镇", "重庆市/九龙坡区/石桥铺街道"]
)
RICH_OPENINGS = _with(
    OPENINGS,
    title=_TITLES,
    skills=_PHRASES,
    teaches=_PHRASES,
    category=st.none() | _TITLES,
    pay=_PAY,
    place=_NEAR | PLACES,
    at_home=st.sampled_from([False, False, True]),
    hours=st.just([]) | st.lists(WINDOWS, max_size=2),
)
RICH_SEEKERS = _with(
    SEEKERS,
    wanted=_PHRASES,
    skills=_PHRASES,
    experience=st.lists(_JOBS, max_size=2),
    home=_NEAR | PLACES,
    available=st.none() | st.lists(WINDOWS | WIDE_WINDOWS, max_size=4) | st.just([ROUND_THE_CLOCK]),
    min_pay=st.none() | st.sampled_from([0, 1000, 2200, 3000.5, 9000]),
    past=st.lists(_PAST, max_size=3),
)
