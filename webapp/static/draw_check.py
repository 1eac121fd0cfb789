"""Recompute a draw of 富民: the hash of its list, and the order that follows from the result.

Usage: python draw_check.py LIST.txt "01 05 12 20 28 33 09"
"""

import hashlib
import pathlib
import sys

text = pathlib.Path(sys.argv[1]).read_bytes()
sys.stdout.write(f"SHA-256 of the list: {hashlib.sha256(text).hexdigest()}\n")
codes = [line.split()[1] for line in text.decode().splitlines() if line[0].isdigit()]
keys = {code: hashlib.sha256(f"{sys.argv[2]} {code}".encode()).hexdigest() for code in codes}
for place, code in enumerate(sorted(codes, key=lambda code: (keys[code], code)), 1):
    sys.stdout.write(f"{place} {code}\n")
