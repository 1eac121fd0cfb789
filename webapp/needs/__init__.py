"""What employers look for before there is an opening, and whether anybody fits."""
