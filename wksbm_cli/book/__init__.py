"""The files of a book: finding and reading them, and the one function that appends to a ledger."""
