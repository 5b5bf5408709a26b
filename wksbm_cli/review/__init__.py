"""The audit of a report made by hand: every figure derived from others in the sheet is recomputed."""
