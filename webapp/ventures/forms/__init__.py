"""Forms of ventures; messages in Chinese."""
