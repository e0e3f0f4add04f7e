"""Secrets: the profile names where they are; they are read at the last moment and never written elsewhere."""
