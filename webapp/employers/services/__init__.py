"""Services of employers: register, check papers, members."""
