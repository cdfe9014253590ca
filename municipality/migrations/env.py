"""What alembic runs: the steps, over the connection that :mod:`municipality.store` hands in."""

from alembic import context

from municipality.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
