"""What the code and tables that understand phrases are, in one digest."""

from functools import lru_cache
from pathlib import Path

from matching.text.sentence_vectors import encoder_version
from matching.utils.content_store import files_digest
from matching.utils.reference_tables import data_path

_TABLES = ("skills.csv", "occupations.csv", "work_sentences.csv", "work_weights.npz")


@lru_cache(maxsize=1)
def tables_version() -> str:
    """Return what changes when a phrase may mean or be linked to something else."""
    skills = Path(__file__).parent
    code = [*skills.glob("*.py"), *(skills.parent / "text").glob("*.py")]
    return files_digest([*code, *map(data_path, _TABLES)]) + encoder_version()
