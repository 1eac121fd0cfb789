"""Keep a learned ranker in one file, and refuse any file that is not what it says.

A model file is a zip of ``model.skops`` and ``manifest.json``: the versions it was made with, a
digest of the model and of the data, and its figures. Only the types listed here are ever built
from it, so a model from elsewhere can't run code.
"""

import hashlib
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import sklearn

from matching.learning.match_ranker import MatchRanker
from matching.utils.jsonl import atomic_write
from matching.version import __version__

# Raised with every change of layout: the modules and classes below, or the columns of the model.
_FORMAT_NAME = "fumin-ranker/"
FORMAT = f"{_FORMAT_NAME}2"
_MODEL, _MANIFEST = "model.skops", "manifest.json"
# All that a ranker is made of beyond plain Python, numpy and what skops trusts by itself.
ALLOWED_TYPES = (
    "matching.learning.term_affinity.TermAffinity",
    "matching.features.catalogue.PlaceRarity",
    "matching.features.catalogue.FeatureSpace",
    "matching.learning.conditional_logit.ConditionalLogit",
    "matching.learning.match_ranker.MatchRanker",
    "matching.learning.blended_classifier.BlendedClassifier",
    "matching.learning.place_embedding.PlaceEmbedding",
    "matching.text.tfidf.TermSpace",
    "numpy.dtype",
    "sklearn._loss._loss.CyHalfBinomialLoss",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)


class ModelFileError(ValueError):
    """A model file that is damaged, tampered with or made by other versions."""


def versions() -> dict[str, str]:
    """Return the versions a model depends on."""
    return {
        "matching": __version__,
        "numpy": np.__version__,
        "scikit-learn": sklearn.__version__,
        "scipy": scipy.__version__,
    }


def save(
    ranker: MatchRanker,
    path: str | Path,
    *,
    data_digest: str = "",
    metrics: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the ranker whole or not at all; return its manifest.

    Parameters
    ----------
    ranker : MatchRanker
        Fitted.
    path : path
    data_digest : str
        Digest of what it was trained on.
    metrics : dict, optional
        Figures to keep beside it.
    """
    import skops.io

    model = skops.io.dumps(ranker)
    manifest = {
        "format": FORMAT,
        "versions": versions(),
        "model_sha256": hashlib.sha256(model).hexdigest(),
        "data_sha256": data_digest,
        "metrics": metrics or {},
    }
    with atomic_write(path) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            (_MANIFEST, json.dumps(manifest, indent=2, sort_keys=True).encode()),
            (_MODEL, model),
        ):
            archive.writestr(name, content)
    return manifest


def _read(path: str | Path) -> tuple[dict[str, Any], bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sorted(archive.namelist()) != [_MANIFEST, _MODEL]:
                raise ModelFileError(
                    f"{path} is not a ranker: it should hold a manifest and a model"
                )
            manifest, model = json.loads(archive.read(_MANIFEST)), archive.read(_MODEL)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        if isinstance(error, ModelFileError):
            raise
        raise ModelFileError(f"{path} is not a ranker, or is damaged: {error}") from error
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if not isinstance(found, str) or not found.startswith(_FORMAT_NAME):
        raise ModelFileError(f"{path} is not a ranker of the format {FORMAT}")
    if found != FORMAT:
        raise ModelFileError(f"{path} has the format {found}, here is {FORMAT}: train it again")
    return manifest, model


def load(path: str | Path) -> MatchRanker:
    """Return the ranker of a model file.

    Raises
    ------
    ModelFileError
        If the file is damaged, was changed after it was written, holds other types than a
        ranker's, or was made with other versions.
    """
    import skops.io

    manifest, model = _read(path)
    digest = hashlib.sha256(model).hexdigest()
    if digest != manifest.get("model_sha256"):
        raise ModelFileError(f"{path} was changed: the model does not match its manifest")
    made_with, here = manifest.get("versions"), versions()
    if made_with != here:
        raise ModelFileError(f"{path} was made with {made_with}, here is {here}: train it again")
    try:
        foreign = set(skops.io.get_untrusted_types(data=model)) - set(ALLOWED_TYPES)
        if foreign:
            raise ModelFileError(
                f"{path} holds types a ranker has not: {', '.join(sorted(foreign))}"
            )
        ranker = skops.io.loads(model, trusted=list(ALLOWED_TYPES))
    except ModelFileError:
        raise
    except Exception as error:
        raise ModelFileError(f"{path} holds no readable model: {error}") from error
    if not isinstance(ranker, MatchRanker):
        raise ModelFileError(f"{path} holds a {type(ranker).__name__}, not a ranker")
    ranker.version_ = f"learned-{digest[:12]}"
    return ranker
