"""A `Report` out as a table, plain text, CSV or JSON; sentences, dates and numbers in the reader's language."""
