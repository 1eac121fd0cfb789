#!/usr/bin/env python3
"""Check an earnings statement (工钱证明) without the internet and without the portal.

    python3 check_statement.py STATEMENT.json KEY.pem

STATEMENT.json is the file that came with the paper, or the text of its large square code, saved
as it is. KEY.pem is the community's public key, from /signing-keys/ on its site. Needs Python 3.8
or newer and the package cryptography. Exit status 0: genuine, 1: not. Whether a statement was
revoked since, only the site knows: open the address on the paper.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def canonical(value):
    """Write a value in the one way in which statements are written."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def check(raw, pem):
    """Return what a genuine statement says; raise an exception for anything else (bytes in)."""
    paper, key = json.loads(raw), load_pem_public_key(pem)
    if canonical(paper) != raw or set(paper) != {"content", "signature"}:
        raise ValueError("not written as statements are")
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not a key of this kind")
    key_id = hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]
    signature = base64.urlsafe_b64decode(paper["signature"].partition(".")[2] + "==")
    spelled = base64.urlsafe_b64encode(signature).decode().rstrip("=")
    if paper["signature"] != f"{key_id}.{spelled}":
        raise ValueError("signed with another key")
    key.verify(signature, canonical(paper["content"]))
    return paper["content"]


def main(statement, key):
    """Say whether the statement is genuine, and what it says."""
    try:
        said = check(Path(statement).read_bytes().rstrip(), Path(key).read_bytes())
    except Exception:  # whatever is wrong with it, it is not genuine
        print("不对：内容被改过，或者不是这把钥匙签的。")
        return 1
    print("对：是社区开的，一个字都没有改。")
    print("、".join(said["names"]), said["from"], "到", said["to"])
    print("一共", f"{said['total_fen'] / 100:.2f}", "元，编号", said["number"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]) if len(sys.argv) == 3 else print(__doc__) or 2)
