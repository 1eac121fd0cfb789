"""Push messages: RFC 8291's worked example, an independent receiver, apprise's writer, VAPID."""

import base64
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from apprise.utils.pem import ApprisePEMController
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.notices import push
from webapp.notices.push_encryption import (
    authorization,
    decode,
    encode,
    encrypt,
    is_browser_key,
    point,
)

# RFC 8291, Appendix A.
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SAID = b"When I grow up, I want to be a watermelon"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decode(text), "big"), ec.SECP256R1())


def hmac_of(key: bytes, data: bytes) -> bytes:
    made = hmac.HMAC(key, hashes.SHA256())
    made.update(data)
    return made.finalize()


def read(body: bytes, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """What a browser does, by the steps of RFC 8291 section 3.4 with plain HMAC."""
    salt, size, length = body[:16], struct.unpack("!L", body[16:20])[0], body[20]
    own, record = body[21 : 21 + length], body[21 + length :]
    assert len(record) <= size
    shared = key.exchange(
        ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), own)
    )
    about = b"WebPush: info\x00" + point(key.public_key()) + own
    secret = hmac_of(hmac_of(auth, shared), about + b"\x01")
    made = hmac_of(salt, secret)
    content_key = hmac_of(made, b"Content-Encoding: aes128gcm\x00\x01")[:16]
    nonce = hmac_of(made, b"Content-Encoding: nonce\x00\x01")[:12]
    padded = AESGCM(content_key).decrypt(nonce, record, None)
    said, delimiter = padded.rstrip(b"\x00")[:-1], padded.rstrip(b"\x00")[-1]
    assert delimiter == 2
    return said


def test_the_worked_example_of_the_rfc():
    body = encrypt(SAID, p256dh=P256DH, auth=AUTH, sender=private(SENDER), salt=decode(SALT))
    assert encode(body) == BODY
    assert read(decode(BODY), private(RECEIVER), decode(AUTH)) == SAID


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=2000))
def test_the_browser_reads_what_was_said(said: bytes):
    key = private(RECEIVER)
    first, second = (encrypt(said, p256dh=P256DH, auth=AUTH) for _ in range(2))
    assert read(first, key, decode(AUTH)) == said
    assert first[:16] != second[:16]
    assert first[21:86] != second[21:86]


def test_apprise_writes_what_the_same_receiver_reads(tmp_path: Path):
    """An implementation of its own: receiver and ours agree with it, beside the RFC's example."""
    key = private(RECEIVER)
    body = ApprisePEMController(str(tmp_path)).encrypt_webpush(
        SAID, public_key=key.public_key(), auth_secret=decode(AUTH)
    )
    assert read(body, key, decode(AUTH)) == SAID
    ours = encrypt(SAID, p256dh=P256DH, auth=AUTH)
    assert (len(ours), ours[16:21]) == (len(body), body[16:21])


def test_who_sends_is_signed_for_one_service():
    key = private(SENDER)
    header = authorization(
        "https://push.example.org/abc?x=1", key, contact="mailto:a@example.org", now=1_800_000_000
    )
    token, public = header.removeprefix("vapid t=").split(", k=")
    assert public == encode(point(key.public_key()))
    signed, _dot, signature = token.rpartition(".")
    head, claims = (json.loads(decode(part)) for part in signed.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    assert claims == {
        "aud": "https://push.example.org",
        "exp": 1_800_043_200,
        "sub": "mailto:a@example.org",
    }
    raw = decode(signature)
    assert len(raw) == 64
    sealed = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key.public_key().verify(sealed, signed.encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        key.public_key().verify(sealed, signed.encode() + b"x", ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", AUTH),
        (P256DH, ""),
        (P256DH, AUTH + "AA"),
        (P256DH[:-4], AUTH),
        ("B" + "A" * 86, AUTH),  # not on the curve
        (encode(decode(P256DH)[:33]), AUTH),
        ("!" + P256DH[1:], AUTH),
        (P256DH + "é", AUTH),
    ],
)
def test_keys_that_are_none(p256dh: str, auth: str):
    assert is_browser_key(P256DH, AUTH)
    assert not is_browser_key(p256dh, auth)


SERVICES = ("fcm.googleapis.com", ".notify.windows.com", "http://127.0.0.1:8900")


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://fcm.googleapis.com:443/abc", True),
        ("https://FCM.googleapis.com/abc", True),
        ("https://db5p.notify.windows.com/w/?token=a%2B", True),
        ("http://127.0.0.1:8900/x", True),  # named in full
        ("http://127.0.0.1:8901/x", False),
        ("http://fcm.googleapis.com/abc", False),
        ("https://fcm.googleapis.com:8443/abc", False),
        ("https://fcm.googleapis.com.evil.cn/abc", False),
        ("https://evilnotify.windows.com/abc", False),
        ("https://fcm.googleapis.com@10.0.0.1/abc", False),
        ("https://u:p@fcm.googleapis.com/abc", False),
        ("https://10.0.0.1/fcm.googleapis.com", False),
        ("https://[::1]/x", False),
        ("https://[x/", False),
        ("https://fcm.googleapis.com:x/", False),
        ("https://fcm.googleapis.com/a b", False),
        ("https://fcm.googleapis.com/a\r\nX: y", False),
        ("https://fcm.googleapis.com/" + "a" * 1000, False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_named_services_are_spoken_to(endpoint: str, allowed: bool):
    assert push.is_allowed(endpoint, SERVICES) is allowed


def test_a_named_host_that_leads_inside_is_not_spoken_to(monkeypatch: Any):
    """A name of the list whose address lies in a network of its own: nothing is sent to it."""

    class Inside:
        def getpeername(self) -> tuple[str, int]:
            return "10.0.0.7", 443

    sent: list[Any] = []
    monkeypatch.setattr(
        push.HTTPSConnection, "connect", lambda self: setattr(self, "sock", Inside())
    )
    monkeypatch.setattr(push.HTTPSConnection, "request", lambda *a: sent.append(a))
    monkeypatch.setattr(push.HTTPSConnection, "close", lambda _self: None)
    key = push.PushKey(private(SENDER), "mailto:a@example.org")
    with pytest.raises(push.SendFailed, match="network of its own"):
        push.send(
            push.Subscription("https://fcm.googleapis.com/abc", P256DH, AUTH),
            title="富民", body="您有一条新消息", key="k", sender=key, services=SERVICES, now=1,
        )  # fmt: skip
    assert sent == []


def test_base64_of_the_web_has_no_padding():
    assert encode(b"\xfb\xff") == base64.urlsafe_b64encode(b"\xfb\xff").decode().rstrip("=")
    assert decode(encode(b"\xfb\xff")) == b"\xfb\xff"
