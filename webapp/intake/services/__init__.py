"""Use cases of pasted texts: keep and forget them, make drafts and files of them."""
