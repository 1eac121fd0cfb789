"""A telephone with leave to mark a meeting, as the server meets it: JSON, token and signature."""

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from werkzeug.test import TestResponse

from tests.functional.training.world import key
from webapp.core import clock


@dataclass
class Phone:
    """One telephone: its key never leaves it, its token may be copied."""

    app: Flask
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    token: str = ""
    list: dict[str, Any] = field(default_factory=dict)

    def claim(self, code: str, **changes: Any) -> TestResponse:
        """Claim a grant; keep what it brings."""
        spki = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        body = {"code": code, "public_key": base64.b64encode(spki).decode(), **changes}
        answer = self.app.test_client().post("/training/attendance/claim", json=body)
        if answer.status_code == 200:
            self.token, self.list = answer.json["token"], answer.json["list"]
        return answer

    def send(self, *taps: dict[str, Any], **changes: Any) -> TestResponse:
        """Send taps, signed; ``changes`` are of the sending."""
        return self.post(self.envelope(*taps, **changes))

    def envelope(self, *taps: dict[str, Any], **changes: Any) -> dict[str, str]:
        """Return what is sent."""
        said = {"at": clock.now().isoformat(), "taps": list(taps), "ends": False, **changes}
        body = json.dumps(said)
        pair = decode_dss_signature(self.key.sign(body.encode(), ec.ECDSA(SHA256())))
        raw = b"".join(number.to_bytes(32) for number in pair)
        return {"token": self.token, "body": body, "signature": base64.b64encode(raw).decode()}

    def post(self, envelope: Any) -> TestResponse:
        """Send it as it is."""
        return self.app.test_client().post("/training/attendance/marks", json=envelope)

    def words(self, *taps: dict[str, Any], **changes: Any) -> "list[str]":
        """Send taps and return what each was answered."""
        answer = self.send(*taps, **changes)
        assert answer.status_code == 200, answer.status_code
        self.list = answer.json["list"]
        return [one["words"] for one in answer.json["answers"]]

    def presence(self, seat: int) -> str | None:
        """Return how a person stands on the list as it came last."""
        return next(one["presence"] for one in self.list["people"] if one["seat"] == seat)


def tap(
    enrolment_id: int, presence: str | None = "present", *, at: datetime | None = None, **more: Any
) -> dict[str, Any]:
    """Return one tap, made now unless said otherwise."""
    return {
        "id": key(),
        "enrolment": enrolment_id,
        "made_at": (at or clock.now()).isoformat(),
        **({"presence": presence} if presence else {}),
        **more,
    }
