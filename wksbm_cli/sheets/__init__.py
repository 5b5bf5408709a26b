"""Interpreting foreign sheets: files as grids of cells, and grids as tables with classified columns and rows."""
