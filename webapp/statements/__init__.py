"""Earnings statements (工钱证明): what was earned, signed, for whoever the person hands it to."""
