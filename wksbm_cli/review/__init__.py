"""The audit of a report made by hand: every figure that a sheet itself claims, worked out again from the others."""
