"""What takes long, by `make drill`: the suite has a short form of each, here is the depth."""
