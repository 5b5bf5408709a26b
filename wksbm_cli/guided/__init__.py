"""Guided entry: screens for whoever knows no command, each of which types the command that would do the same."""
