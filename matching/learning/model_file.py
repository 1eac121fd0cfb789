"""The container of a learned ranker: format, digest and versions, checked without loading it.

A model file is a zip of ``model.skops`` and ``manifest.json``. The manifest holds the format, the
versions it was made with, digests of the model and of its training data, and its metrics.
"""

import hashlib
import json
import zipfile
import zlib
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from matching.utils.jsonl import atomic_write
from matching.version import __version__

_FORMAT_NAME = "fumin-ranker/"
# To be raised whenever a module or class in the file moves, or a column of the model changes.
FORMAT = f"{_FORMAT_NAME}3"
_MODEL, _MANIFEST = "model.skops", "manifest.json"

FaultCode = Literal["damaged", "format", "changed", "versions", "foreign"]


class ModelFileError(ValueError):
    """A model file that must not be used.

    Attributes
    ----------
    code : {"damaged", "format", "changed", "versions", "foreign"}
        Not a whole model file; of an earlier layout; changed after it was written; made with other
        versions; holding something else than a ranker.
    """

    def __init__(self, code: FaultCode, message: str) -> None:
        super().__init__(message)
        self.code: FaultCode = code


def installed_versions() -> dict[str, str]:
    """Return the versions that the content of a model file depends on."""
    packages = ("numpy", "scikit-learn", "scipy")
    return {"matching": __version__, **{name: version(name) for name in packages}}


def write(
    path: str | Path, model: bytes, *, data_digest: str, metrics: dict[str, Any]
) -> dict[str, Any]:
    """Write a model file, whole or not at all; return its manifest."""
    manifest = {
        "format": FORMAT,
        "versions": installed_versions(),
        "model_sha256": hashlib.sha256(model).hexdigest(),
        "data_sha256": data_digest,
        "metrics": metrics,
    }
    with atomic_write(path) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_MANIFEST, json.dumps(manifest, indent=2, sort_keys=True).encode())
        archive.writestr(_MODEL, model)
    return manifest


def read_manifest(path: str | Path) -> dict[str, Any]:
    """Return the manifest of a model file.

    Raises
    ------
    ModelFileError
        If it is no model file, has another format, or was made with other versions.
    OSError
        If it can't be read.
    """
    manifest = _read(path, _MANIFEST)
    try:
        found = json.loads(manifest)
    except ValueError as error:
        raise ModelFileError("damaged", f"{path} is not a ranker: {error}") from error
    format_ = found.get("format") if isinstance(found, dict) else None
    if not isinstance(format_, str) or not format_.startswith(_FORMAT_NAME):
        raise ModelFileError("damaged", f"{path} is not a ranker of the format {FORMAT}")
    if format_ != FORMAT:
        message = f"{path} has the format {format_}, here is {FORMAT}: train it again"
        raise ModelFileError("format", message)
    made_with, here = found.get("versions"), installed_versions()
    if made_with != here:
        message = f"{path} was made with {made_with}, here is {here}: train it again"
        raise ModelFileError("versions", message)
    return dict(found)


def read_model(path: str | Path) -> bytes:
    """Return the serialised model of a file whose manifest and digest are right.

    Raises as :func:`read_manifest` does.
    """
    manifest, model = read_manifest(path), _read(path, _MODEL)
    if hashlib.sha256(model).hexdigest() != manifest.get("model_sha256"):
        message = f"{path} was changed: the model does not match its manifest"
        raise ModelFileError("changed", message)
    return model


def _read(path: str | Path, name: str) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            if sorted(archive.namelist()) == [_MANIFEST, _MODEL]:
                return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        message = f"{path} is not a ranker, or is damaged: {error}"
        raise ModelFileError("damaged", message) from error
    message = f"{path} is not a ranker: it should hold a manifest and a model"
    raise ModelFileError("damaged", message)
