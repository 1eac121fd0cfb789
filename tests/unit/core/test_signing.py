"""Signatures: checked by another program, spoilt by one byte, kept through a change of keys."""

import base64
import json
import multiprocessing
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import require
from webapp.core import signing
from webapp.core.canonical import canonical
from webapp.core.signing import Signature

PAPER = "结业证：家政服务，80学时，2026-11-30\n".encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    signing.use(tmp_path / "keys")
    return tmp_path / "keys"


def openssl_accepts(folder: Path, data: bytes, signature: Signature) -> bool:
    """Whether OpenSSL, given the published key, accepts the signature of these bytes."""
    require("openssl", shutil.which("openssl") is not None)
    (key,) = [one for one in signing.public_keys() if one.id == signature.key_id]
    files = {"key.pem": key.pem, "data": data, "signature": signature.value}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in data -sigfile signature"
    done = subprocess.run(command.split(), cwd=folder, capture_output=True, check=False)
    return done.returncode == 0


def test_another_program_accepts_a_signature_and_refuses_one_changed_byte(folder, tmp_path):
    signature = signing.sign(PAPER)
    assert signing.verify(PAPER, signature)
    assert openssl_accepts(tmp_path, PAPER, signature)
    for place in (0, len(PAPER) // 2, len(PAPER) - 1):
        changed = bytearray(PAPER)
        changed[place] ^= 1
        assert not signing.verify(bytes(changed), signature)
        assert not openssl_accepts(tmp_path, bytes(changed), signature)
    for place in (0, 40, 63):
        spoilt = bytearray(signature.value)
        spoilt[place] ^= 1
        assert not signing.verify(PAPER, Signature(signature.key_id, bytes(spoilt)))
    assert not signing.verify(PAPER, Signature("0" * 16, signature.value))
    assert not signing.verify(PAPER, Signature(signature.key_id, b""))


def test_a_signature_has_one_text(folder):
    signature = signing.sign(PAPER)
    assert Signature.parse(str(signature)) == signature
    text = str(signature)
    spoilt = (text + "=", text + "A", text[:-1], text.replace(".", ""), text + "水")
    for bad in ("", ".", "x", *spoilt):
        with pytest.raises(ValueError, match="not a signature"):
            Signature.parse(bad)


def test_old_signatures_stand_after_a_change_of_keys_and_none_can_be_added(folder, tmp_path):
    old = signing.sign(PAPER)
    new_key = signing.rotate()
    new = signing.sign(PAPER)
    assert new.key_id == new_key.id != old.key_id
    for signature in (old, new):
        assert signing.verify(PAPER, signature)
        assert openssl_accepts(tmp_path, PAPER, signature)
    keys = signing.public_keys()
    assert [one.id for one in keys] == [new.key_id, old.key_id]
    assert [one.retired_at is None for one in keys] == [True, False]
    assert json.loads((folder / f"{old.key_id}.json").read_text())["secret"] == ""


def test_keys_are_readable_by_nobody_else_and_say_nothing_in_the_clear(folder):
    key_id = signing.sign(PAPER).key_id
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    kept = json.loads((folder / f"{key_id}.json").read_text())
    assert len(base64.b64decode(kept["public"])) == 32
    assert kept["secret"].startswith("gAAAA")  # a Fernet token


def _sign_in_a_process(folder: Path, ready: Any, results: Any) -> None:
    signing.use(folder)
    ready.wait()
    results.put(str(signing.sign(PAPER)))


def test_two_processes_at_first_start_make_one_key(folder):
    fork = multiprocessing.get_context("fork")
    ready, results = fork.Barrier(2), fork.Queue()
    both = [fork.Process(target=_sign_in_a_process, args=(folder, ready, results)) for _ in "ab"]
    for one in both:
        one.start()
    signatures = [Signature.parse(results.get(timeout=20)) for _ in both]
    for one in both:
        one.join()
    assert len({one.key_id for one in signatures}) == 1
    assert len(signing.public_keys()) == 1
    assert all(signing.verify(PAPER, one) for one in signatures)


def test_a_key_half_written_by_a_stopped_process_is_no_key(folder):
    first = signing.sign(PAPER)
    (folder / f"{first.key_id}.part").write_text("{")
    (folder / "0123456789abcdef.part").write_text("{")
    assert [one.id for one in signing.public_keys()] == [first.key_id]
    signing.rotate()
    assert signing.verify(PAPER, first)


_TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs"))).map(
    lambda text: unicodedata.normalize("NFC", text)
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _TEXT,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcXYZ_019", max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.slow
@given(_VALUES)
def test_canonical_json_is_json_and_the_same_for_the_same_value(value: Any):
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


def test_canonical_json_has_one_order_and_no_blanks():
    assert canonical({"b": 1, "a": {"d": [1, 2], "c": "工 钱"}}) == (
        '{"a":{"c":"工 钱","d":[1,2]},"b":1}'.encode()
    )


@pytest.mark.parametrize(
    "value", [1.5, 2**53, {"名": 1}, {1: 2}, "e\u0301", [object()], float("nan"), "\ud800", b"x"]
)
def test_what_has_no_canonical_text_is_refused(value: Any):
    with pytest.raises(ValueError):
        canonical(value)


def test_json_is_signed_as_its_canonical_text(folder, tmp_path):
    statement = {"type": "statement", "fen": 123_45, "name": "张*"}
    signature = signing.sign_json(statement)
    assert signing.verify_json(dict(reversed(statement.items())), signature)
    assert not signing.verify_json({**statement, "fen": 123_46}, signature)
    assert openssl_accepts(tmp_path, canonical(statement), signature)
