"""Checks: what a check is (`check`), which there are (`registry`), and running them (`run`)."""
