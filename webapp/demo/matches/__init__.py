"""What happened in the demo community: matches, messages, contacts."""
