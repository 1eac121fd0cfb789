"""Danger is found however calmly it is told, and not where it is over or only looks so."""

import time

import pytest

from matching.triage.danger import MAX_CHARS, find_dangers
from matching.triage.suggest import suggest
from matching.utils.reference_tables import data_path, read_table
from tests.matching.triage.sentences import sentences


def signs(text: str) -> list[str]:
    return [danger.sign for danger in find_dangers(text)]


@pytest.mark.parametrize(
    ("sign", "calm"),
    [
        ("gas", "顺便说一句，灶关起的，厨房还是有股臭鸡蛋的气气"),
        ("fire", "不着急哈，就是看到对面阳台有点烟子冒出来"),
        ("electric", "洗衣服的时候挨到水管有点麻手"),
        ("lift", "我们两个还在电梯里，门打不开，按了没反应"),
        ("shut_in", "门吹关了，两岁的娃儿一个人反锁在屋头"),
        ("body", "我爸从早上起说话有点不清楚，嘴角歪了一点"),
        ("poison", "孙女好像把婆婆的降压药吃了几颗"),
        ("machine", "我妈用制氧机的，现在停电了"),
        ("self_harm", "活着没什么意思，以后不麻烦大家了"),
        ("missing", "我妈有点糊涂，早上出门到现在没回来"),
        ("no_answer", "楼上独居的张爷爷两天没看到了，敲门没人应"),
        ("violence", "他又动手打我了，我先躲在厕所"),
        ("falling", "楼上空调外机的架子松了，有点歪"),
        ("animal", "有条蛇在楼道里"),
    ],
)
def test_every_sign_is_found_in_calm_words(sign: str, calm: str) -> None:
    assert sign in signs(calm)


def test_the_calm_words_above_cover_the_table() -> None:
    marks = test_every_sign_is_found_in_calm_words.pytestmark  # type: ignore[attr-defined]
    covered = {case[0] for case in marks[0].args[1]}
    assert covered == {row["sign"] for row in read_table(data_path("life_dangers.csv"))}


@pytest.mark.parametrize(
    "text",
    [
        "没有煤气味了，你们不用来了",
        "楼道堆满纸板，万一起火跑不脱",
        "消防演练怎么灭火的讲座是哪天",
        "去年摔断了腿，现在想做康复",
        "外面的火已经扑灭了，垃圾哪个来清",
        "电梯停了，里头没关到人",
        "家里断气了，燃气公司说明天才来",
        "奶奶走丢的事谢谢你们，她已经自己回来了，没事了",
        "我打电话问了几次都没人接",
        "累死了，天天打扫卫生",
        "",
    ],
)
def test_what_is_over_denied_supposed_or_taught_is_none(text: str) -> None:
    assert signs(text) == []


def test_a_fear_for_somebody_is_a_danger_though_only_supposed() -> None:
    assert signs("万一他想不开跳楼咋办嘛") == ["self_harm"]


def test_one_sign_taken_back_does_not_hide_another() -> None:
    assert signs("火已经扑灭了。但是有个人昏倒在楼梯口") == ["body"]


def test_written_forms_are_one() -> None:
    assert signs("樓道裡有煤氣味") == signs("楼道里 有 煤气味") == ["gas"]


def test_own_sentences() -> None:
    """Sentences of this project, of which the first look is told in data/README.md."""
    found = {row.sentence: bool(find_dangers(row.sentence)) for row in sentences()}
    missed = [row.sentence for row in sentences() if row.danger and not found[row.sentence]]
    alarms = [row.sentence for row in sentences() if not row.danger and found[row.sentence]]
    assert len(missed) <= 5, missed
    assert alarms == []


@pytest.mark.slow
def test_what_no_sign_tells_is_mostly_found_by_likeness() -> None:
    missed = [row for row in sentences() if row.danger and not find_dangers(row.sentence)]
    found = suggest([row.sentence for row in missed])
    assert sum(one.urgency == "danger" for one in found) >= len(missed) - 1
    for one in found:
        assert one.urgency != "danger" or one.external in {"110", "119", "120"}


def test_a_long_text_takes_no_time() -> None:
    long = "我们小区的事情说来话长，" * 8000 + "煤气味"
    start = time.process_time()
    assert find_dangers(long) == []  # beyond what is read
    assert signs(long[-MAX_CHARS:]) == ["gas"]
    assert time.process_time() - start < 1


def test_one_text_takes_less_than_two_milliseconds() -> None:
    texts = [row.sentence for row in sentences()]
    find_dangers(texts[0])
    start = time.process_time()
    for text in texts:
        find_dangers(text + "。")
    assert (time.process_time() - start) / len(texts) < 0.002
