"""Threads of matches: messages, contacts agreed on, reports, printed notices."""
