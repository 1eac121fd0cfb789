"""The piecework orders of the demo: what each is, what it pays, and how far it has come."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.core.vocabulary import Demand
from webapp.demo.content import ESTATE, read
from webapp.openings.fields import OpeningFields
from webapp.piecework.models.order import Acceptance, MaterialUnit, Mode
from webapp.piecework.services.orders import MaterialLine, OrderTerms

#: How much slower than the middle one the three people are who are timed at the centre.
PACES = (0.85, 1.0, 1.25)
_HOUR = 3600


@dataclass(frozen=True)
class Story:
    """One order: its words and terms, and the last step it has come to.

    ``goods`` names the row of ``piecework.json`` that says what a piece pays and how long it
    takes. ``faults`` are what inspectors found: three times to be mended, once for good.
    ``picture`` names the drawing of its sample.
    """

    title: str
    goods: str
    work: str
    quality: str
    unit: str
    pieces: int
    assignment_pieces: int
    began: int
    lasts: int
    until: str
    materials: tuple[MaterialLine, ...]
    faults: tuple[str, str, str, str]
    demands: tuple[Demand, ...] = (Demand.FINE_HAND,)
    mode: Mode = Mode.SUPPLIED
    picture: str = ""

    @property
    def rate(self) -> int:
        """What a family gets for a piece, in fen."""
        return round(float(_goods(self.goods)["rate"]) * 100)

    @property
    def seconds(self) -> int:
        """How long a piece takes somebody of middling skill."""
        return int(_goods(self.goods)["seconds"])

    @property
    def timings(self) -> list[tuple[int, int]]:
        """What three people took at the centre: (seconds, good pieces), about an hour at most."""
        pieces = max(1, min(5, _HOUR // self.seconds))
        return [(int(self.seconds * pace) * pieces, pieces) for pace in PACES]

    @property
    def margin(self) -> int:
        """What the community keeps of a piece, in fen."""
        return max(self.rate // 10, 1)

    @property
    def price(self) -> int:
        """What the company pays a piece, in fen."""
        return self.rate + self.margin * 2

    def terms(self, due: date) -> OrderTerms:
        """Return what the order agrees on, to be done by ``due``."""
        return OrderTerms(
            mode=self.mode,
            piece_unit=self.unit,
            quantity=self.pieces,
            lot_pieces=self.assignment_pieces // 2,
            household_limit=self.assignment_pieces * 3,
            rate_fen=self.rate,
            margin_fen=self.margin,
            price_fen=self.price,
            deadline=due,
            quality=self.quality,
            acceptance=Acceptance.EACH,
            material_supply="材料公司送到社区，按份发，剩下的交回来。",
            materials=list(self.materials),
        )

    def fields(self) -> OpeningFields:
        """Return the order's opening in words."""
        return OpeningFields(
            title=self.title,
            category="手工",
            description=self.work,
            place=ESTATE,
            at_home=True,
            flexible=True,
            demands=[one.value for one in self.demands],
        )


def _goods(title: str) -> dict[str, Any]:
    return next(row for row in read("piecework") if row["title"] == title)


_PIECE, _CM, _GRAM = MaterialUnit.PIECE, MaterialUnit.CENTIMETRE, MaterialUnit.GRAM
_BEADS = (
    MaterialLine("琉璃珠", _PIECE, 22, 50, 100, 600),
    MaterialLine("弹力线", _CM, 30, 100, 1000, 250),
)
_COASTER = (MaterialLine("棉线", _GRAM, 12, 50, 50, 300),)
_HAT = (MaterialLine("毛线", _GRAM, 95, 50, 50, 400), MaterialLine("绒球", _PIECE, 1, 20, 50, 900))
_BAG = (
    MaterialLine("印好的纸", _PIECE, 1, 30, 100, 1500),
    MaterialLine("棉绳", _CM, 60, 50, 5000, 900),
)
_TIGER = (
    MaterialLine("裁好的布片", _PIECE, 2, 30, 20, 500),
    MaterialLine("填棉", _GRAM, 25, 50, 500, 1200),
)
_SACHET = (
    MaterialLine("裁好的布片", _PIECE, 2, 30, 20, 400),
    MaterialLine("艾草包", _PIECE, 1, 20, 50, 1500),
    MaterialLine("挂绳", _CM, 25, 50, 5000, 600),
)
_CORD = (
    MaterialLine("红绳", _CM, 120, 50, 5000, 800),
    MaterialLine("转运珠", _PIECE, 1, 20, 100, 1200),
)
_KNOT = (
    MaterialLine("五号线", _CM, 180, 50, 9000, 1400),
    MaterialLine("流苏", _PIECE, 1, 20, 100, 1800),
)
_SOLE = (
    MaterialLine("布底", _PIECE, 2, 0, 20, 1000),
    MaterialLine("绣线", _GRAM, 12, 50, 100, 900),
)
_FLOWER = (
    MaterialLine("皱纹纸", _PIECE, 2, 50, 100, 1200),
    MaterialLine("花杆", _PIECE, 1, 20, 100, 700),
)
# until: draft, handed_in, sealed, open, claimed, working, inspected, paid, closed, cancelled
STORIES = (
    Story(
        "串珠手链",
        "串珠手链（八毫米琉璃珠）",
        "一条二十二颗珠子，弹力线打三个死结藏进珠孔。",
        "颜色顺序跟样品一样，拉三下不散。",
        "条",
        600,
        60,
        62,
        24,
        "closed",
        _BEADS,
        (
            "死结露在外面，藏进珠孔再交",
            "有两颗颜色排反了，拆了重串",
            "线放得太松，收紧重打结",
            "珠子磕掉了角",
        ),
    ),
    Story(
        "礼品纸袋糊制",
        "礼品纸袋糊制",
        "折边、粘底、穿绳打结，中号袋。",
        "袋口齐，底平，两根绳一样长。",
        "个",
        2400,
        300,
        30,
        28,
        "paid",
        _BAG,
        (
            "绳子一长一短，重新打结",
            "袋底没粘牢，补胶压平",
            "折边歪了，照压线再折",
            "纸面粘了胶印，去不掉",
        ),
        (Demand.TWO_HANDS,),
    ),
    Story(
        "钩针杯垫",
        "钩针杯垫",
        "钩圆形杯垫，十圈收边，四片一套，按片算钱。",
        "直径十公分，放平不翘边。",
        "片",
        320,
        40,
        24,
        30,
        "inspected",
        _COASTER,
        (
            "收边太紧，翘起来了，拆两圈重钩",
            "少钩了一圈，不到十公分",
            "线尾没藏好",
            "颜色领错了线，配不成套",
        ),
        picture="coaster",
    ),
    Story(
        "布老虎挂件",
        "布老虎挂件",
        "缝身子、填棉、绣眼睛胡须，老样子布老虎。",
        "两眼对称，填棉饱满，不留针。",
        "个",
        160,
        20,
        16,
        35,
        "working",
        _TIGER,
        ("两只眼睛一高一低，拆了重绣", "尾巴没填饱，补点棉", "收口针脚露在外面", "布面剪破了"),
        (Demand.FINE_HAND, Demand.EYESIGHT),
    ),
    Story(
        "布艺香包",
        "布艺香包缝制",
        "缝心形布包，装艾草包，穿挂绳。",
        "不露棉，挂绳对中，针距匀。",
        "个",
        400,
        40,
        8,
        32,
        "claimed",
        _SACHET,
        ("挂绳偏了，对中再缝", "针距太稀", "心形尖头没翻出来", "布包缝反了"),
        picture="sachet",
    ),
    Story(
        "红绳手链",
        "红绳手链编织",
        "四股金刚结编红绳，两头桃花结，中间穿珠。",
        "长十六公分可调，收口平。",
        "条",
        800,
        50,
        6,
        30,
        "open",
        _CORD,
        ("短了一公分", "桃花结松了", "线头没剪平", "绳子起毛"),
        picture="cord_bracelet",
    ),
    Story(
        "毛线帽子",
        "毛线帽子编织",
        "棒针起一百针，双罗纹帽口，高收顶，钉绒球。",
        "弹性好，不漏针。",
        "顶",
        120,
        6,
        4,
        40,
        "sealed",
        _HAT,
        ("漏了一针", "帽口太紧", "绒球没钉牢", "织错了号"),
        mode=Mode.COMPANY_FAMILY,
    ),
    Story(
        "中国结挂件",
        "中国结（小号六耳结）",
        "编盘长结，穿珠，理耳翼，挂流苏。",
        "六个耳一样大，流苏梳顺。",
        "个",
        500,
        40,
        2,
        30,
        "handed_in",
        _KNOT,
        ("耳翼一大一小", "流苏没梳顺", "结心松了", "线剪短了"),
        picture="knot",
    ),
    Story(
        "绣花鞋垫",
        "鞋垫绣花",
        "三层布底纳边，绣缠枝花，手工锁边。",
        "左右对称，针脚一公分不少于五针。",
        "双",
        90,
        6,
        1,
        45,
        "draft",
        _SOLE,
        ("左右花样不对称", "锁边漏了一段", "针脚太稀", "底布绣穿了"),
        mode=Mode.COMPANY_FAMILY,
    ),
    Story(
        "纸花束",
        "皱纹纸向日葵",
        "剪花瓣、卷边、粘花盘、缠杆。",
        "花盘圆，颜色正。",
        "枝",
        400,
        40,
        12,
        25,
        "cancelled",
        _FLOWER,
        ("花盘不圆", "花瓣没粘牢", "杆子没缠满", "颜色剪错了"),
    ),
)
