"""Foreign sheets read with understanding: files as grids of cells, grids as tables of columns and rows whose part is known."""
