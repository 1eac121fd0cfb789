"""The filters that templates use for labels and formats."""

from flask import Flask

from webapp.core import drawings, formatting
from webapp.core.labels import label


def register(app: Flask) -> None:
    """Give templates the labels and the formats."""
    app.jinja_env.filters.update(
        label=label,
        drawing=drawings.of_answer,
        date=formatting.date_words,
        month=formatting.month_words,
        moment=formatting.moment_words,
        span=formatting.span_words,
        yuan=formatting.yuan,
        phone=formatting.mask_phone,
    )
