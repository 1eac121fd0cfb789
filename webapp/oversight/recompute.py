"""Recompute the supervision page (监督公开) from its signed files, without trusting the site.

    python3 recompute.py https://ADDRESS   asks the site
    python3 recompute.py FOLDER            saved files, the key as KEY_ID.pem, page as index.html
Needs the package cryptography; exit status 0: every figure follows from the signed files.
"""

import base64
import csv
import hashlib
import json
import re
import sys
from pathlib import Path
from urllib.request import urlopen

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def main(source):
    """Compare all figures; raise an exception for the first thing that is wrong."""

    def get(name, folder="oversight/files/"):
        if not source.startswith("http"):
            return (Path(source) / (name or "index.html")).read_bytes()
        return urlopen(f"{source.rstrip('/')}/{folder}{name}").read()

    content, key_id, mark = json.loads(get("manifest.json")).values()
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    key = base64.b64decode(get(f"{key_id}.pem", "signing-keys/").splitlines()[1])[-32:]
    Ed25519PublicKey.from_public_bytes(key).verify(base64.b64decode(mark), text)
    files = {name: get(name) for name in content["files"]}
    if {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()} != content["files"]:
        raise ValueError("a file was changed")
    tables = {name: list(csv.DictReader(raw.decode().splitlines())) for name, raw in files.items()}
    right = {(r["figure"], r["month"]): r["at_least"] for r in tables.get("running.csv", ())}
    known = json.loads(files["definitions.json"])
    for one in known:  # shares come after what they are made of
        for row in tables[one["id"] + ".csv"]:  # later editions of a month after earlier ones
            now, value = row["month"], row["value"]
            if "unit" not in one:  # worked out here, whatever the file says
                high, low = (right[figure, now] for figure in one.get("share") or one["gap"])
                n = int(high) - int(low) if high and low and "gap" in one else None
                if high and low and int(low) and "share" in one:
                    n = (2000 * int(high) + int(low)) // (2 * int(low))  # tenths, halves up
                value = "" if n is None else f"{'-' * (n < 0)}{abs(n) // 10}.{abs(n) % 10}"
            right[one["id"], now], right[one["id"] + ".year", now] = value, row.get("year", "")
    for figure, now in [one for one in right if one[0].endswith(".year") and right[one]]:
        parts = [n for (f, m), n in right.items() if f == figure[:-5] and now[:4] < m <= now]
        right[figure, now] = str(sum(map(int, parts))) if all(parts) else right[figure, now]
    page = get("", "oversight/").decode()
    seen = re.findall(r'data-figure="([^"]+)" data-month="([^"]+)" value="([^"]*)"', page)
    wrong = [one for one in seen if right[one[:2]] != one[2]]
    if wrong or {one["id"] for one in known} - {one[0] for one in seen}:
        raise ValueError(f"the page says something else: {wrong}")
    print("对：", len(seen), "个数都算得出来，签名也对。")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else print(__doc__) or 2)
