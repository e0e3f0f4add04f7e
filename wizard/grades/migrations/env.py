"""What Alembic runs: the steps, on the connection and in the transaction of `reference_store`."""

from __future__ import annotations

from alembic import context

from wizard.grades.reference_tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
