"""The piecework orders of the demo: what each is, what it pays, and how far it has come."""

from dataclasses import dataclass
from datetime import date

from webapp.core.vocabulary import Demand
from webapp.demo.content import ESTATE
from webapp.openings.fields import OpeningFields
from webapp.piecework.models.order import Acceptance, MaterialUnit, Mode
from webapp.piecework.services.orders import MaterialLine, OrderTerms


@dataclass(frozen=True)
class Story:
    """One order: its words and terms (money in fen), and the last step it has come to."""

    title: str
    work: str
    quality: str
    rate: int
    unit: str
    pieces: int
    assignment_pieces: int
    seconds: int
    began: int
    until: str
    materials: tuple[MaterialLine, ...]
    demands: tuple[Demand, ...] = (Demand.FINE_HAND,)
    mode: Mode = Mode.SUPPLIED

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


_BEADS = (
    MaterialLine("琉璃珠", MaterialUnit.PIECE, 22, 50, 100, 600),
    MaterialLine("弹力线", MaterialUnit.CENTIMETRE, 30, 100, 1000, 250),
)
_YARN = (MaterialLine("毛线", MaterialUnit.GRAM, 45, 50, 50, 400),)
_PAPER = (
    MaterialLine("印好的纸", MaterialUnit.PIECE, 1, 30, 100, 1500),
    MaterialLine("棉绳", MaterialUnit.CENTIMETRE, 60, 50, 5000, 900),
)
_CLOTH = (
    MaterialLine("裁好的布片", MaterialUnit.PIECE, 2, 30, 20, 500),
    MaterialLine("填棉", MaterialUnit.GRAM, 25, 50, 500, 1200),
)
# until: draft, handed_in, sealed, open, claimed, working, inspected, paid, closed, cancelled
STORIES = (
    Story("串珠手链", "一条二十二颗珠子，弹力线打三个死结藏进珠孔。",
          "颜色顺序跟样品一样，拉三下不散。",
          120, "条", 600, 60, 240, 42, "closed", _BEADS),
    Story("礼品纸袋糊制", "折边、粘底、穿绳打结，中号袋。", "袋口齐，底平，两根绳一样长。",
          60, "个", 2400, 300, 110, 30, "paid", _PAPER, (Demand.TWO_HANDS,)),
    Story("钩针杯垫", "钩圆形杯垫，十圈收边，一套四片。", "直径十公分，放平不翘边。",
          550, "个", 300, 30, 900, 24, "inspected", _YARN),
    Story("布老虎挂件", "缝身子、填棉、绣眼睛胡须，老样子布老虎。", "两眼对称，填棉饱满，不留针。",
          900, "个", 200, 20, 1500, 16, "working", _CLOTH, (Demand.FINE_HAND, Demand.EYESIGHT)),
    Story("布艺香包", "缝心形布包，装艾草包，穿挂绳。", "不露棉，挂绳对中，针距匀。",
          350, "个", 400, 40, 600, 8, "claimed", _CLOTH),
    Story("红绳手链", "四股金刚结编红绳，两头桃花结，中间穿珠。", "长十六公分可调，收口平。",
          180, "条", 800, 50, 330, 6, "open", _BEADS),
    Story("毛线帽子", "棒针起一百针，双罗纹帽口，高收顶，钉绒球。", "弹性好，不漏针。",
          1600, "顶", 120, 6, 2900, 4, "sealed", _YARN, mode=Mode.COMPANY_FAMILY),
    Story("中国结挂件", "编盘长结，穿珠，理耳翼，挂流苏。", "六个耳一样大，流苏梳顺。",
          300, "个", 500, 40, 520, 2, "handed_in", _BEADS),
    Story("绣花鞋垫", "三层布底纳边，绣缠枝花，手工锁边。", "左右对称，针脚一公分不少于五针。",
          1200, "双", 90, 6, 2200, 1, "draft", _CLOTH, mode=Mode.OWN_MATERIAL),
    Story("纸花束", "剪花瓣、卷边、粘花盘、缠杆。", "花盘圆，颜色正。",
          160, "枝", 500, 50, 300, 12, "cancelled", _PAPER),
)  # fmt: skip
