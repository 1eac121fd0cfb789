"""Save and load a learned ranker.

Only the types listed here are ever built from a file, so a model from elsewhere can't run code.
"""

import hashlib
from pathlib import Path
from typing import Any

from matching.learning import model_file
from matching.learning.match_ranker import MatchRanker
from matching.learning.model_file import ModelFileError

__all__ = ["ALLOWED_TYPES", "ModelFileError", "load", "save"]

# All that a ranker is made of beyond plain Python, numpy and what skops trusts by itself.
ALLOWED_TYPES = (
    "matching.features.catalogue.FeatureSpace",
    "matching.features.catalogue.PlaceRarity",
    "matching.learning.blended_classifier.BlendedClassifier",
    "matching.learning.conditional_logit.ConditionalLogit",
    "matching.learning.match_ranker.MatchRanker",
    "matching.learning.place_embedding.PlaceEmbedding",
    "matching.learning.term_affinity.TermAffinity",
    "matching.text.tfidf.TermSpace",
    "numpy.dtype",
    "sklearn._loss._loss.CyHalfBinomialLoss",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)


def save(
    ranker: MatchRanker,
    path: str | Path,
    *,
    data_digest: str = "",
    metrics: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Write a fitted ranker, whole or not at all; return the manifest of the file.

    Parameters
    ----------
    ranker : MatchRanker
    path : path
    data_digest : str
        Digest of the training data.
    metrics : dict, optional
        Figures to keep in the manifest.
    """
    import skops.io

    return model_file.write(
        path, skops.io.dumps(ranker), data_digest=data_digest, metrics=metrics or {}
    )


def load(path: str | Path) -> MatchRanker:
    """Return the ranker of a model file.

    Raises
    ------
    ModelFileError
        If the file is damaged, of an earlier format, changed after it was written, made with other
        versions, or holds other types than a ranker's.
    OSError
        If it can't be read.
    """
    import skops.io

    model = model_file.read_model(path)
    try:
        foreign = set(skops.io.get_untrusted_types(data=model)) - set(ALLOWED_TYPES)
        if foreign:
            message = f"{path} holds types a ranker has not: {', '.join(sorted(foreign))}"
            raise ModelFileError("foreign", message)
        ranker = skops.io.loads(model, trusted=list(ALLOWED_TYPES))
    except ModelFileError:
        raise
    except Exception as error:
        raise ModelFileError("damaged", f"{path} holds no readable model: {error}") from error
    if not isinstance(ranker, MatchRanker):
        raise ModelFileError("foreign", f"{path} holds a {type(ranker).__name__}, not a ranker")
    ranker.version_ = f"learned-{hashlib.sha256(model).hexdigest()[:12]}"
    return ranker
