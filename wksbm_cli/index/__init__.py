"""The SQLite index over a book: a cache that answers at a cost independent of history. Deleting it loses nothing."""
