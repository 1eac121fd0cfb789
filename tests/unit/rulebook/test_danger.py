"""Danger words: every occurrence is judged by itself."""

from tests.unit.rulebook.danger_sentences import SENTENCES
from webapp.rulebook import danger


def test_fault_11_no_danger_passes_and_harmless_look_alikes_do():
    """Recall is what counts; precision keeps people's attention for what deserves it."""
    found = {text: bool(danger.find(text)) for text, _danger in SENTENCES}
    assert len(found) == len(SENTENCES) >= 60
    missed = [text for text, is_danger in SENTENCES if is_danger and not found[text]]
    alarms = [text for text, is_danger in SENTENCES if not is_danger and found[text]]
    assert missed == []
    assert alarms == []


def test_fault_11_what_is_said_to_be_used_is_certain_and_the_rest_in_doubt():
    for text, certain in (
        ("改用汽油清洗", True),
        ("汽油由公司提供", True),
        ("没有味道的酒精", False),
        ("尽量不用汽油", False),
    ):
        assert [one.certain for one in danger.find(text)] == [certain], text
    assert [one.certain for one in danger.find("工业酒精", is_name=True)] == [True]
    assert [one.word for one in danger.find("不用汽油的旧办法，改用汽油，再用丙酮")] == [
        "汽油",
        "丙酮",
    ]
