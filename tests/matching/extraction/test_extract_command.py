"""The command: a line out for each text in, in order, whole files or none."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from matching.cli import main
from matching.extraction.residents import extract_resident
from matching.extraction.vacancies import extract_vacancies

TEXTS = ["招保洁2名，2800", "你好", "招门卫，夜班，电话15200007788"]


def write(path: Path, rows: list[Any]) -> str:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return str(path)


def read(path: Path) -> list[Any]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.splitlines()]


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize(
    ("kind", "extract"), [("vacancies", extract_vacancies), ("residents", extract_resident)]
)
def test_a_line_out_for_each_text_in_order(
    kind: str, extract: Any, suffix: str, tmp_path: Path
) -> None:
    source = write(tmp_path / f"in.jsonl{suffix}", [{"text": t, "id": 1} for t in TEXTS])
    out = tmp_path / f"out.jsonl{suffix}"
    assert main(["extract", kind, source, "--output", str(out)]) == 0
    assert read(out) == [extract(text) for text in TEXTS]


@pytest.mark.parametrize(
    ("line", "fault"), [("{", "not JSON"), ('{"words": ""}', "text"), ('{"text": 1}', "text")]
)
def test_a_malformed_line_stops_everything(
    line: str, fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(f'{{"text": "招保洁"}}\n{line}\n', encoding="utf-8")
    out.write_text("before", encoding="utf-8")
    assert main(["extract", "vacancies", str(source), "--output", str(out)]) == 1
    told = capsys.readouterr().err
    assert "line 2" in told
    assert fault in told
    assert out.read_text(encoding="utf-8") == "before"


def test_only_two_kinds_of_text(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["extract", "orders", "in.jsonl", "--output", "out.jsonl"])
    assert "vacancies" in capsys.readouterr().err
