"""Seals over the lines of a book: making and verifying them, closing periods, signing closings."""
