"""Use cases of employment spells: what people record, and what a hire writes by itself."""
