"""To and from other programs: CSV in, journals out."""
