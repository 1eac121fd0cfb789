"""The commands: what they write, and what they do with input that is wrong."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from matching.cli import main
from tests.matching.community import openings, seeker
from tests.matching.learnable_tasks import made_up


def write(path: Path, rows: list[Any]) -> str:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return str(path)


def read(path: Path) -> list[Any]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.splitlines()]


def dump(record: Any) -> Any:
    return record.model_dump(mode="json", exclude_none=True)


@pytest.fixture
def labelled(tmp_path: Path) -> tuple[str, str]:
    tasks, labels = made_up(48)
    rows = [{**dump(t), "split": "valid" if i % 4 == 0 else "train"} for i, t in enumerate(tasks)]
    marks = [{"qid": t.qid, "labels": y} for t, y in zip(tasks, labels, strict=True)]
    return write(tmp_path / "q.jsonl.gz", rows), write(tmp_path / "l.jsonl.gz", marks)


@pytest.mark.slow
def test_fit_rank_and_evaluate(
    labelled: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, out = str(tmp_path / "m.zip"), tmp_path / "out.jsonl.gz"
    assert main(["fit", *labelled, "--model", model]) == 0
    assert main(["rank", labelled[0], "--model", model, "--output", str(out)]) == 0
    tasks = read(Path(labelled[0]))
    for task, answer in zip(tasks, read(out), strict=True):
        assert answer["qid"] == task["qid"]
        assert sorted(o["id"] for o in answer["ranking"]) == sorted(
            o["id"] for o in task["openings"]
        )
        assert set(answer["ranking"][0]) == {"id", "score", "eligible", "reasons", "gaps"}
    capsys.readouterr()
    assert main(["evaluate", *labelled, "--model", model, "--split", "valid", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)["made up"]
    assert report["n"] == 12
    learned = next(name for name in report["rankers"] if name.startswith("learned"))
    found = report["rankers"][learned]["ndcg@10"]
    assert found["low"] <= found["mean"] <= found["high"]
    assert found["mean"] > report["rankers"]["BM25"]["ndcg@10"]["mean"]
    assert main(["evaluate", *labelled]) == 0
    table = capsys.readouterr().out
    assert "made up (48 tasks)" in table
    assert "title TF-IDF" in table


@pytest.mark.slow
def test_evaluate_by_cross_validation(
    labelled: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", *labelled, "--cv", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["made up"]
    assert found["n_tasks"] == 48
    assert len(found["by_fold"]) == 2
    learned, words = found["ndcg"]["learned"], found["ndcg"]["BM25"]
    assert learned["mean"] > words["mean"] + 2 * learned["error"]
    assert main(["evaluate", *labelled, "--cv", "49"]) == 1
    assert "can't be parted into 49 folds" in capsys.readouterr().err
    assert main(["evaluate", *labelled, "--cv", "2", "--model", "m.zip"]) == 1
    assert "leave out --model" in capsys.readouterr().err


@pytest.mark.slow
def test_suggest_is_the_same_with_workers(tmp_path: Path) -> None:
    people = write(
        tmp_path / "s.jsonl", [dump(seeker(id=f"s{i}", wanted=["保洁"])) for i in range(3)]
    )
    shown = write(tmp_path / "o.jsonl", [dump(opening) for opening in openings()])
    one, two = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    assert main(["suggest", people, shown, "--top", "2", "--output", str(one)]) == 0
    assert (
        main(["suggest", people, shown, "--top", "2", "--output", str(two), "--workers", "2"]) == 0
    )
    assert one.read_bytes() == two.read_bytes()
    assert [len(row["ranking"]) for row in read(one)] == [2, 2, 2]


def test_plan_gives_one_line_a_seeker(tmp_path: Path) -> None:
    rows = [dump(seeker(id="a")), dump(seeker(id="b", priority=["low_income"]))]
    people = write(tmp_path / "s.jsonl", rows)
    shown = write(tmp_path / "o.jsonl", [{"id": "o", "title": "保洁员", "at_home": True}])
    out = tmp_path / "p.jsonl"
    command = ["plan", people, shown, "--output", str(out), "--first", "low_income"]
    assert main(command) == 0
    first, second = read(out)
    assert first == {"seeker": "a", "opening": None, "score": None, "reasons": []}
    assert (second["seeker"], second["opening"]) == ("b", "o")
    assert second["reasons"] == [{"code": "at_home", "text": "在家就能做"}]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "not JSON"),
        ('{"qid": "b", "seeker": {"id": "s"}}', "openings"),
        ('{"qid": "b", "seeker": {"id": "s", "age": "old"}, "openings": []}', "seeker.age"),
        ('{"qid": "a", "seeker": {"id": "s"}, "openings": []}', "line 1 already"),
        ('{"qid": "b", "seeker": {"id": "s"}, "openings": [{"id": "1"}, {"id": 1}]}', "same id"),
        ("[]", "dictionary"),
    ],
)
def test_a_malformed_line_stops_everything(
    line: str, fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queries, out = tmp_path / "q.jsonl", tmp_path / "out.jsonl"
    good = '{"qid": "a", "seeker": {"id": "s"}, "openings": [{"id": "1"}], "unknown": 1}'
    queries.write_text(f"{good}\n\n{line}\n", encoding="utf-8")
    out.write_text("before", encoding="utf-8")
    assert main(["rank", str(queries), "--output", str(out)]) == 1
    told = capsys.readouterr().err
    assert "line 3" in told
    assert fault in told
    assert out.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "q.jsonl"]


@pytest.mark.parametrize(
    ("labels", "fault"),
    [
        ([{"qid": "q0", "labels": [1]}], "line 1: expected 8 labels"),
        ([{"qid": "other", "labels": []}], "not among"),
        ([], "no labels for"),
    ],
)
def test_labels_must_fit(
    labels: list[Any], fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = write(tmp_path / "q.jsonl", [dump(made_up(1)[0][0])])
    marks = write(tmp_path / "l.jsonl", labels)
    assert main(["fit", queries, marks, "--model", str(tmp_path / "m")]) == 1
    assert fault in capsys.readouterr().err
    assert not (tmp_path / "m").exists()


def test_a_cut_gzip_file_and_a_missing_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = tmp_path / "q.jsonl.gz"
    cut.write_bytes(gzip.compress(b"{}\n" * 9999)[:-20])
    assert main(["rank", str(cut), "--output", str(tmp_path / "o")]) == 1
    assert main(["rank", str(tmp_path / "none"), "--output", str(tmp_path / "o")]) == 1
    assert "none" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong", [[], ["rank"], ["suggest", "a", "b", "--output", "o", "--top", "0"]]
)
def test_wrong_usage_is_status_two(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(wrong)
    assert stopped.value.code == 2


@pytest.mark.slow
def test_link_and_pay_from_standard_input() -> None:
    for command, line, key in (
        (["link", "--top", "2"], "带娃", "links"),
        (["pay"], "3000-4500元/月", "min"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "matching", *command],
            input=f"{line}\n".encode(),
            capture_output=True,
            check=True,
        )
        row = json.loads(done.stdout)
        assert row[key]
    bad = subprocess.run(
        [sys.executable, "-m", "matching", "pay"],
        input=b"1\n\xff\n",
        capture_output=True,
        check=False,
    )
    assert (bad.returncode, b"line 2" in bad.stderr) == (1, True)


def test_help_is_the_docstring(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["rank", "--help"])
    assert stopped.value.code == 0
    assert "Without --model the shipped prior ranks" in capsys.readouterr().out


def test_families_share_piecework(tmp_path: Path) -> None:
    free = [{"days": "1", "start": "08:00", "end": "18:00"}]
    rows = [
        {"id": "a", "household": "h", "age": 30, "available": free, "reach": "home"},
        {"id": "b", "household": "h", "age": 30, "available": free, "reach": "home"},
        {"id": "c", "age": 30, "available": free},
        {"id": "d", "age": 15},
    ]
    shown = [
        {"id": "job", "title": "保洁员"},
        {"id": "beads", "kind": "piecework", "title": "串珠", "at_home": True}
        | {"pieces": 50, "hours_a_piece": 0.5, "weeks": 1, "pack": 10},
    ]
    people, out = write(tmp_path / "s.jsonl", rows), tmp_path / "p.jsonl"
    offered = write(tmp_path / "o.jsonl", shown)
    assert main(["plan", people, offered, "--output", str(out), "--households"]) == 0
    told = {row["seeker"]: row for row in read(out)}
    assert {name: row["opening"] for name, row in told.items()} == {
        "a": "beads",
        "b": "beads",
        "c": "job",
        "d": None,
    }
    assert (told["a"]["pieces"], told["b"]["hours_a_week"]) == (40, 20.0)
    assert "pieces" not in told["c"]
    assert told["a"]["score"] > 0


def test_a_wrong_order_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = write(tmp_path / "s.jsonl", [{"id": "a"}])
    shown = write(tmp_path / "o.jsonl", [{"id": "x", "kind": "piecework", "pieces": 5, "weeks": 0}])
    assert main(["plan", people, shown, "--output", str(tmp_path / "p"), "--households"]) == 1
    assert "line 1: hours_a_piece and weeks must be above 0" in capsys.readouterr().err
    assert not (tmp_path / "p").exists()


def test_pathways_and_courses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = [
        {"id": "w", "title": "水电安装工", "certificates": ["低压电工证"], "capacity": 2},
        {"id": "c", "kind": "course", "title": "电工培训", "teaches": ["低压电工证"]},
    ]
    people = write(tmp_path / "s.jsonl", [{"id": "a", "age": 30}, {"id": "b", "age": 30}])
    offered, out = write(tmp_path / "o.jsonl", shown), tmp_path / "p.jsonl.gz"
    courses = tmp_path / "c.jsonl"
    command = ["pathways", people, offered, "--output", str(out), "--courses", str(courses)]
    assert main(command) == 0
    first, second = read(out)
    assert [(w["step"], w["what"], w["unlocks"]) for w in first["pathways"]] == [
        ("course", "c", 1),
        ("certificate", "低压电工证", 1),
    ]
    assert first["pathways"][0]["openings"] == ["w"]
    assert second["seeker"] == "b"
    (order,) = read(courses)
    assert order == {"course": "c", "placed": 2, "seats": 2, "seekers": ["a", "b"]}
    bad = write(tmp_path / "bad.jsonl", [{"id": "a"}, {"id": "b", "age": "old"}])
    assert main(["pathways", bad, offered, "--output", str(out)]) == 1
    assert "line 2: age" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["pathways", "--help"])
    assert "which course to open next" in capsys.readouterr().out


def test_triage_suggests_for_each_ticket(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [{"text": "3栋停水了"}, {"text": "想学月嫂，帮我报名"}])
    out = tmp_path / "out.jsonl"
    assert main(["triage", source, "--output", str(out)]) == 0
    first, second = read(out)
    assert (first["branch"], first["urgency"]) == ("便民", "utilities")
    assert (second["branch"], second["kind"]) == ("富民", "request")


def test_triage_names_the_line_that_is_no_ticket(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path / "in.jsonl", [{"text": "3栋停水了"}, {"words": "没有这一项"}])
    out = tmp_path / "out.jsonl"
    assert main(["triage", source, "--output", str(out)]) == 1
    assert "line 2" in capsys.readouterr().err
    assert not out.exists()
