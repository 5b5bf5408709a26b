"""The check: what is wrong with a book as it stands, from every line read afresh."""
