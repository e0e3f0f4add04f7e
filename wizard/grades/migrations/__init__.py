"""The steps that make the tables of `reference_tables` and move them from release to release, run by Alembic."""
