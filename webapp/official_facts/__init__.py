"""What offices have on record of a person: recognised as hard to employ, registered, insured."""
