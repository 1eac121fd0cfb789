"""What is suggested for tickets: branch, urgency, kind, what to ask back."""

import pytest

from matching.triage.classifier import TicketWeights, all_said, tables_digest, weights_path
from matching.triage.matters import matters
from matching.triage.signs import patterns, signs_of
from matching.triage.suggest import URGENCIES, Suggestion, suggest, suggest_lines

BRANCHES = {"富民", "便民", "安民", "乐民"}
KINDS = {"request", "complaint", "help", "question", "thanks", "not_for_us"}
EXTERNAL = {None, "110", "119", "120", "12333", "12345", "other"}


def of(text: str) -> Suggestion:
    return suggest([text])[0]


def test_the_weights_belong_to_the_tables() -> None:
    """Where this fails, a table was changed: run ``python -m matching matters``."""
    assert TicketWeights.load(weights_path()).digest == tables_digest(all_said())


def test_the_table_says_what_the_command_may_say() -> None:
    for matter in matters():
        assert matter.branch in BRANCHES
        assert set(matter.also) <= BRANCHES - {matter.branch}
        assert matter.kind in KINDS
        assert matter.urgency == "danger" or matter.urgency in URGENCIES[matter.kind]
        assert matter.external in EXTERNAL
        assert matter.urgency != "danger" or matter.external in {"110", "119", "120"}
        assert not matter.about_staff or matter.kind == "thanks" or matter.private
        assert len(matter.ask) <= 4
        assert matter.phrasings
    names = [matter.name for matter in matters()]
    assert len(set(names)) == len(names)
    texts = [one.text for one in all_said()]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("text", "branch", "urgency", "kind"),
    [
        ("想报名学修手机的培训班", "富民", "ordinary", "request"),
        ("面点班好久开课，要不要钱", "富民", "question", "question"),
        ("老板拖了我三个月工资不给，打电话也不理", "安民", "complex", "help"),
        ("楼上天天半夜放音乐吵得睡不着，说了还骂人", "安民", "complex", "complaint"),
        ("2栋突然没得水了，一滴都没有", "便民", "utilities", "request"),
        ("停水三天了没人管，你们到底管不管", "便民", "utilities", "complaint"),
        ("厨房水龙头滴水，有空来修一下", "便民", "ordinary", "request"),
        ("活动室星期六几点开门", "乐民", "question", "question"),
        ("楼下跳坝坝舞的音响太吵了，没人管", "乐民", "complex", "complaint"),
        ("感谢教剪纸的老师，耐心得很", "乐民", "ordinary", "thanks"),
        ("厨房有煤气味，脑壳昏", "安民", "danger", "help"),
        ("爷爷倒在厕所喊不醒", "便民", "danger", "help"),
    ],
)
def test_plain_cases(text: str, branch: str, urgency: str, kind: str) -> None:
    found = of(text)
    assert (found.branch, found.urgency, found.kind) == (branch, urgency, kind)


def test_what_is_about_staff_is_private_unless_it_thanks() -> None:
    blame = of("窗口的工作人员态度恶劣，把我的表甩出来")
    assert blame.about_staff
    assert blame.private


def test_wages_name_the_labour_line() -> None:
    assert of("工地欠我两个月工资").external == "12333"


def test_danger_names_its_number_and_its_branches() -> None:
    body, fire = of("婆婆昏倒了喊不醒"), of("楼道起火了，好大的烟")
    despair = of("楼上说活着没意思，把门反锁了，喊也不答应")
    assert (despair.branch, despair.external) == ("安民", "110")
    assert (body.branch, body.also, body.external) == ("便民", ["安民"], "120")
    assert (fire.branch, fire.also, fire.external) == ("安民", ["便民"], "119")


def test_what_is_said_is_not_asked_again() -> None:
    assert "哪栋几单元" in of("厨房水龙头滴水，来修一下").missing
    assert not {"哪栋几单元", "门牌号", "几单元"} & set(
        of("5栋2单元8-1厨房水龙头滴水，来修一下").missing
    )
    assert of("谢谢护理员，她做得好").missing == []


def test_a_line_has_what_the_contract_names() -> None:
    row = next(iter(suggest_lines(["停电了，冰箱里的菜要坏"])))
    assert {"branch", "also", "urgency", "kind", "missing", "external"} <= set(row)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "？",
        "😀😀",
        "a" * 100_000,
        "楼" * 100_000,
        "<script>alert(1)</script>",
        "水电气" * 500,
    ],
)
def test_any_text_gets_an_answer(text: str) -> None:
    found = of(text)
    assert found.branch in BRANCHES
    assert found.kind in KINDS
    assert found.urgency == "danger" or found.urgency in URGENCIES[found.kind]
    assert len(found.missing) <= 4


def test_a_text_alone_or_among_others_gets_the_same() -> None:
    texts = ["停水了", "想找个工作", "楼上吵得很"]
    assert suggest(texts) == [of(text) for text in texts]
    assert suggest([]) == []


def test_written_forms_are_one() -> None:
    assert of("電梯壞了，爬不動").urgency == of("电梯坏了，爬不动").urgency == "utilities"


def test_every_sign_of_form_is_shown_by_some_way_of_saying() -> None:
    shown = set().union(*(signs_of(one.text) for one in all_said()))
    assert shown == set(patterns())
