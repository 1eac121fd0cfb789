"""The keys that papers are signed with: on a page, for programs, in a backup, and changed."""

from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from webapp.cli import main
from webapp.core import signing
from webapp.core.db import Database
from webapp.ops import backup


def test_public_keys_are_shown_and_given_out(client: FlaskClient):
    assert "还没有签过东西" in client.get("/signing-keys/").get_data(as_text=True)
    assert client.get("/signing-keys/keys.json").json == {"algorithm": "Ed25519", "keys": []}
    old = signing.sign(b"paper").key_id
    new = signing.rotate().id
    page = client.get("/signing-keys/").get_data(as_text=True)
    assert page.index(new) < page.index(old)
    assert "停用了" in page
    listed = client.get("/signing-keys/keys.json").json["keys"]
    assert [one["id"] for one in listed] == [new, old]
    assert listed[0]["retired_at"] is None
    assert listed[1]["retired_at"]
    for key in signing.public_keys():
        given = client.get(f"/signing-keys/{key.id}.pem")
        assert given.data == key.pem
        assert given.data.startswith(b"-----BEGIN PUBLIC KEY-----")
        assert key.base64 in page
    assert client.get("/signing-keys/0000000000000000.pem").status_code == 404
    assert "secret" not in page
    assert "gAAAA" not in client.get("/signing-keys/keys.json").get_data(as_text=True)


def test_a_backup_brings_the_keys_back(db: Database, settings, tmp_path, sqlite_template):
    signature = signing.sign(b"paper")
    target = tmp_path / "all.tar.gz"
    backup.backup(db, settings.data_dir, target)
    other = tmp_path / "other"
    other.mkdir()
    (other / "fresh.sqlite3").write_bytes(sqlite_template.read_bytes())
    fresh = Database(f"sqlite:///{other}/fresh.sqlite3", before_commit=lambda *_: None)
    signing.use(other / "signing_keys")
    assert not signing.verify(b"paper", signature)
    backup.restore(fresh, other, target)
    fresh.dispose()
    assert signing.verify(b"paper", signature)
    assert signing.sign(b"more").key_id == signature.key_id
    modes = {path.stat().st_mode & 0o777 for path in (other / "signing_keys").iterdir()}
    assert modes == {0o600}


def test_the_command_changes_the_key(app: Flask):
    before = signing.sign(b"paper")
    done = CliRunner().invoke(main, ["rotate-signing-key"], obj=lambda: app)
    assert done.exit_code == 0, done.output
    after = signing.sign(b"paper")
    assert after.key_id in done.output
    assert after.key_id != before.key_id
    assert signing.verify(b"paper", before)
