"""A model file is what was saved, or it is refused with the reason."""

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from matching.cli import main
from matching.learning import persistence
from matching.learning.match_ranker import MatchRanker
from matching.ranking.ranker import rank
from tests.matching.learnable_tasks import made_up


@pytest.mark.slow
def test_a_saved_ranker_ranks_alike(fitted: MatchRanker, tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    manifest = persistence.save(fitted, path, data_digest="d", metrics={"ndcg@10": 1.0})
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("manifest.json")) == manifest
    loaded = persistence.load(path)
    task = made_up(1, seed=7)[0][0]
    assert rank(task, loaded) == rank(task, fitted)
    assert loaded.version.startswith("learned-")


def rewritten(path: Path, **changes: bytes) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts.update({name.replace("_", "."): content for name, content in changes.items()})
    changed = path.with_name("changed.zip")
    with zipfile.ZipFile(changed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return changed


def test_a_changed_file_is_refused(fitted: MatchRanker, tmp_path: Path) -> None:
    import hashlib

    import skops.io

    path = tmp_path / "model.zip"
    manifest = persistence.save(fitted, path)
    older = {**manifest, "versions": {**manifest["versions"], "numpy": "1.0"}}
    foreign = skops.io.dumps({"f": subprocess.run})
    fits = {**manifest, "model_sha256": hashlib.sha256(foreign).hexdigest()}
    plain = skops.io.dumps([1, 2])
    fits_plain = {**manifest, "model_sha256": hashlib.sha256(plain).hexdigest()}
    for changes, message in (
        ({"model_skops": b"other"}, "was changed"),
        ({"manifest_json": json.dumps(older).encode()}, "train it again"),
        ({"manifest_json": b"[]"}, "not a ranker"),
        ({"manifest_json": json.dumps(fits).encode(), "model_skops": foreign}, "types a ranker"),
        ({"manifest_json": json.dumps(fits_plain).encode(), "model_skops": plain}, "a list"),
    ):
        with pytest.raises(persistence.ModelFileError, match=message):
            persistence.load(rewritten(path, **changes))
    cut = tmp_path / "cut.zip"
    cut.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(persistence.ModelFileError, match="not a ranker"):
        persistence.load(cut)


def of_an_earlier_layout(path: Path) -> Path:
    """The file as the program before would have written it."""
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    older = {**manifest, "format": "fumin-ranker/1"}
    return rewritten(path, manifest_json=json.dumps(older).encode())


def test_a_file_of_an_earlier_layout_is_refused_with_its_reason(
    fitted: MatchRanker, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    persistence.save(fitted, tmp_path / "model.zip")
    older = of_an_earlier_layout(tmp_path / "model.zip")
    with pytest.raises(persistence.ModelFileError, match=r"fumin-ranker/1.*train it again"):
        persistence.load(older)
    tasks = tmp_path / "tasks.jsonl"
    tasks.write_text(made_up(1)[0][0].model_dump_json() + "\n")
    ranked = tmp_path / "ranked.jsonl"
    assert main(["rank", str(tasks), "--model", str(older), "--output", str(ranked)]) == 1
    said = capsys.readouterr().err
    assert "fumin-ranker/1" in said
    assert "train it again" in said
    assert not ranked.exists()
