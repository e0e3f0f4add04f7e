"""Builds the Windows installer on Debian: `python3 run.py installer`. README.md here says how and why."""
