"""Random records of every shape for property tests: odd words, empty lists, missing fields."""

from hypothesis import strategies as st

from matching.records import Demand, Education, Kind, Opening, Reach, Seeker, Window

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
