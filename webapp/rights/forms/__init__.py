"""Forms of rights and income; messages in Chinese."""
