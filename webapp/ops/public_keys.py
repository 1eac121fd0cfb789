"""/signing-keys/: the public halves of the keys that papers of the community are signed with."""

from flask import Blueprint, Response, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from webapp.core import signing
from webapp.core.access import public
from webapp.core.errors import NotFound
from webapp.ops import anchors

bp = Blueprint("public_keys", __name__, url_prefix="/signing-keys")


@bp.get("/")
@public
def index() -> str:
    """How to check a signature, and with which keys."""
    return render_template("ops/signing_keys.html", keys=signing.public_keys())


@bp.get("/keys.json")
@public
def keys() -> ResponseReturnValue:
    """All keys for a program that checks signatures."""
    return jsonify(
        algorithm="Ed25519",
        keys=[
            {
                "id": one.id,
                "public_key": one.base64,
                "made_at": one.made_at.isoformat(),
                "retired_at": one.retired_at.isoformat() if one.retired_at else None,
            }
            for one in signing.public_keys()
        ],
    )


@bp.get("/anchors.txt")
@public
def audit_anchors() -> ResponseReturnValue:
    """The audit trail's head of each day, the newest first: a copy elsewhere shows a cut tail."""
    lines = anchors.newest(current_app.extensions["settings"].anchors)
    return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")


@bp.get("/<key_id>.pem")
@public
def pem(key_id: str) -> ResponseReturnValue:
    """One key as openssl reads it."""
    found = next((one for one in signing.public_keys() if one.id == key_id), None)
    if found is None:
        raise NotFound
    name = f"fumin-{found.id}.pem"
    return Response(
        found.pem,
        mimetype="application/x-pem-file",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
