"""What git knows of a book, and how copies of it are joined: history, audit, merge, sync."""
