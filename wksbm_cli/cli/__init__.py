"""What is typed: one module per command family. Parse, call, hand to render; no arithmetic."""
