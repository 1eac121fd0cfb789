"""Every notebook runs from top to bottom, without a warning, and finds what it says."""

import os
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

with warnings.catch_warnings():
    # Importing tornado's loop for the kernel warns on some versions of Python.
    warnings.simplefilter("ignore", DeprecationWarning)
    from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
BEGIN = "%reset -sf\nimport warnings\nwarnings.simplefilter('error')"
END = "\nwarnings.resetwarnings()  # what the kernel says when it stops is not the notebook's"
# What must hold at the end of each; a smaller community, but of the same kind.
HOLDS = {
    "1.0-the-data": """
assert abs(eligible_share + sum(excluded.values()) - 1) < 1e-9
assert 0.05 < eligible_share < 0.5 and nobody_left_out > 0.95 and read > 0.85
assert excluded["place"] > 0.01 and excluded["hours"] > 0.01
""",
    "2.0-choosing-the-ranker": """
assert not real and gain_over_random.low > 0
assert found["rankers"]["prior"]["ndcg@10"].mean > found["rankers"]["random"]["ndcg@10"].mean
assert verdict.reason in {"better", "not_better"} and verdict.n >= 30
(expected,) = promised.values()
assert expected.n_people == len(tasks)
assert expected.gain["random"].mean > 2 * expected.gain["random"].error > 0
""",
    "3.0-fairness-and-congestion": """
assert spread["random"].gini < spread["ranking"].gini < spread["popularity"].gini
assert spread["ranking"].coverage > spread["popularity"].coverage
assert spread["ranking"].served > spread["first come"].served + 0.1
assert len(report.comparisons) >= 6 and all(one.n is None or one.n >= 5 for one in report.figures)
""",
    "4.0-the-plan": """
assert plan.coverage_is_maximal and abs(plan.score_gap) < 1e-9
assert plan.placed == max(placed.values()) > min(placed.values())
assert first.placed == plan.placed and share_of_group(first) > share_of_group(plan)
assert unlocked["certificate"] > 0 and unlocked["hours"] > 0
assert plan.placed + sum(one.placed for one in orders[:1]) <= len(seekers)
""",
}


@pytest.fixture(scope="module")
def client() -> Iterator[NotebookClient]:
    # One kernel for all, cleared in between: starting and importing takes longer than running.
    client = NotebookClient(nbformat.v4.new_notebook(), kernel_name="python3", timeout=120)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "FUMIN_RANKING_DATA"},
        "FUMIN_NOTEBOOK_HOUSEHOLDS": "400",
        "OMP_NUM_THREADS": "1",
    }
    with client.setup_kernel(cwd=str(FOLDER), env=environment, cleanup_kc=True):
        yield client


def test_notebooks_are_numbered_and_written_without_outputs() -> None:
    assert [path.stem for path in NOTEBOOKS] == sorted(HOLDS)
    for path in NOTEBOOKS:
        assert re.fullmatch(r"\d\.\d-[a-z-]+", path.stem)
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert notebook.cells[0].cell_type == "markdown"
        for cell in notebook.cells:
            assert not cell.get("outputs")
            assert cell.get("execution_count") is None


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_and_finds_what_it_says(path: Path, client: NotebookClient) -> None:
    notebook = nbformat.read(path, as_version=4)
    drawn = sum("bars(" in cell.source or "histogram(" in cell.source for cell in notebook.cells)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(BEGIN))
    notebook.cells.append(nbformat.v4.new_code_cell(HOLDS[path.stem] + END))
    client.nb = notebook
    for number, cell in enumerate(notebook.cells):
        client.execute_cell(cell, number)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == drawn > 0
