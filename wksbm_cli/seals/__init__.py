"""Seals over the lines of a book: closing a period, verifying what a report was made from."""
