"""What is published, as it is stored; nothing is counted here."""
