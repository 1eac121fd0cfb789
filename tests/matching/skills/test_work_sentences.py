"""The sentences of what one does all day belong to names of the skills table, each to one."""

from collections import Counter

from matching.utils.reference_tables import data_path, read_table

ROWS = list(read_table(data_path("work_sentences.csv")))
FEWEST_OF_A_NAME = 10
SHORTEST = 4  # characters; anything shorter is a word and belongs among the variants


def test_the_names_are_those_of_the_skills_table() -> None:
    names = {row["name"] for row in read_table(data_path("skills.csv"))}
    assert {row["name"] for row in ROWS} == names


def test_a_name_has_enough_sentences() -> None:
    counts = Counter(row["name"] for row in ROWS)
    assert counts
    assert [name for name, count in counts.items() if count < FEWEST_OF_A_NAME] == []


def test_no_sentence_stands_twice() -> None:
    counts = Counter(row["sentence"] for row in ROWS)
    assert [sentence for sentence, count in counts.items() if count > 1] == []


def test_a_sentence_is_more_than_a_word() -> None:
    assert [row for row in ROWS if len(row["sentence"].strip()) < SHORTEST] == []
    assert [row for row in ROWS if row["sentence"] != row["sentence"].strip()] == []
