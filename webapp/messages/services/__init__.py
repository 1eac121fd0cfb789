"""Services of messages: write, agree, notify, report."""
