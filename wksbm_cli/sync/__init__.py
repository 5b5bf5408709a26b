"""A book in git: history, audit, merge, sync."""
