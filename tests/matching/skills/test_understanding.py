"""Phrases are understood before anything is compared: pinyin, script, slips, English left alone."""

import pytest
from opencc import OpenCC
from pypinyin import lazy_pinyin

from matching import rank
from matching.records import Opening, Seeker, Task
from matching.skills.linker import SkillLinker
from matching.skills.pinyin_decoder import PinyinDecoder, default_decoder
from matching.skills.understanding import understand

OPENINGS = [
    Opening(id=title, title=title, skills=[skill], description=text)
    for title, skill, text in [
        ("月嫂", "照顾产妇", "住家照顾产妇和新生儿，做月子餐。"),
        ("小区保洁员", "打扫", "扫楼道、拖电梯、倒垃圾。"),
        ("电焊工", "二保焊", "车间里焊钢架，打磨焊缝。"),
        ("缝纫工", "踩平车", "流水线上缝裤子。"),
        ("叉车司机", "开叉车", "仓库里叉货上架。"),
        ("超市收银员", "收银", "收银台扫码装袋。"),
        ("养老护理员", "照顾老人", "给老人喂饭翻身洗澡。"),
    ]
]
PHRASES = ["月嫂", "保洁", "电焊工", "缝纫", "开叉车", "超市收银", "照顾老人"]


def first(phrase: str) -> str:
    task = Task(qid="q", seeker=Seeker(id="s", wanted=[phrase]), openings=OPENINGS)
    return rank(task)[0].id


@pytest.mark.parametrize(
    "write",
    [
        lambda phrase: "".join(lazy_pinyin(phrase)),
        lambda phrase: " ".join(lazy_pinyin(phrase)),
        lambda phrase: " ".join(lazy_pinyin(phrase)).upper(),
        lambda phrase: OpenCC("s2t").convert(phrase),
        lambda phrase: " ".join(phrase),
        lambda phrase: f"　{phrase}！",
    ],
    ids=["pinyin", "syllables", "capitals", "traditional", "spaced", "punctuation"],
)
@pytest.mark.parametrize("phrase", PHRASES)
def test_spelling_script_and_pinyin_give_the_same_first_opening(phrase: str, write) -> None:
    assert first(write(phrase)) == first(phrase)


@pytest.mark.slow
def test_names_of_the_table_come_back_from_their_pinyin() -> None:
    entries = [e for e in SkillLinker.default().entries if e.prior == 1.0 and len(e.name) < 6]
    names = [entry.name for entry in entries if entry.name.isalpha()][::5]
    asked = ["".join(lazy_pinyin(name)) for name in names]
    found = [understand(letters).wanted for letters in asked]
    right = sum(one == name for one, name in zip(found, names, strict=True))
    assert right / len(names) > 0.75


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("yuesao", "月嫂"),
        ("zhaogu laoren", "照顾老人"),
        ("zaogu laoren", "照顾老人"),
        ("shong waimai", "送外卖"),  # no syllable, but confused with one
        ("chongqing xiaomian", "重庆小面"),  # the other sound of 重
        ("zhaoug laoren", "照顾老人"),  # two letters in the wrong order
        ("dasao weisheg", "打扫卫生"),  # one letter left out
        ("fwy", "服务员"),
        ("宝洁", "保洁"),
        ("縫紉", "缝纫"),
    ],
)
def test_letters_and_slips_become_chinese(said: str, meant: str) -> None:
    assert understand(said).wanted == meant


@pytest.mark.parametrize(
    "phrase", ["cashier", "line cook", "Baker", "host", "can", "nanny", "CNC", "", "离异", "女"]
)
def test_other_letters_and_groups_are_left_alone(phrase: str) -> None:
    assert understand(phrase) == (phrase, "", phrase)


def test_what_is_said_beside_the_work_is_not_its_meaning() -> None:
    assert understand("腰不好，会踩缝纫机，工资要三千").work == "会踩缝纫机"
    assert understand("腰不好").work == "腰不好"


def test_what_is_denied_comes_after_what_is_wanted() -> None:
    phrase = "超市收银做久了，不做了，照顾老人可以"
    assert understand(phrase).unwanted == "超市收银做久了，不做了"
    task = Task(qid="q", seeker=Seeker(id="s", wanted=[phrase]), openings=OPENINGS)
    order = [one.id for one in rank(task)]
    assert order[0] == "养老护理员"
    assert order.index("超市收银员") > order.index("小区保洁员")


def test_a_decoder_knows_only_its_texts() -> None:
    decoder = PinyinDecoder(["扫地", "扫地工", "洗碗"], ["洗碗工"])
    assert decoder.decode("saodi") == "扫地"
    assert decoder.decode("xi wan") == "洗碗"
    assert decoder.decode("maotai") is None
    assert decoder.expand("xwg") == "洗碗工"
    assert decoder.expand("zz") is None
    assert default_decoder().correct("扫地") == "扫地"
