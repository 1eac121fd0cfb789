"""What a browser's push service takes: a message only that browser can read, and who we are.

RFC 8291 (message encryption) over RFC 8188 (``aes128gcm``), and RFC 8292 (VAPID). The plugin of
apprise does not fit: it sends to one address a browser's maker instead of the subscription's own,
keeps keys and subscriptions in readable files, and takes the usual answer 201 for a failure.
"""

import base64
import json
import os
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_CURVE = ec.SECP256R1()
_RECORD = 4096
LONGEST = 2000  # bytes of a message: far below a record, and below what services take
POINT, SECRET = 65, 16  # bytes of an uncompressed point and of a browser's secret
JWT_SECONDS = 12 * 3600


def encode(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    """Return the bytes of base64url, padded or not; raises ``ValueError``."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a public key as its 65 uncompressed bytes (X9.62)."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def is_browser_key(p256dh: str, auth: str) -> bool:
    """Return whether these can be a browser's: a point of the curve, and 16 bytes."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, decode(p256dh))
        return len(decode(p256dh)) == POINT and len(decode(auth)) == SECRET
    except ValueError:
        return False


def encrypt(
    message: bytes,
    *,
    p256dh: str,
    auth: str,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Return the body of a push message, one record of ``aes128gcm``.

    ``sender`` and ``salt`` are made anew for each message; they are named for the worked example
    of RFC 8291 alone. Raises ``ValueError`` for keys that are none or a message too long.
    """
    if len(message) > LONGEST:
        raise ValueError("message too long")
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, decode(p256dh))
    sender = sender or ec.generate_private_key(_CURVE)
    salt = salt or os.urandom(16)
    own = point(sender.public_key())
    secret = _derive(
        sender.exchange(ec.ECDH(), receiver),
        salt=decode(auth),
        info=b"WebPush: info\x00" + point(receiver) + own,
        length=32,
    )
    key = _derive(secret, salt=salt, info=b"Content-Encoding: aes128gcm\x00", length=16)
    nonce = _derive(secret, salt=salt, info=b"Content-Encoding: nonce\x00", length=12)
    header = salt + _RECORD.to_bytes(4, "big") + bytes([len(own)]) + own
    return header + AESGCM(key).encrypt(nonce, message + b"\x02", None)


def authorization(endpoint: str, key: ec.EllipticCurvePrivateKey, *, contact: str, now: int) -> str:
    """Return the header that says who sends to the endpoint's service, good for twelve hours."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": now + JWT_SECONDS,
        "sub": contact,
    }
    signed = ".".join(
        encode(json.dumps(part, separators=(",", ":")).encode())
        for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={encode(point(key.public_key()))}"


def _derive(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
