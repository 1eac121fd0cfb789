"""Alembic's environment: run through :mod:`webapp.ops.schema`, which hands over the connection."""

from alembic import context

from webapp.ops.schema import all_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
